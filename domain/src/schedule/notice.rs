//! The mail by which those whom a release concerns learn of it.

use super::{Novelty, Slot};
use crate::{
    Language,
    proceedings::{Clerk, Fact},
};

/// What a release is about.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// Title of the event; none where its label keeps it out of mails.
    pub event: Option<&'a str>,
    /// Name of the release.
    pub release: &'a str,
    /// What is to be known of it.
    pub comment: Option<&'a str>,
    /// IANA name of the zone of the event.
    pub zone: &'a str,
    /// Where to go.
    pub url: &'a str,
    /// Whether its reader only follows the sessions.
    pub followed: bool,
}

/// What the release did to a session that its reader may see.
#[derive(Debug, Clone)]
pub struct Told {
    /// What.
    pub novelty: Novelty,
    /// Number and title.
    pub session: String,
    /// When it sits now.
    pub slot: Option<Slot>,
    /// Where.
    pub place: Option<String>,
    /// When it sat in the release before, if that was at another time.
    pub before: Option<Slot>,
    /// Why it is cancelled.
    pub reason: Option<String>,
}

/// Subject and text of the mail in `language`, or in English where there are no phrases in it; lines ended as mails want
/// them (RFC 5322, 2.3).
pub fn letter(occasion: Occasion<'_>, told: &[Told], language: &Language) -> (String, String) {
    let clerk = Clerk::of(language);
    let unnamed = clerk.say("notice-unnamed", &[]);
    let event = occasion.event.unwrap_or(&unnamed);
    let facts = [("event", Fact::Words(event)), ("release", Fact::Words(occasion.release))];
    let mut said = vec![clerk.say("release-intro", &facts)];
    said.extend(told.iter().map(|session| session.said(&clerk, occasion.zone)));
    said.extend(occasion.comment.map(|comment| comment.lines().collect::<Vec<_>>().join("\r\n")));
    let why = if occasion.followed { "release-why-followed" } else { "release-why" };
    said.extend([occasion.url.to_owned(), clerk.say(why, &[])]);
    (clerk.say("release-subject", &facts), said.join("\r\n\r\n") + "\r\n")
}

/// A session in which the reader of a mail had a part.
#[derive(Debug, Clone)]
pub struct Lost {
    /// Number and title.
    pub session: String,
    /// When it sat, as they were told.
    pub slot: Option<Slot>,
    /// Whether nobody has a part any more: it does not take place.
    pub off: bool,
}

/// Subject and text of the mail about what was lost of `event`, if it may be named; as [`letter`].
pub fn farewell(event: Option<&str>, zone: &str, lost: &[Lost], url: &str, language: &Language) -> (String, String) {
    let clerk = Clerk::of(language);
    let unnamed = clerk.say("notice-unnamed", &[]);
    let facts = [("event", Fact::Words(event.unwrap_or(&unnamed)))];
    let mut said = vec![clerk.say("loss-intro", &facts)];
    said.extend(lost.iter().map(|lost| {
        let message = if lost.off { "loss-off" } else { "loss-given-up" };
        let line = clerk.say(message, &[("session", Fact::Words(&lost.session))]);
        let when = lost.slot.map(|slot| when(&clerk, slot, zone));
        [line].into_iter().chain(when).collect::<Vec<_>>().join("\r\n    ")
    }));
    said.extend([url.to_owned(), clerk.say("loss-why", &[])]);
    (clerk.say("loss-subject", &facts), said.join("\r\n\r\n") + "\r\n")
}

impl Told {
    fn said(&self, clerk: &Clerk, zone: &str) -> String {
        let message = format!("release-{}", self.novelty);
        let mut lines = vec![clerk.say(&message, &[("session", Fact::Words(&self.session))])];
        let sits = self.slot.map(|slot| when(clerk, slot, zone));
        let there: Vec<String> = sits.into_iter().chain(self.place.clone()).collect();
        if !there.is_empty() && self.novelty != Novelty::Cancelled {
            lines.push(there.join(", "));
        }
        if let Some(before) = self.before {
            lines.push(clerk.say("release-until-now", &[("when", Fact::Words(&when(clerk, before, zone)))]));
        }
        if let Some(reason) = &self.reason {
            lines.push(clerk.say("release-reason", &[("reason", Fact::Words(reason))]));
        }
        lines.join("\r\n    ")
    }
}

pub(crate) fn when(clerk: &Clerk, slot: Slot, zone: &str) -> String {
    let clock = |at: jiff::civil::DateTime| at.strftime("%H:%M").to_string();
    let (from, to) = (clock(slot.starts_local), clock(slot.ends_local));
    let (day, last) = (slot.starts_local.date(), slot.ends_local.date());
    let message = if day == last { "release-when" } else { "release-days" };
    let facts = [
        ("day", Fact::Day(day)),
        ("last", Fact::Day(last)),
        ("from", Fact::Words(&from)),
        ("to", Fact::Words(&to)),
        ("zone", Fact::Words(zone)),
    ];
    clerk.say(message, &facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schedule::Placement, time};

    fn slot(start: &str, end: &str) -> Slot {
        let zone = time::zone("Asia/Seoul", "").unwrap();
        Slot::parse(&Placement { start: start.to_owned(), end: end.to_owned() }, &zone).unwrap()
    }

    fn said(tag: &str, told: &[Told]) -> (String, String) {
        let occasion = Occasion {
            event: Some("Seoul meeting"),
            release: "Second version",
            comment: Some("Rooms have changed."),
            zone: "Asia/Seoul",
            url: "https://plenum.example/events/seoul-2019",
            followed: false,
        };
        let (subject, text) = letter(occasion, told, &Language::parse(tag).unwrap());
        (subject.replace('\u{a0}', " "), text.replace('\u{a0}', " "))
    }

    fn moved() -> Told {
        Told {
            novelty: Novelty::Moved,
            session: "2 Reports".to_owned(),
            slot: Some(slot("2019-10-08T09:00:00", "2019-10-08T10:30:00")),
            place: Some("Hall, Centre, Seoul".to_owned()),
            before: Some(slot("2019-10-07T23:00:00", "2019-10-08T01:00:00")),
            reason: None,
        }
    }

    #[test]
    fn a_mail_says_when_and_where_a_session_sits_now_and_when_it_sat() {
        let (subject, text) = said("en", &[moved()]);
        assert_eq!(subject, "Programme of Seoul meeting: Second version");
        assert_eq!(
            text,
            "The programme of Seoul meeting was released: Second version. This concerns you:\r\n\r\n\
             Moved: 2 Reports\r\n    8 October 2019, 09:00–10:30 (Asia/Seoul), Hall, Centre, Seoul\r\n    \
             Until now: 7 October 2019, 23:00 – 8 October 2019, 01:00 (Asia/Seoul)\r\n\r\n\
             Rooms have changed.\r\n\r\nhttps://plenum.example/events/seoul-2019\r\n\r\n\
             This mail went to you because you, or the delegation you manage in Plenum, have a part in these \
             sessions.\r\n"
        );
        let (subject, text) = said("pl", &[moved()]);
        assert_eq!(subject, "Program – Seoul meeting: Second version");
        assert!(text.contains("Przeniesione: 2 Reports\r\n    8 października 2019 r., 09:00–10:30"), "{text}");
        assert!(said("fr", &[moved()]).1.contains("Jusqu’ici : 7 octobre 2019, 23:00"), "{text}");
    }

    #[test]
    fn a_mail_says_what_is_not_expected_any_more_as_it_was_told() {
        let lost = |off| Lost { session: "2 Reports".to_owned(), slot: moved().slot, off };
        let said = |tag: &str| {
            let (zone, url) = ("Asia/Seoul", "https://plenum.example/events/seoul-2019");
            let language = Language::parse(tag).unwrap();
            let (subject, text) = farewell(Some("Seoul meeting"), zone, &[lost(false), lost(true)], url, &language);
            (subject.replace('\u{a0}', " "), text.replace('\u{a0}', " "))
        };
        let (subject, text) = said("en");
        assert_eq!(subject, "No longer on your programme: Seoul meeting");
        assert_eq!(
            text,
            "You were written to about these sessions of Seoul meeting. That has changed:\r\n\r\n\
             No longer expected of you, or of the delegation you manage: 2 Reports\r\n    \
             8 October 2019, 09:00–10:30 (Asia/Seoul)\r\n\r\n\
             Does not take place: 2 Reports\r\n    8 October 2019, 09:00–10:30 (Asia/Seoul)\r\n\r\n\
             https://plenum.example/events/seoul-2019\r\n\r\n\
             This mail went to you because you, or the delegation you manage in Plenum, had a part in these \
             sessions.\r\n"
        );
        assert!(said("pl").1.contains("Nie odbędzie się: 2 Reports\r\n    8 października 2019 r., 09:00–10:30"));
        assert!(said("fr").1.contains("N’aura pas lieu : 2 Reports\r\n    8 octobre 2019, 09:00–10:30"));
    }

    #[test]
    fn who_only_follows_reads_how_such_mails_end() {
        let occasion = Occasion {
            event: None,
            release: "Second version",
            comment: None,
            zone: "Asia/Seoul",
            url: "https://plenum.example/events/seoul-2019",
            followed: true,
        };
        for (tag, words) in [("en", "mail settings"), ("fr", "préférences de courrier"), ("pl", "ustawieniach poczty")]
        {
            let (_, text) = letter(occasion, &[moved()], &Language::parse(tag).unwrap());
            assert!(text.ends_with(".\r\n") && text.contains(words), "{text}");
        }
    }

    #[test]
    fn what_does_not_take_place_has_a_reason_and_no_place() {
        let told = Told {
            novelty: Novelty::Cancelled,
            before: None,
            reason: Some("The speaker is ill.".to_owned()),
            ..moved()
        };
        let (_, text) = said("en", &[told]);
        assert!(text.contains("Cancelled: 2 Reports\r\n    Reason: The speaker is ill.\r\n"), "{text}");
        assert!(!text.contains("Hall"), "{text}");
    }
}
