//! Minutes: what a session leaves behind. Their text, how two people edit it at once, their states, and what delegations
//! would have corrected.
//!
//! A draft is filled from what is on record, in one language; from then on the words are the secretariat's.

pub mod draft;
pub mod merge;
pub mod state;

use jiff::{Timestamp, civil::DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Language, Violation,
    identifier::{DelegationId, Handle, SessionId},
};
pub use state::{MinutesRefusal, State};

crate::words! {
    /// What a part of minutes is about.
    #[schemars(rename = "MinutesPart")]
    pub enum Part {
        /// Place, times and chair.
        Opening = "opening",
        /// Who was there.
        Attendance = "attendance",
        /// What was dealt with, by which documents.
        Agenda = "agenda",
        /// What was said.
        Discussion = "discussion",
        /// What was decided.
        Decisions = "decisions",
    }
}

/// Characters a part holds at most.
const LONGEST: usize = 100_000;

/// A part of minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MinutesSection")]
pub struct Section {
    /// What it is about.
    pub part: Part,
    /// Its words; a blank line parts paragraphs.
    #[schemars(length(max = LONGEST))]
    pub text: String,
}

/// How a time on the wall is written: a day there is, `T`, and hours, minutes and seconds.
const WALL: &str = concat!(
    "^(19|20|21)[0-9]{2}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)",
    "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"
);

/// How a draft is to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MinutesRequest")]
pub struct Request {
    /// The language; left out, the main one of the event. Sentences exist in English, French and Polish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// When the session was in fact opened, by the clocks of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = WALL))]
    pub opened_at: Option<DateTime>,
    /// When it was in fact closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = WALL))]
    pub closed_at: Option<DateTime>,
}

/// An edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MinutesEdit")]
pub struct Edit {
    /// The revision it was made from. If somebody else has written since, both are brought together line by line, or it
    /// is refused with what is there now.
    #[schemars(range(min = 1))]
    pub base_revision: i32,
    /// The parts it changes, whole; the others stay.
    #[schemars(length(min = 1, max = 5))]
    pub sections: Vec<Section>,
}

/// Minutes as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Minutes {
    /// The session.
    pub session_id: SessionId,
    /// Where they stand.
    pub state: State,
    /// The language they are in.
    pub language: Language,
    /// Number of the latest revision: what an edit is made from.
    pub revision: i32,
    /// Their parts.
    pub sections: Vec<Section>,
    /// When they were circulated (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circulated_at: Option<Timestamp>,
    /// First instant at which no correction is taken any more (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrections_until: Option<Timestamp>,
    /// The session that adopted them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted_in: Option<SessionId>,
}

crate::words! {
    /// What became of a correction.
    #[derive(Default)]
    pub enum CorrectionState {
        /// Nobody has decided yet.
        #[default]
        Proposed = "proposed",
        /// The secretariat will work it in.
        Accepted = "accepted",
        /// The text stays.
        Declined = "declined",
    }
}

/// What a delegation would have corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CorrectionInput")]
pub struct Proposal {
    /// In which part.
    pub part: Part,
    /// What should stand there, and where.
    #[schemars(length(min = 1, max = 5000))]
    pub text: String,
}

/// A correction on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Correction {
    /// What is proposed.
    #[serde(flatten)]
    pub proposal: Proposal,
    /// The session whose minutes it is about.
    pub session_id: SessionId,
    /// Who proposes it.
    pub delegation_id: DelegationId,
    /// What became of it.
    pub state: CorrectionState,
    /// What the secretariat answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// A decision on a correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CorrectionDecision")]
pub struct Decision {
    /// `accepted` or `declined`.
    pub to: CorrectionState,
    /// What is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub answer: Option<String>,
}

/// A step in the life of minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MinutesTransition")]
pub struct Transition {
    /// The state to go to.
    pub to: State,
    /// Until when delegations may propose corrections; needed to circulate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrections_until: Option<crate::moment::Moment>,
    /// The session of this event or a later one that adopts; needed to adopt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Handle>,
}

impl Edit {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let within = (1..=5).contains(&self.sections.len());
        check.require(within, "/sections", "out_of_range", "Send 1 to 5 parts, each once.");
        for (at, section) in self.sections.iter().enumerate().filter(|_| within) {
            let repeated = self.sections[..at].iter().any(|other| other.part == section.part);
            check.require(!repeated, &format!("/sections/{at}/part"), "repeated", "Send each part once.");
            check_words(&section.text, &format!("/sections/{at}/text"), LONGEST, true, &mut check);
        }
        check.finish()
    }

    /// What comes of the text: `base` is the revision the edit was made from, `current` what is there now.
    pub fn apply(&self, base: &[Section], current: &[Section]) -> Result<Vec<Section>, merge::Conflict> {
        let of = |sections: &[Section], part: Part| {
            sections
                .iter()
                .find(|section| section.part == part)
                .map_or_else(String::new, |section| section.text.clone())
        };
        let merged = |part: &Part| {
            let now = of(current, *part);
            let sent = self.sections.iter().find(|section| section.part == *part);
            let text = match sent {
                Some(sent) => merge::merge(&of(base, *part), &sent.text, &now)?,
                None => now,
            };
            Ok(Section { part: *part, text })
        };
        Part::ALL.iter().map(merged).collect()
    }
}

impl Proposal {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check_words(&self.text, "/text", 5000, false, &mut check);
        check.finish()
    }
}

impl Decision {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let decided = self.to != CorrectionState::Proposed;
        check.require(decided, "/to", "not_decided", "Accept or decline it.");
        if let Some(answer) = &self.answer {
            check_words(answer, "/answer", 1000, false, &mut check);
        }
        check.finish()
    }
}

/// Words in several lines.
fn check_words(words: &str, pointer: &str, longest: usize, may_be_empty: bool, check: &mut Check) {
    let printable = words.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    check
        .require(
            words.chars().count() <= longest && (may_be_empty || !words.trim().is_empty()),
            pointer,
            "invalid_length",
            format!("Write {longest} characters at most, and something."),
        )
        .require(
            printable,
            pointer,
            "control_character",
            "Write without control characters; end lines with a line feed.",
        );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections(opening: &str, decisions: &str) -> Vec<Section> {
        let text = |part| match part {
            Part::Opening => opening,
            Part::Decisions => decisions,
            _ => "",
        };
        Part::ALL.iter().map(|part| Section { part: *part, text: text(*part).to_owned() }).collect()
    }

    #[test]
    fn an_edit_keeps_what_others_wrote_meanwhile() {
        let base = sections("Opened.\n", "None.\n");
        let current = sections("Opened late.\n", "None.\n");
        let section = Section { part: Part::Decisions, text: "Adopted.\n".to_owned() };
        let edit = Edit { base_revision: 1, sections: vec![section] };
        assert_eq!(edit.apply(&base, &current), Ok(sections("Opened late.\n", "Adopted.\n")));
        let section = Section { part: Part::Opening, text: "Opened early.\n".to_owned() };
        let edit = Edit { base_revision: 1, sections: vec![section] };
        assert_eq!(edit.apply(&base, &current), Err(merge::Conflict));
    }
}
