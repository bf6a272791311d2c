//! The mails by which organisations learn that they are asked, and what became of it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Poll, PollOption, State};
use crate::{
    Language,
    identifier::OrganisationId,
    proceedings::{Clerk, Fact},
    schedule::notice::when,
};

/// Who has not answered is reminded so long before a poll closes.
const REMINDED_BEFORE: SignedDuration = SignedDuration::from_hours(48);
/// What is changed within this time is told at once.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// What organisations are told of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// They are asked.
    Asked,
    /// Other times are offered, or there is another deadline.
    Changed {
        /// The version of the poll that says so.
        version: i32,
    },
    /// They have not answered, and the poll closes soon.
    Due {
        /// When it closes.
        closes: Timestamp,
    },
    /// An option was chosen.
    Decided,
    /// It was called off.
    Cancelled,
}

/// A notice that is to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// What it says.
    pub notice: Notice,
    /// To whom; none for all that are asked when it goes out.
    pub to: Option<Vec<OrganisationId>>,
    /// When.
    pub at: Timestamp,
}

impl Notice {
    /// What is to be told of a poll that was `before` and is `after` now, in this version.
    pub fn between(before: Option<&Poll>, after: &Poll, version: i32, now: Timestamp) -> Vec<Outgoing> {
        let from = before.map(|before| before.state);
        match after.state {
            State::Open => Self::asking(before, after, version, now),
            State::Decided if from != Some(State::Decided) => vec![Self::Decided.to_all(now)],
            State::Cancelled if from != Some(State::Cancelled) => vec![Self::Cancelled.to_all(now)],
            State::Closed | State::Decided | State::Cancelled => vec![],
        }
    }

    fn asking(before: Option<&Poll>, after: &Poll, version: i32, now: Timestamp) -> Vec<Outgoing> {
        let known = |organisation: &OrganisationId| before.is_some_and(|before| before.invites(*organisation));
        let asked = after.parties().into_iter().map(|party| party.organisation);
        let (known, new): (Vec<_>, Vec<_>) = asked.partition(known);
        let changed = before.is_some_and(|before| before.choices != after.choices || before.closes != after.closes);
        let mut notices = vec![];
        if !new.is_empty() {
            notices.push(Outgoing { notice: Self::Asked, to: Some(new), at: now });
        }
        if changed && !known.is_empty() {
            notices.push(Outgoing { notice: Self::Changed { version }, to: Some(known), at: now + PATIENCE });
        }
        let closes = after.closes.filter(|closes| before.is_none_or(|before| before.closes != Some(*closes)));
        if let Some(closes) = closes.map(|closes| closes.starts_at)
            && now < closes - REMINDED_BEFORE
        {
            notices.push(Outgoing { notice: Self::Due { closes }, to: None, at: closes - REMINDED_BEFORE });
        }
        notices
    }

    fn to_all(self, at: Timestamp) -> Outgoing {
        Outgoing { notice: self, to: None, at }
    }

    /// Whether there is still a point in telling it an organisation that has `answered`, or has not.
    pub fn stands(self, poll: &Poll, version: i32, answered: bool, now: Timestamp) -> bool {
        let open = poll.state_at(now) == State::Open;
        match self {
            Self::Asked => open,
            Self::Changed { version: told } => open && told == version,
            Self::Due { closes } => open && !answered && poll.closes.is_some_and(|own| own.starts_at == closes),
            Self::Decided => poll.state == State::Decided,
            Self::Cancelled => poll.state == State::Cancelled,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Asked => "poll-asked",
            Self::Changed { .. } => "poll-changed",
            Self::Due { .. } => "poll-due",
            Self::Decided => "poll-decided",
            Self::Cancelled => "poll-cancelled",
        }
    }

    /// Subject and text of the mail in `language`, or in English where there are no phrases in it; lines ended as mails
    /// want them (RFC 5322, 2.3).
    pub fn letter(self, poll: &Poll, occasion: Occasion<'_>, language: &Language) -> (String, String) {
        let clerk = Clerk::of(language);
        let mut facts = vec![
            ("event", Fact::Words(occasion.event)),
            ("poll", Fact::Words(occasion.poll)),
            ("organisation", Fact::Words(occasion.organisation)),
            ("zone", Fact::Words(&poll.time_zone)),
        ];
        let time;
        if let Some(closes) = poll.closes {
            time = closes.starts_local.strftime("%H:%M").to_string();
            facts.extend([("by", Fact::Day(closes.starts_local.date())), ("time", Fact::Words(&time))]);
        }
        let mut said = vec![clerk.say(self.message(), &facts)];
        match self {
            Self::Asked | Self::Changed { .. } | Self::Due { .. } => {
                let times = poll.choices.iter().map(|option| time_of(&clerk, poll, option));
                said.push(Vec::from_iter([clerk.say("poll-times", &[])].into_iter().chain(times)).join("\r\n    "));
                said.extend(poll.closes.map(|_| clerk.say("poll-by", &facts)));
            }
            Self::Decided => {
                let chosen = poll.outcome.as_ref().and_then(|outcome| poll.option(outcome.option_id));
                said.extend(chosen.map(|option| time_of(&clerk, poll, option)));
                said.extend(poll.outcome.as_ref().and_then(|outcome| reason(&clerk, outcome.note.as_deref())));
            }
            Self::Cancelled => said.extend(reason(&clerk, poll.cancel_reason.as_deref())),
        }
        said.extend([occasion.url.to_owned(), clerk.say("poll-why", &facts)]);
        (clerk.say(&format!("{}-subject", self.message()), &facts), said.join("\r\n\r\n") + "\r\n")
    }
}

/// What a mail speaks of. People are not in it: a mail lies about for long.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// Title of the event.
    pub event: &'a str,
    /// Title of the poll.
    pub poll: &'a str,
    /// Name of the organisation.
    pub organisation: &'a str,
    /// Where to go.
    pub url: &'a str,
}

fn time_of(clerk: &Clerk, poll: &Poll, option: &PollOption) -> String {
    match option.days {
        Some(days) => clerk.say("poll-days", &[("day", Fact::Day(days.first)), ("last", Fact::Day(days.last))]),
        None => when(clerk, option.slot, &poll.time_zone),
    }
}

fn reason(clerk: &Clerk, reason: Option<&str>) -> Option<String> {
    Some(clerk.say("release-reason", &[("reason", Fact::Words(reason?))]))
}
