//! What is known of an event.

use jiff::{ToSpan, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, State};
use crate::{
    Check, Code, Language, Text, Violation,
    access::{Disclosure, Tlp, Visibility, audience},
    external::{self, ExternalId},
    identifier::Handle,
    language::{check_languages, search_key},
    statements::{Inflected, Theme},
    time,
};

/// Days an event lasts at most.
const LONGEST: i32 = 366;

/// What the secretariat says of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EventDetails")]
pub struct Details {
    /// Unique short name.
    pub code: Code,
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub title: Text,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// The group that meets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Handle>,
    /// Which meeting of the group it is, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 9999))]
    pub ordinal: Option<i32>,
    /// The organisation that hosts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_id: Option<Handle>,
    /// The city, with the case forms that texts in other languages than English want: a Polish statement is adopted
    /// "w Seulu", the locative.
    pub city: Inflected,
    /// The state in which it takes place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_id: Option<Handle>,
    /// IANA name of the zone in which all its times are meant, such as `Asia/Seoul`.
    #[schemars(length(min = 3, max = 64))]
    pub time_zone: String,
    /// First day.
    pub starts_on: Date,
    /// Last day; at most 366 days with the first.
    pub ends_on: Date,
    /// Its languages, the main one first: calendars are written in that one.
    #[schemars(length(min = 1, max = 20))]
    pub languages: Vec<Language>,
    /// Strands of its programme.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub tracks: Vec<Track>,
    /// Who may see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// Whom `parties`, `own_delegation` and `named` mean: organisations for the first two, persons for the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub audience_ids: Vec<Handle>,
    /// How far those who see it may pass it on. Left out, it follows from who may see it: `clear` for everybody,
    /// `green` for participants, `amber` for the secretariat. What everybody may see is always `clear`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

/// A strand of an event's programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EventTrack")]
pub struct Track {
    /// Short name, unique within the event.
    pub code: Code,
    /// What it is called.
    pub title: Text,
    /// What is discussed in it, each as a noun phrase in the nominative without full stop: a first draft lists them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub topics: Vec<Text>,
    /// What it is about, where a first draft has words of its own for that.
    #[serde(default)]
    pub theme: Theme,
}

/// An event as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Event {
    /// What the secretariat says of it.
    #[serde(flatten)]
    pub details: Details,
    /// Where it stands.
    pub state: State,
    /// SEQUENCE of its calendar entry.
    #[serde(skip)]
    pub sequence: i32,
}

impl Details {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(self.title.check("/title", 300));
        check.take(self.city.check("/city", 100));
        check.take(time::zone(&self.time_zone, "/time_zone"));
        if let Some(description) = &self.description {
            check.take(description.check("/description", 10_000));
        }
        check.require(
            self.ordinal.is_none_or(|n| (1..=9999).contains(&n)),
            "/ordinal",
            "out_of_range",
            "Count meetings from 1 to 9999, or leave it out.",
        );
        self.check_days(&mut check);
        self.check_tracks(&mut check);
        check_languages(&self.languages, &mut check).require(
            !self.languages.is_empty(),
            "/languages",
            "required",
            "Name at least one language, the main one first.",
        );
        external::check(&self.external_ids, &mut check);
        self.disclosure().check(&mut check);
        audience::check(self.visibility, &self.audience_ids, &mut check);
        check.finish()
    }

    /// Who may see it, and its label.
    pub fn disclosure(&self) -> Disclosure {
        Disclosure::new(self.visibility, self.tlp, &self.audience_ids)
    }

    /// This with its label in its final form, `before` being what it was until now.
    pub fn labelled(self, before: Option<&Self>) -> Self {
        let settled = Disclosure::settle(self.visibility, self.tlp, before.map(Self::disclosure));
        Self { tlp: Some(settled.tlp), ..self }
    }

    fn check_days(&self, check: &mut Check) {
        let years = |day: Date| (1900..=2200).contains(&day.year());
        let days = self.starts_on.until(self.ends_on).map_or(i32::MAX, |span| span.get_days());
        check
            .require(years(self.starts_on), "/starts_on", "out_of_range", "Give a day between the years 1900 and 2200.")
            .require(years(self.ends_on), "/ends_on", "out_of_range", "Give a day between the years 1900 and 2200.")
            .require(days >= 0, "/ends_on", "ends_before_start", "Let the last day be the first or a later one.")
            .require(days < LONGEST, "/ends_on", "too_long", format!("Let it last {LONGEST} days at most."));
    }

    fn check_tracks(&self, check: &mut Check) {
        check.require(self.tracks.len() <= 50, "/tracks", "too_many", "Name at most 50 tracks.");
        for (at, track) in self.tracks.iter().enumerate() {
            check.take(track.title.check(&format!("/tracks/{at}/title"), 300));
            let pointer = format!("/tracks/{at}/topics");
            check.require(track.topics.len() <= 50, &pointer, "too_many", "Name at most 50 topics.");
            for (topic_at, topic) in track.topics.iter().enumerate() {
                check.take(topic.check(&format!("{pointer}/{topic_at}"), 300));
            }
            let repeated = self.tracks[..at].iter().any(|other| other.code.key() == track.code.key());
            check.require(!repeated, &format!("/tracks/{at}/code"), "repeated", "Give every track another code.");
        }
    }

    /// The language calendars and first drafts are written in.
    pub fn main_language(&self) -> Language {
        self.languages.first().cloned().unwrap_or_else(Language::english)
    }

    /// The track of this code.
    pub fn track(&self, code: &Code) -> Option<&Track> {
        self.tracks.iter().find(|track| track.code.key() == code.key())
    }

    /// The first and the last day on which something of the event may be placed: people arrive the day before and
    /// leave the day after.
    pub fn days_with_margin(&self) -> (Date, Date) {
        (self.starts_on.saturating_sub(1.day()), self.ends_on.saturating_add(1.day()))
    }

    /// What lists and calendars are ordered by: the first day.
    pub fn sort_key(&self) -> String {
        self.starts_on.to_string()
    }

    /// Code, titles and city folded for searching.
    pub fn search_key(&self) -> String {
        let words = self.title.0.values().chain(self.city.name.0.values()).map(String::as_str);
        search_key(&std::iter::once(self.code.as_str()).chain(words).collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn seoul() -> Details {
        serde_json::from_value(serde_json::json!({
            "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity"},
            "city": {"name": {"en": "Seoul", "pl": "Seul"}, "forms": {"pl": {"locative": "Seulu"}}},
            "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en", "pl"],
        }))
        .unwrap()
    }

    fn codes(details: &Details) -> Vec<&'static str> {
        details.check().unwrap_err().into_iter().map(|violation| violation.code).collect()
    }

    #[test]
    fn nobody_sees_an_event_unless_somebody_said_so() {
        assert_eq!(seoul().check(), Ok(()));
        assert_eq!(seoul().visibility, Visibility::Secretariat);
    }

    #[test]
    fn an_event_lasts_a_day_to_a_leap_year() {
        let lasting = |ends_on| Details { ends_on, starts_on: date(2024, 1, 1), ..seoul() };
        assert_eq!(lasting(date(2024, 1, 1)).check(), Ok(()));
        assert_eq!(lasting(date(2024, 12, 31)).check(), Ok(()));
        assert_eq!(codes(&lasting(date(2025, 1, 1))), ["too_long"]);
        assert_eq!(codes(&lasting(date(2023, 12, 31))), ["ends_before_start"]);
    }

    #[test]
    fn every_fault_is_named_with_its_place() {
        let code = Code::parse("policy", "").unwrap();
        let track = Track { code, title: Text::default(), topics: vec![], theme: Theme::General };
        let bad = Details {
            time_zone: "Seoul".into(),
            ordinal: Some(0),
            languages: vec![],
            tracks: vec![track.clone(), Track { code: Code::parse("POLICY", "").unwrap(), ..track }],
            ..seoul()
        };
        let faults = bad.check().unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(
            places,
            ["/time_zone", "/ordinal", "/tracks/0/title", "/tracks/1/title", "/tracks/1/code", "/languages"]
        );
    }

    #[test]
    fn an_event_is_found_by_the_name_of_its_city_in_any_language() {
        assert_eq!(seoul().search_key(), "seoul-2019 meeting on cybersecurity seoul seul");
    }
}
