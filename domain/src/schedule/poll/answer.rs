//! What an organisation answers.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Poll;
use crate::{Check, Violation, identifier::PollOptionId, language::check_line};

crate::words! {
    /// What is said to an option.
    #[schemars(rename = "PollAnswer")]
    pub enum Answer {
        /// They can.
        Yes = "yes",
        /// They can if there is no better one.
        IfNeedBe = "if_need_be",
        /// They cannot.
        No = "no",
    }
}

impl Answer {
    /// Whether they can come then.
    pub fn can(self) -> bool {
        self != Self::No
    }
}

/// What is said to one option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PollOptionAnswer")]
pub struct OptionAnswer {
    /// Which.
    pub option_id: PollOptionId,
    /// What.
    pub answer: Answer,
    /// What is to be known of it, such as "only in the morning".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub comment: Option<String>,
}

/// The answers of an organisation as they are written: all of them at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewPollAnswers")]
pub struct NewAnswers {
    /// To each option one answer at most; what is left out is not answered.
    #[schemars(length(max = 100))]
    pub answers: Vec<OptionAnswer>,
    /// What is to be known of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub comment: Option<String>,
    /// Why it is written down after the poll was closed: `By telephone on Monday`. Needed then, from those who run the
    /// poll, and at no other time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub late_reason: Option<String>,
}

/// The answers of an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// To the options, those there no longer are among them.
    pub answers: Vec<OptionAnswer>,
    /// What is to be known of all of them.
    pub comment: Option<String>,
    /// Why they were written down late.
    pub late_reason: Option<String>,
}

impl NewAnswers {
    /// The answers, once nothing is wrong with them. `late` says whether the poll is closed.
    pub fn settled(self, poll: &Poll, late: bool) -> Result<Answers, Vec<Violation>> {
        let mut check = Check::new();
        let mut seen = HashSet::new();
        for (at, own) in self.answers.iter().enumerate() {
            let pointer = format!("/answers/{at}");
            let id = format!("{pointer}/option_id");
            let known = poll.option(own.option_id).is_some();
            check.require(known, &id, "unknown_option", "Answer the options of this poll, by id.");
            check.require(seen.insert(own.option_id), &id, "repeated", "Answer every option once.");
            if let Some(comment) = &own.comment {
                check.take(check_line(comment, &format!("{pointer}/comment"), 500));
            }
        }
        for (name, text) in [("/comment", &self.comment), ("/late_reason", &self.late_reason)] {
            if let Some(text) = text {
                check.take(check_line(text, name, 500));
            }
        }
        check.require(
            self.late_reason.is_some() || !late,
            "/late_reason",
            "required",
            "The poll is closed. Say why these answers are written down late.",
        );
        check.require(
            self.late_reason.is_none() || late,
            "/late_reason",
            "out_of_place",
            "The poll is open, so nothing is late. Leave the reason out.",
        );
        check.finish()?;
        Ok(Answers { answers: self.answers, comment: self.comment, late_reason: self.late_reason })
    }
}

impl Answers {
    /// What is said to an option.
    pub fn to(&self, option: PollOptionId) -> Option<Answer> {
        self.answers.iter().find(|own| own.option_id == option).map(|own| own.answer)
    }

    /// Whether anything is said to options there still are.
    pub fn speaks_of(&self, poll: &Poll) -> bool {
        self.answers.iter().any(|own| poll.option(own.option_id).is_some())
    }

    /// Without what was said to options there no longer are.
    pub fn standing(mut self, poll: &Poll) -> Self {
        self.answers.retain(|own| poll.option(own.option_id).is_some());
        self
    }
}
