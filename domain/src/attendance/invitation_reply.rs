//! Answers to invitations that come by mail: which are taken as they are, and which somebody has to look at.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calendars::{
        Participation,
        reply::{Kind, Named, Reply},
    },
    identifier::EventId,
};

crate::words! {
    /// Why an answer was not simply taken.
    #[schemars(rename = "InvitationReplyReason")]
    pub enum Reason {
        /// It answers for somebody who was not invited.
        UnknownAttendee = "unknown_attendee",
        /// Somebody else sent it.
        OtherSender = "other_sender",
        /// It is about something else than what the address was given out for.
        OtherMeeting = "other_meeting",
        /// Somebody else should come instead.
        Delegated = "delegated",
        /// Another time would be better.
        Countered = "countered",
        /// It answers what has changed since.
        Outdated = "outdated",
        /// It is written by hand.
        WithoutAnswer = "without_answer",
    }
}

crate::words! {
    /// What became of such an answer.
    #[derive(Default)]
    #[schemars(rename = "InvitationReplyState")]
    pub enum State {
        /// Nothing yet.
        #[default]
        Open = "open",
        /// It counts.
        Applied = "applied",
        /// It does not.
        Dismissed = "dismissed",
    }
}

/// An answer that somebody has to look at. Nothing in it is more than its sender's own word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "InvitationReply")]
pub struct InvitationReply {
    /// The invitation whose address it came to.
    pub invitation_id: uuid::Uuid,
    /// The event.
    pub event_id: EventId,
    /// Why it was not simply taken.
    pub reason: Reason,
    /// The address it says it is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<String>,
    /// The address it answers for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendee: Option<String>,
    /// What it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Participation>,
    /// Who should come instead, by address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_to: Option<String>,
    /// In the words of its sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What became of it.
    pub state: State,
}

crate::words! {
    /// What is decided of such an answer.
    #[schemars(rename = "InvitationReplyDecision")]
    pub enum Decision {
        /// It counts as the answer to the invitation it came for; who should come instead is to be invited apart.
        Applied = "applied",
        /// It does not count.
        Dismissed = "dismissed",
    }
}

/// A decision on an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InvitationReplyTransition")]
pub struct InvitationReplyTransition {
    /// What is decided.
    pub to: Decision,
}

/// A mail that came to the address of an invitation.
#[derive(Debug, Clone)]
pub struct Arrived<'a> {
    /// The address it is from, in lower case.
    pub sender: Option<&'a str>,
    /// What a calendar program says in it.
    pub reply: Option<&'a Reply>,
    /// Whether a program wrote it by itself, such as that somebody is away.
    pub automatic: bool,
}

/// The invitation it came for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What calendars know the sitting by.
    pub uid: &'a str,
    /// Where the person is written to, in lower case; nothing if nowhere any more.
    pub address: Option<&'a str>,
    /// SEQUENCE of the last mail.
    pub sequence: i32,
    /// When the last answer that was taken was written.
    pub stamp: Option<Timestamp>,
}

/// What becomes of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is the answer.
    Answer(Participation),
    /// Somebody looks at it.
    Look(Reason),
    /// Nothing.
    Ignore,
}

impl Arrived<'_> {
    /// What becomes of it: it is taken only where the person who was asked answers for themselves from their own address
    /// what they were asked last. The organiser is not looked at, because outlook.com leaves it out.
    pub fn fate(&self, asked: &Asked<'_>) -> Fate {
        let Some(reply) = self.reply else {
            return if self.automatic { Fate::Ignore } else { Fate::Look(Reason::WithoutAnswer) };
        };
        if reply.kind == Kind::Other {
            return Fate::Ignore;
        }
        if reply.uid != asked.uid {
            return Fate::Look(Reason::OtherMeeting);
        }
        let Some(own) = self.own(asked) else { return Fate::Look(Reason::UnknownAttendee) };
        if self.sender != asked.address {
            return Fate::Look(Reason::OtherSender);
        }
        let overtaken = reply.stamp.zip(asked.stamp).is_some_and(|(written, last)| written <= last);
        match (reply.kind, own.answer) {
            _ if overtaken => Fate::Ignore,
            (Kind::Counter, _) => Fate::Look(Reason::Countered),
            (_, Some(Participation::Delegated)) => Fate::Look(Reason::Delegated),
            (_, None | Some(Participation::NeedsAction)) => Fate::Ignore,
            _ if reply.sequence.is_some_and(|answered| answered < asked.sequence) => Fate::Look(Reason::Outdated),
            (_, Some(answer)) => Fate::Answer(answer),
        }
    }

    /// What it says of the person who was asked.
    pub fn own(&self, asked: &Asked<'_>) -> Option<&Named> {
        self.reply?.attendees.iter().find(|named| Some(named.address.as_str()) == asked.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn fate(change: impl FnOnce(&mut Reply), sender: &str) -> Fate {
        let named = |address: &str| Named {
            address: address.to_owned(),
            answer: Some(Participation::Accepted),
            delegated_to: None,
        };
        let mut reply = Reply {
            kind: Kind::Reply,
            uid: "session-1@plenum".to_owned(),
            sequence: Some(3),
            stamp: Some(at("2026-09-02T08:00:00Z")),
            attendees: vec![named("ana@mail.example")],
            comment: None,
        };
        change(&mut reply);
        let stamp = Some(at("2026-09-01T08:00:00Z"));
        let asked = Asked { uid: "session-1@plenum", address: Some("ana@mail.example"), sequence: 3, stamp };
        Arrived { sender: Some(sender), reply: Some(&reply), automatic: false }.fate(&asked)
    }

    #[test]
    fn only_who_was_asked_answers_what_was_asked_last() {
        let (ana, eve) = ("ana@mail.example", "eve@mail.example");
        assert_eq!(fate(|_| (), ana), Fate::Answer(Participation::Accepted));
        assert_eq!(fate(|reply| reply.sequence = None, ana), Fate::Answer(Participation::Accepted));
        assert_eq!(fate(|_| (), eve), Fate::Look(Reason::OtherSender));
        assert_eq!(fate(|reply| reply.attendees[0].address = eve.to_owned(), eve), Fate::Look(Reason::UnknownAttendee));
        assert_eq!(fate(|reply| reply.attendees.clear(), ana), Fate::Look(Reason::UnknownAttendee));
        assert_eq!(fate(|reply| reply.uid = "other".to_owned(), ana), Fate::Look(Reason::OtherMeeting));
        assert_eq!(fate(|reply| reply.sequence = Some(2), ana), Fate::Look(Reason::Outdated));
        assert_eq!(fate(|reply| reply.stamp = Some(at("2026-09-01T08:00:00Z")), ana), Fate::Ignore);
        assert_eq!(fate(|reply| reply.kind = Kind::Counter, ana), Fate::Look(Reason::Countered));
        assert_eq!(fate(|reply| reply.kind = Kind::Other, ana), Fate::Ignore);
        let delegated = |reply: &mut Reply| reply.attendees[0].answer = Some(Participation::Delegated);
        assert_eq!(fate(delegated, ana), Fate::Look(Reason::Delegated));
        assert_eq!(fate(|reply| reply.attendees[0].answer = None, ana), Fate::Ignore);
    }

    #[test]
    fn a_mail_by_hand_is_looked_at_and_one_by_a_program_is_not() {
        let asked = Asked { uid: "1", address: Some("ana@mail.example"), sequence: 0, stamp: None };
        let mail = |automatic| Arrived { sender: Some("ana@mail.example"), reply: None, automatic };
        assert_eq!(mail(false).fate(&asked), Fate::Look(Reason::WithoutAnswer));
        assert_eq!(mail(true).fate(&asked), Fate::Ignore);
    }
}
