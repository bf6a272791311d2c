//! Reminders of deadlines, and word of places that are offered: when they are due, and what the mails say.

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Participation, Registration, State};
use crate::{
    Language,
    identifier::DelegationId,
    proceedings::{Clerk, Fact},
    time,
};

crate::words! {
    /// What organisations are reminded of.
    pub enum Deadline {
        /// To answer the invitation.
        Reply = "reply",
        /// To name the delegation.
        Nomination = "nomination",
    }
}

impl Deadline {
    /// The deadline that a delegation in this state has yet to meet.
    pub fn of(state: State) -> Option<Self> {
        match state {
            State::Invited => Some(Self::Reply),
            State::Accepted | State::Composing => Some(Self::Nomination),
            State::Submitted | State::Confirmed | State::Declined | State::NotAttending | State::Closed => None,
        }
    }
}

/// Reminders go out from this hour on, by the clocks of the event's place.
const FIRST_HOUR: SignedDuration = SignedDuration::from_hours(8);

/// The day at the event's place for which reminders may go out now: before the first hour it is still the day before.
pub fn day_of_reminders(now: Timestamp, zone: &TimeZone) -> Date {
    time::local(now - FIRST_HOUR, zone).date()
}

impl Registration {
    /// How many days before `deadline` the reminder stands that is due `today`: the last whose day has come. One whose
    /// day had come before `written_on`, when the delegation was last written, is not sent any more: who was invited
    /// three days before the deadline knows that. Nothing is due after the deadline.
    pub fn reminder_due(&self, deadline: Date, written_on: Date, today: Date) -> Option<u16> {
        let day = |before: u16| deadline.saturating_sub(i64::from(before).days());
        let due = self.remind_days_before.iter().copied().filter(|before| (day(*before)..=deadline).contains(&today));
        due.min().filter(|before| written_on < day(*before))
    }
}

/// A reminder that went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DelegationReminder")]
pub struct Reminder {
    /// The delegation that was reminded.
    pub delegation_id: DelegationId,
    /// What it was reminded of.
    pub about: Deadline,
    /// The last day it spoke of.
    pub deadline: Date,
    /// How many days before that day it was due.
    pub days_before: u16,
    /// When it went out.
    pub sent_at: Timestamp,
    /// To how many: to those who have an account as manager of the delegation, or while nobody has, to the office to which
    /// the invitation was sent. With 0 there is neither, so somebody has to ask otherwise.
    pub recipients: u32,
}

/// What a mail to those who manage a delegation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Notice {
    /// A deadline comes near.
    Deadline {
        /// Which.
        about: Deadline,
        /// The last day.
        by: Date,
    },
    /// Places have become free for the next on the waiting list.
    PlacesOffered {
        /// Of which kind.
        participation: Participation,
        /// How many.
        places: usize,
        /// Until when they are held.
        until: Timestamp,
    },
}

/// What a mail speaks of. People are not in it: a mail lies about for long.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// Title of the event; none where its label keeps it out of mails.
    pub event: Option<&'a str>,
    /// Name of the organisation.
    pub organisation: &'a str,
    /// The clocks of the event's place.
    pub zone: &'a TimeZone,
    /// Where to go.
    pub url: &'a str,
    /// Whether the mail goes to the office to which the invitation was sent, and not to who manages the delegation.
    pub to_office: bool,
}

impl Notice {
    /// Whether there is still a point in it while the delegation is in this state, at `now`.
    pub fn stands(&self, state: State, now: Timestamp) -> bool {
        match self {
            Self::Deadline { about, .. } => Deadline::of(state) == Some(*about),
            Self::PlacesOffered { until, .. } => now < *until,
        }
    }

    /// Subject and text of the mail in `language`, or in English where there are no phrases in it; lines ended as mails want them (RFC 5322, 2.3).
    pub fn letter(&self, occasion: Occasion<'_>, language: &Language) -> (String, String) {
        let clerk = Clerk::of(language);
        let unnamed = clerk.say("notice-unnamed", &[]);
        let event = occasion.event.unwrap_or(&unnamed);
        let mut facts = vec![("event", Fact::Words(event)), ("organisation", Fact::Words(occasion.organisation))];
        let clock;
        let message = match self {
            Self::Deadline { about, by } => {
                facts.push(("by", Fact::Day(*by)));
                match about {
                    Deadline::Reply => "notice-reply",
                    Deadline::Nomination => "notice-nomination",
                }
            }
            Self::PlacesOffered { participation, places, until } => {
                let until = time::local(*until, occasion.zone);
                clock = hour(until);
                facts.push(("participation", Fact::Words(participation.as_str())));
                facts.push(("places", Fact::Number(*places)));
                facts.push(("day", Fact::Day(until.date())));
                facts.push(("time", Fact::Words(&clock)));
                "notice-places"
            }
        };
        let ask = clerk.say(&format!("{message}-ask"), &facts);
        let why = clerk.say(if occasion.to_office { "notice-why-office" } else { "notice-why" }, &facts);
        let said = [clerk.say(message, &facts), ask, occasion.url.to_owned(), why];
        (clerk.say(&format!("{message}-subject"), &facts), said.join("\r\n\r\n") + "\r\n")
    }
}

/// As the clocks show it.
fn hour(at: DateTime) -> String {
    at.strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn due(written_on: Date, today: Date) -> Option<u16> {
        Registration::default().reminder_due(date(2025, 11, 20), written_on, today)
    }

    #[test]
    fn a_week_and_a_day_before_is_when_reminders_are_due_and_no_later_than_the_day() {
        let long_ago = date(2025, 9, 1);
        assert_eq!(due(long_ago, date(2025, 11, 12)), None);
        assert_eq!(due(long_ago, date(2025, 11, 13)), Some(7));
        assert_eq!(due(long_ago, date(2025, 11, 18)), Some(7), "a server that stood still reminds late");
        assert_eq!(due(long_ago, date(2025, 11, 19)), Some(1));
        assert_eq!(due(long_ago, date(2025, 11, 20)), Some(1));
        assert_eq!(due(long_ago, date(2025, 11, 21)), None);
        let silent = Registration { remind_days_before: vec![], ..Registration::default() };
        assert_eq!(silent.reminder_due(date(2025, 11, 20), long_ago, date(2025, 11, 20)), None);
    }

    #[test]
    fn who_was_invited_a_few_days_before_is_reminded_on_the_eve_only() {
        let invited = date(2025, 11, 17);
        assert_eq!(due(invited, invited), None);
        assert_eq!(due(invited, date(2025, 11, 19)), Some(1));
        assert_eq!(due(date(2025, 11, 19), date(2025, 11, 19)), None);
    }

    #[test]
    fn nobody_is_reminded_at_night() {
        let day = |at: &str| day_of_reminders(at.parse().unwrap(), &time::zone("Asia/Seoul", "").unwrap());
        // 07:59 and 08:00 in Seoul.
        assert_eq!(day("2025-11-12T22:59:00Z"), date(2025, 11, 12));
        assert_eq!(day("2025-11-12T23:00:00Z"), date(2025, 11, 13));
    }

    fn letter(notice: &Notice, tag: &str, event: Option<&str>) -> (String, String) {
        let zone = time::zone("Asia/Seoul", "").unwrap();
        let url = "https://plenum.example/events/seoul-2019";
        let (subject, text) = notice.letter(
            Occasion { event, organisation: "Vanuatu", zone: &zone, url, to_office: false },
            &Language::parse(tag).unwrap(),
        );
        (subject.replace('\u{a0}', " "), text.replace('\u{a0}', " "))
    }

    #[test]
    fn a_mail_says_what_is_wanted_until_when_and_why_it_came() {
        let reply = Notice::Deadline { about: Deadline::Reply, by: date(2019, 9, 15) };
        let (subject, text) = letter(&reply, "en", Some("Seoul Cyber Workshop"));
        assert_eq!(subject, "Please answer by 15 September 2019: Seoul Cyber Workshop");
        assert_eq!(
            text,
            "Vanuatu has been invited to: Seoul Cyber Workshop.\r\n\r\nPlease say by 15 September 2019 whether a delegation \
             will come.\r\n\r\nhttps://plenum.example/events/seoul-2019\r\n\r\nThis mail went to everybody who manages \
             the delegation of Vanuatu in Plenum.\r\n"
        );
        let (subject, _) = letter(&reply, "pl", Some("Warsztaty"));
        assert_eq!(subject, "Prosimy o odpowiedź do 15 września 2019 r.: Warsztaty");
    }

    #[test]
    fn an_offer_says_how_many_places_and_until_when_by_the_clocks_of_the_place() {
        let until = "2019-10-01T01:30:00Z".parse().unwrap();
        let offer = |places| Notice::PlacesOffered { participation: Participation::Online, places, until };
        let (_, text) = letter(&offer(1), "en", Some("Workshop"));
        assert!(text.starts_with("One place online has become free for Vanuatu at: Workshop.\r\n\r\n"), "{text}");
        assert!(text.contains("until 1 October 2019, 10:30 (local time of the meeting)"), "{text}");
        let polish = |places| letter(&offer(places), "pl", Some("Warsztaty")).1;
        assert!(polish(1).starts_with("Zwolniło się 1 miejsce zdalne"), "{}", polish(1));
        assert!(polish(3).starts_with("Zwolniły się 3 miejsca zdalne"), "{}", polish(3));
        assert!(polish(5).starts_with("Zwolniło się 5 miejsc zdalnych"), "{}", polish(5));
        assert!(letter(&offer(2), "fr", None).1.starts_with("2 places en ligne se sont libérées"));
    }

    #[test]
    fn an_event_with_a_narrow_label_has_no_title_in_a_mail() {
        let (subject, text) =
            letter(&Notice::Deadline { about: Deadline::Nomination, by: date(2019, 9, 15) }, "en", None);
        assert_eq!(subject, "Please name your delegation by 15 September 2019: a meeting");
        assert!(text.contains("to: a meeting."), "{text}");
    }

    #[test]
    fn a_mail_about_what_was_done_meanwhile_is_not_sent() {
        let now = "2019-09-30T00:00:00Z".parse().unwrap();
        let notice = Notice::Deadline { about: Deadline::Reply, by: date(2019, 9, 15) };
        assert!(notice.stands(State::Invited, now) && !notice.stands(State::Accepted, now));
        let offer = Notice::PlacesOffered { participation: Participation::Online, places: 1, until: now };
        assert!(!offer.stands(State::Accepted, now));
    }
}
