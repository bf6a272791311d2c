//! The facts of a meeting from which a first draft is written.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::Case;
use crate::{Code, Language, Text, Violation, language::check_line, organisations::Names};

/// The stored case forms of a noun in one language. A form is never computed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CaseForms {
    /// Polish "Seulu" in "władze Seulu".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genitive: Option<String>,
    /// Polish "Seulu" in "w Seulu".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locative: Option<String>,
    /// Polish "Seulem" in "pod Seulem".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instrumental: Option<String>,
}

/// A noun of the facts with its case forms, where somebody stored them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Inflected {
    /// The noun in the nominative, per language.
    pub name: Text,
    /// Its other forms: `{"pl": {"locative": "Seulu"}}`.
    #[serde(default)]
    pub forms: BTreeMap<Language, CaseForms>,
}

impl Inflected {
    /// The form in exactly this language; for grammar, so it never falls back.
    pub fn form(&self, language: &Language, case: Case) -> Option<&str> {
        let forms = self.forms.get(language);
        match case {
            Case::Nominative => self.name.get(language),
            Case::Genitive => forms?.genitive.as_deref(),
            Case::Locative => forms?.locative.as_deref(),
            Case::Instrumental => forms?.instrumental.as_deref(),
        }
    }

    /// A name in at least one language, and every form that is given, on one line of at most `longest` characters.
    pub fn check(&self, pointer: &str, longest: usize) -> Result<(), Violation> {
        self.name.check(&format!("{pointer}/name"), longest)?;
        check_forms(&self.forms, &format!("{pointer}/forms"), longest)
    }
}

/// Every form that is given stands on one line of at most `longest` characters.
pub fn check_forms(forms: &BTreeMap<Language, CaseForms>, pointer: &str, longest: usize) -> Result<(), Violation> {
    forms.iter().try_for_each(|(language, forms)| {
        let each =
            [("genitive", &forms.genitive), ("locative", &forms.locative), ("instrumental", &forms.instrumental)];
        each.into_iter().try_for_each(|(case, form)| match form {
            Some(form) => check_line(form, &format!("{pointer}/{language}/{case}"), longest),
            None => Ok(()),
        })
    })
}

impl From<Text> for Inflected {
    fn from(name: Text) -> Self {
        Self { name, forms: BTreeMap::new() }
    }
}

/// The first and the last day of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateRange {
    /// First day.
    pub first: Date,
    /// Last day, the same as the first for a meeting of one day. If it lies before the first, the two are exchanged.
    pub last: Date,
}

impl DateRange {
    /// One single day.
    pub fn day(date: Date) -> Self {
        Self { first: date, last: date }
    }

    /// First and last day in order.
    pub fn ordered(self) -> (Date, Date) {
        (self.first.min(self.last), self.first.max(self.last))
    }

    /// How many days the meeting lasts, at least 1.
    pub fn days(self) -> u32 {
        let (first, last) = self.ordered();
        u32::try_from(first.duration_until(last).as_hours() / 24).unwrap_or(u32::MAX - 1) + 1
    }
}

/// A state (or other organisation) that takes part, with its code and names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NamedOrganisation")]
pub struct Participant {
    /// Organisation code, for states ISO 3166-1 alpha-2.
    pub code: Code,
    /// Its names, as of the meeting.
    pub names: Names,
}

crate::words! {
    /// What a track is about, where the draft has words for it.
    #[derive(Default)]
    #[schemars(rename = "TrackTheme")]
    pub enum Theme {
        /// Practical capacity building.
        CapacityBuilding = "capacity_building",
        /// Responsible behaviour of states in their use of information and communication technologies.
        ResponsibleBehaviour = "responsible_behaviour",
        /// Anything else: the draft names the topics and claims nothing.
        #[default]
        General = "general",
    }
}

/// One track of the programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Its title.
    pub title: Text,
    /// What was discussed, each as a noun phrase in the nominative without full stop.
    #[serde(default)]
    pub topics: Vec<Text>,
    /// What it is about.
    #[serde(default)]
    pub theme: Theme,
}

/// Where and when the group meets again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextMeeting {
    /// City.
    pub place: Inflected,
    /// Days.
    pub dates: DateRange,
}

/// Where and when a text was adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adoption {
    /// City.
    pub place: Inflected,
    /// The real date, also when the meeting ran past midnight.
    pub on: Date,
}

/// Everything a first draft is written from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The group that met; Polish wants its genitive.
    pub group: Inflected,
    /// Which meeting of the group it was, from 1; `None` when nobody counts.
    #[serde(default)]
    pub ordinal: Option<u32>,
    /// Title of the event.
    pub event: Text,
    /// City; Polish wants its locative.
    pub place: Inflected,
    /// The host country.
    pub host: Participant,
    /// Days of the meeting.
    pub dates: DateRange,
    /// Co-chairing states, in the order in which they are to be named.
    #[serde(default)]
    pub co_chairs: Vec<Participant>,
    /// All states that took part in formulating the text, co-chairs and host included.
    #[serde(default)]
    pub participants: Vec<Participant>,
    /// Tracks, in programme order.
    #[serde(default)]
    pub tracks: Vec<Track>,
    /// The next meeting, once it is known.
    #[serde(default)]
    pub next_meeting: Option<NextMeeting>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_counted_inclusively_and_in_either_order() {
        let days = |first, last| DateRange { first, last }.days();
        assert_eq!(days(date(2019, 10, 7), date(2019, 10, 8)), 2);
        assert_eq!(days(date(2019, 10, 8), date(2019, 10, 7)), 2);
        assert_eq!(DateRange::day(date(2020, 2, 29)).days(), 1);
        assert_eq!(days(date(2019, 12, 31), date(2020, 1, 1)), 2);
    }

    #[test]
    fn a_noun_without_its_case_form_never_stands_in_the_nominative() {
        let polish = Language::parse("pl").unwrap();
        let seoul: Inflected =
            serde_json::from_str(r#"{"name":{"en":"Seoul","pl":"Seul"},"forms":{"pl":{"locative":"Seulu"}}}"#).unwrap();
        assert_eq!(seoul.form(&polish, Case::Locative), Some("Seulu"));
        assert_eq!(seoul.form(&polish, Case::Genitive), None);
        assert_eq!(seoul.form(&Language::english(), Case::Locative), None);
    }
}
