//! Polls as answers give them: to each what it may know.

use domain::{
    identifier::{EventId, OrganisationId, PollOptionId, SessionId},
    schedule::poll::{Details, Offer, OptionAnswer, Poll, State, Tally, ranked},
    time::WallTime,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::store::{Said, Stored};

/// A poll as it stands.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Poll")]
pub struct PollShown {
    /// Its event.
    pub event_id: EventId,
    /// What those who run it say of it.
    #[serde(flatten)]
    pub details: Details,
    /// IANA name of the zone in which its times are meant: that of the event when the poll was made.
    pub time_zone: String,
    /// Where it stands. It closes by itself at its deadline.
    pub state: State,
    /// Until when is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes: Option<WallTime>,
    /// What can be chosen, by start, with what is said to it.
    pub options: Vec<OptionShown>,
    /// What organisations have answered; while answers are hidden, your own alone.
    pub answers: Vec<AnswersShown>,
    /// Why it was called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<OutcomeShown>,
}

/// An option of a poll.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "PollOption")]
pub struct OptionShown {
    /// Its id, for as long as its time is offered.
    pub id: PollOptionId,
    /// As it was offered.
    #[serde(flatten)]
    pub offer: Offer,
    /// When it begins; whole days, with the first instant of the first.
    pub start: WallTime,
    /// The first instant at which it is over.
    pub end: WallTime,
    /// What the organisations say to it together, and its place among the options; left out while answers are hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tally: Option<Tally>,
}

/// What an organisation has answered.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "PollAnswers")]
pub struct AnswersShown {
    /// Which organisation.
    pub organisation_id: OrganisationId,
    /// To the options, as far as they were answered.
    pub answers: Vec<OptionAnswer>,
    /// What is to be known of all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When they were written last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// Who wrote them; for that organisation and for those who run the poll.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    /// Why they were written down after the poll was closed; for the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<String>,
}

/// What was decided.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "PollOutcome")]
pub struct OutcomeShown {
    /// The option that was chosen.
    pub option_id: PollOptionId,
    /// Why that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The session it became; left out where you may not see that yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
}

/// What somebody may know of the polls of an event.
pub(super) struct Reader<'a> {
    /// When they ask.
    pub(super) now: Timestamp,
    /// Whether they run or audit the event.
    pub(super) inside: bool,
    /// Whether they act for an organisation.
    pub(super) acts_for: &'a (dyn Fn(OrganisationId) -> bool + Sync),
    /// The sessions that polls became, of which they may know.
    pub(super) sessions: &'a [SessionId],
}

impl Reader<'_> {
    /// Whether they may know what an organisation answered.
    pub(super) fn knows(&self, poll: &Poll, organisation: OrganisationId) -> bool {
        self.inside || !self.hides(poll) || (self.acts_for)(organisation)
    }

    fn hides(&self, poll: &Poll) -> bool {
        poll.details.answers_hidden && poll.state_at(self.now) == State::Open
    }

    /// A poll as they may know it.
    pub(super) fn poll(&self, stored: Stored, said: Vec<Said>) -> PollShown {
        let Stored { event, poll } = stored;
        let parties = poll.parties();
        let counted: Vec<_> = said.iter().map(|own| (own.organisation, own.answers.clone())).collect();
        let tallies = ranked(&poll.choices, &parties, poll.details.quorum, &counted);
        let open = self.inside || !self.hides(&poll);
        let tally = |id| tallies.iter().find(|(own, _)| *own == id).filter(|_| open).map(|(_, tally)| tally.clone());
        let zone = &poll.time_zone;
        let options = poll.choices.iter().map(|option| OptionShown {
            id: option.id,
            offer: option.offer(),
            start: option.slot.start(zone),
            end: option.slot.end(zone),
            tally: tally(option.id),
        });
        let known =
            said.into_iter().filter(|own| poll.invites(own.organisation) && self.knows(&poll, own.organisation));
        PollShown {
            event_id: event,
            options: options.collect(),
            answers: known.map(|own| self.answers(&poll, own)).collect(),
            state: poll.state_at(self.now),
            closes: poll.closes.map(|closes| closes.start(zone)),
            outcome: poll.outcome.map(|outcome| OutcomeShown {
                session_id: Some(outcome.session_id).filter(|id| self.sessions.contains(id)),
                option_id: outcome.option_id,
                note: outcome.note,
            }),
            details: poll.details,
            time_zone: poll.time_zone,
            cancel_reason: poll.cancel_reason,
        }
    }

    /// The answers of an organisation as they may know them.
    pub(super) fn answers(&self, poll: &Poll, said: Said) -> AnswersShown {
        let own = self.inside || (self.acts_for)(said.organisation);
        let answers = said.answers.standing(poll);
        AnswersShown {
            organisation_id: said.organisation,
            answers: answers.answers,
            comment: answers.comment,
            answered_at: said.at,
            answered_by: Some(said.author).filter(|author| own && !author.is_empty()),
            late_reason: answers.late_reason.filter(|_| own),
        }
    }
}
