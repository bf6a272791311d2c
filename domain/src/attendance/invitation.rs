//! Invitations: what is mailed to somebody about a sitting they are wanted in, for their calendar, and what they answer.
//!
//! Whoever has a duty in a sitting is invited to it, as `invited` or as anything else. An invitation follows the
//! programme as people know it, and ends with the duty, the sitting, or the right to know of it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Language, Violation,
    calendars::{Method, Participation},
    identifier::{EventId, Handle, SessionId},
    proceedings::{Clerk, Fact},
    schedule::{Slot, notice},
};

crate::words! {
    /// How an answer came.
    #[schemars(rename = "InvitationChannel")]
    pub enum Channel {
        /// By the link in the mail.
        Link = "link",
        /// By mail, from a calendar program.
        Mail = "mail",
        /// By the API, or in the answer to the duty.
        Api = "api",
    }
}

crate::words! {
    /// What can be answered to an invitation.
    #[schemars(rename = "InvitationYesOrNo")]
    pub enum Reply {
        /// That they will be there.
        Accepted = "accepted",
        /// That they will probably be there.
        Tentative = "tentative",
        /// That they will not.
        Declined = "declined",
    }
}

impl From<Reply> for Participation {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Accepted => Self::Accepted,
            Reply::Tentative => Self::Tentative,
            Reply::Declined => Self::Declined,
        }
    }
}

crate::words! {
    /// What the mail server said to a mail.
    #[schemars(rename = "InvitationMailOutcome")]
    pub enum Outcome {
        /// It took it.
        Sent = "sent",
        /// It will never take it.
        Refused = "refused",
    }
}

/// An invitation of somebody to a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionInvitation")]
pub struct Invitation {
    /// The sitting.
    pub session_id: SessionId,
    /// Its event.
    pub event_id: EventId,
    /// Who is invited. Left out in answers to those who may not know who that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Handle>,
    /// Their name, for those who may know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the last mail asked; left out before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// SEQUENCE of the last mail (RFC 5545, 3.8.7.4).
    pub sequence: i32,
    /// When the last mail was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// What was answered.
    pub answer: Participation,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_via: Option<Channel>,
    /// In their words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Whom they would send instead, by address; the secretariat decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_to: Option<String>,
}

/// A mail of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "InvitationMail")]
pub struct SentMail {
    /// What it asked.
    pub method: Method,
    /// SEQUENCE.
    pub sequence: i32,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// What the mail server said.
    pub outcome: Outcome,
    /// Whether it was sent once more because somebody asked for it.
    pub again: bool,
}

/// An answer to an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionInvitationTransition")]
pub struct InvitationTransition {
    /// What is answered.
    pub to: Reply,
    /// In the words of whoever answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub comment: Option<String>,
}

impl InvitationTransition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let length = self.comment.as_ref().map(|comment| comment.chars().count());
        let fits = length.is_none_or(|length| (1..=1000).contains(&length));
        check.require(fits, "/comment", "length", "Say it in 1 to 1,000 characters, or leave it out.");
        check.finish()
    }
}

/// What was sent last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// What it asked.
    pub method: Method,
    /// SEQUENCE.
    pub sequence: i32,
    /// What it said, as [`Standing::said`].
    pub said: String,
    /// When what it spoke of is over.
    pub ends_at: Timestamp,
}

/// How a sitting stands that somebody is wanted in and may know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// SEQUENCE in feeds.
    pub sequence: i32,
    /// A digest of what people have to know: time, place, title, state.
    pub said: String,
    /// When it is over.
    pub ends_at: Timestamp,
    /// Whether whoever is wanted has said already that they will not come.
    pub declined: bool,
}

/// What is to be sent now, if anything, with its SEQUENCE, which rises with every mail that says something new. What is
/// over is not written about; who has declined already is not asked.
pub fn due(last: Option<&Last>, standing: Option<&Standing>, now: Timestamp) -> Option<(Method, i32)> {
    match (last, standing) {
        (_, Some(standing)) if standing.ends_at <= now => None,
        (None, Some(standing)) => (!standing.declined).then_some((Method::Request, standing.sequence)),
        (Some(last), Some(standing)) => {
            let new = match last.method {
                Method::Request => last.said != standing.said,
                Method::Cancel => !standing.declined,
            };
            new.then(|| (Method::Request, standing.sequence.max(last.sequence + 1)))
        }
        (Some(last), None) => {
            let open = last.method == Method::Request && last.ends_at > now;
            open.then_some((Method::Cancel, last.sequence + 1))
        }
        (None, None) => None,
    }
}

/// What a mail says besides the calendar it carries.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// What it asks.
    pub method: Method,
    /// Whether something like it was sent before.
    pub again: bool,
    /// Number and title of the sitting; none where they may not be said.
    pub session: Option<&'a str>,
    /// Title of the event, if it may be said.
    pub event: Option<&'a str>,
    /// When it sits.
    pub slot: Option<Slot>,
    /// IANA name of the zone of the event.
    pub zone: &'a str,
    /// Where.
    pub place: Option<&'a str>,
    /// Where it can be answered.
    pub url: Option<&'a str>,
}

/// Subject and paragraphs of the mail in `language`, or in English where there are no phrases in it.
pub fn letter(occasion: Occasion<'_>, language: &Language) -> (String, Vec<String>) {
    let clerk = Clerk::of(language);
    let unnamed = clerk.say("invitation-unnamed", &[]);
    let facts = [("session", Fact::Words(occasion.session.unwrap_or(&unnamed)))];
    let kind = match (occasion.method, occasion.again) {
        (Method::Request, false) => "invitation-request",
        (Method::Request, true) => "invitation-update",
        (Method::Cancel, _) => "invitation-cancel",
    };
    let mut said = vec![clerk.say(kind, &facts)];
    said.extend(occasion.event.map(str::to_owned));
    let when = occasion.slot.map(|slot| notice::when(&clerk, slot, occasion.zone));
    let place = occasion.place.filter(|_| occasion.method == Method::Request).map(str::to_owned);
    let there: Vec<String> = when.into_iter().chain(place).collect();
    said.extend((!there.is_empty()).then(|| there.join(", ")));
    if let (Some(url), Method::Request) = (occasion.url, occasion.method) {
        said.extend([clerk.say("invitation-answer", &[]), url.to_owned()]);
    }
    said.push(clerk.say("invitation-why", &[]));
    (clerk.say(&format!("{kind}-subject"), &facts), said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn standing(sequence: i32, said: &str) -> Standing {
        Standing { sequence, said: said.to_owned(), ends_at: at("2026-10-07T01:00:00Z"), declined: false }
    }

    fn last(method: Method, sequence: i32, said: &str) -> Last {
        Last { method, sequence, said: said.to_owned(), ends_at: at("2026-10-07T01:00:00Z") }
    }

    #[test]
    fn an_invitation_follows_what_is_known_and_its_sequence_never_falls() {
        let now = at("2026-10-01T00:00:00Z");
        let sent = |last: Option<Last>, standing: Option<Standing>| due(last.as_ref(), standing.as_ref(), now);
        use Method::{Cancel, Request};
        assert_eq!(sent(None, Some(standing(0, "a"))), Some((Request, 0)));
        assert_eq!(sent(Some(last(Request, 0, "a")), Some(standing(0, "a"))), None);
        assert_eq!(sent(Some(last(Request, 0, "a")), Some(standing(2, "b"))), Some((Request, 2)));
        assert_eq!(sent(Some(last(Request, 3, "a")), Some(standing(2, "b"))), Some((Request, 4)));
        assert_eq!(sent(Some(last(Request, 3, "a")), None), Some((Cancel, 4)));
        assert_eq!(sent(Some(last(Cancel, 4, "a")), None), None);
        assert_eq!(sent(Some(last(Cancel, 4, "a")), Some(standing(2, "a"))), Some((Request, 5)));
        assert_eq!(sent(None, None), None);
    }

    #[test]
    fn what_is_over_is_not_written_about_and_who_declined_is_not_asked() {
        let (during, after) = (at("2026-10-07T00:30:00Z"), at("2026-10-07T01:00:00Z"));
        let declined = Standing { declined: true, ..standing(1, "b") };
        assert_eq!(due(None, Some(&standing(0, "a")), during), Some((Method::Request, 0)));
        assert_eq!(due(None, Some(&standing(0, "a")), after), None);
        assert_eq!(due(Some(&last(Method::Request, 0, "a")), Some(&standing(1, "b")), after), None);
        assert_eq!(due(Some(&last(Method::Request, 0, "a")), None, after), None);
        assert_eq!(due(None, Some(&declined), during), None);
        assert_eq!(due(Some(&last(Method::Cancel, 0, "a")), Some(&declined), during), None);
        assert_eq!(due(Some(&last(Method::Request, 0, "a")), Some(&declined), during), Some((Method::Request, 1)));
    }
}
