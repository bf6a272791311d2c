//! What is known of a statement besides its text.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, OrderPolicy, Refusal, State};
use crate::{
    Check, Code, Language, Text, Violation,
    access::{Disclosure, Tlp, Visibility, audience},
    external::{self, ExternalId},
    identifier::Handle,
    language::{check_languages, check_line, search_key},
};

/// The most organisations that can take part in formulating one text.
pub const MOST_PARTICIPANTS: usize = 500;

/// What the secretariat says of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "StatementDetails")]
pub struct Details {
    /// Unique short name.
    pub code: Code,
    /// The event whose participants make the text. It stays the same for life.
    pub event_id: Handle,
    /// The session in which the text is negotiated or was adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Handle>,
    /// What sort of text it is.
    pub kind: Kind,
    /// What it is called; the first draft writes it where it is left out.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub title: Text,
    /// The language in which the text is negotiated; the others follow it.
    pub drafting_language: Language,
    /// All languages the text is to exist in, the drafting language among them.
    #[schemars(length(min = 1, max = 20))]
    pub languages: Vec<Language>,
    /// In which order its participants are listed.
    #[serde(default)]
    pub order_policy: OrderPolicy,
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
    /// The organisations that took part in formulating it. While none is named, they are those that were represented
    /// in the sessions of the event, and before anybody was recorded there, those whose delegations have accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 500))]
    pub participants: Vec<Handle>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

/// A statement as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// What the secretariat says of it.
    #[serde(flatten)]
    pub details: Details,
    /// Where it stands.
    pub state: State,
    /// Number of the version frozen last; 0 while there is none.
    pub head_version: u32,
    /// The day on which it was adopted, by the calendar of the event's place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted_on: Option<Date>,
}

/// A step asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "StatementTransition")]
pub struct Transition {
    /// The state wanted.
    pub to: State,
    /// For an adoption: the session in which the text was adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Handle>,
    /// For an adoption: the real day, also when the meeting ran past midnight. Left out, it is the day on which the
    /// session ended, or without a session today in the time zone of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted_on: Option<Date>,
    /// A remark for the version that is frozen with this step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub comment: Option<String>,
}

impl Details {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if !self.title.is_empty() {
            check.take(self.title.check("/title", 500));
        }
        check_languages(&self.languages, &mut check).require(
            self.languages.contains(&self.drafting_language),
            "/languages",
            "drafting_language_missing",
            "Name the drafting language among the languages.",
        );
        check_participants(&self.participants, "/participants", &mut check);
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

    /// Code and titles folded for searching.
    pub fn search_key(&self) -> String {
        let titles = self.title.0.values().map(String::as_str);
        search_key(&std::iter::once(self.code.as_str()).chain(titles).collect::<Vec<_>>().join(" "))
    }
}

/// Not too many, and each named once. What names the same organisation by id and by code is found when they are
/// resolved.
pub fn check_participants(participants: &[Handle], pointer: &str, check: &mut Check) {
    let few = participants.len() <= MOST_PARTICIPANTS;
    check.require(few, pointer, "too_many", format!("Name at most {MOST_PARTICIPANTS} organisations."));
    for (at, participant) in participants.iter().enumerate() {
        let repeated = participants[..at].contains(participant);
        check.require(!repeated, &format!("{pointer}/{at}"), "repeated", "Name every organisation once.");
    }
}

impl Statement {
    /// Refuses `next` once the text is final, unless only who may see the statement, its label, or by what id partners know
    /// it, changes.
    pub fn admit(&self, next: &Details) -> Result<(), Refusal> {
        let same_text = Details {
            visibility: self.details.visibility,
            tlp: self.details.tlp,
            external_ids: self.details.external_ids.clone(),
            ..next.clone()
        };
        if same_text == self.details { Ok(()) } else { self.state.admit_editing() }
    }
}

impl Transition {
    /// Everything that is wrong with it, by itself.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let adoption = self.to == State::Adopted;
        check
            .require(
                adoption || self.session_id.is_none(),
                "/session_id",
                "not_an_adoption",
                "Name a session only where the text is adopted in it.",
            )
            .require(
                adoption || self.adopted_on.is_none(),
                "/adopted_on",
                "not_an_adoption",
                "Name a day of adoption only where the text is adopted.",
            );
        if let Some(comment) = &self.comment {
            check.take(check_line(comment, "/comment", 1000));
        }
        check.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seoul() -> Details {
        serde_json::from_value(serde_json::json!({
            "code": "seoul-statement", "event_id": "seoul-2019", "kind": "joint_statement",
            "drafting_language": "en", "languages": ["en", "pl"],
        }))
        .unwrap()
    }

    fn codes(details: &Details) -> Vec<&'static str> {
        details.check().unwrap_err().into_iter().map(|violation| violation.code).collect()
    }

    #[test]
    fn nobody_but_the_secretariat_sees_a_statement_unless_somebody_said_so() {
        assert_eq!(seoul().check(), Ok(()));
        assert_eq!((seoul().visibility, seoul().order_policy), (Visibility::Secretariat, OrderPolicy::Alphabetical));
    }

    #[test]
    fn the_drafting_language_is_one_of_the_languages_and_nobody_takes_part_twice() {
        let language = Language::parse("ko").unwrap();
        assert_eq!(codes(&Details { drafting_language: language, ..seoul() }), ["drafting_language_missing"]);
        let twice = vec![Handle::from("PL"), Handle::from("KR"), Handle::from("pl")];
        assert_eq!(codes(&Details { participants: twice, ..seoul() }), ["repeated"]);
    }

    #[test]
    fn after_adoption_only_visibility_and_foreign_ids_change() {
        let adopted = Statement { details: seoul(), state: State::Adopted, head_version: 2, adopted_on: None };
        let shown = Details { visibility: Visibility::Public, ..seoul() };
        assert_eq!(adopted.admit(&shown), Ok(()));
        let renamed = Details { title: Text::one(Language::english(), "Other"), ..seoul() };
        assert_eq!(adopted.admit(&renamed), Err(Refusal::TextIsFinal { state: State::Adopted }));
        let open = Statement { state: State::Tabled, ..adopted };
        assert_eq!(open.admit(&renamed), Ok(()));
    }

    #[test]
    fn only_an_adoption_has_a_session_and_a_day() {
        let sent = serde_json::json!({"to": "tabled", "session_id": "x", "adopted_on": "2019-10-08"});
        let faults = serde_json::from_value::<Transition>(sent).unwrap().check().unwrap_err();
        assert_eq!(
            faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(),
            ["/session_id", "/adopted_on"]
        );
    }
}
