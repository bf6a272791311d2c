//! What a feed is: whose sessions it shows, to whom, and how much of them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Detail, SubscribeLink};
use crate::{
    Check, Language, Violation,
    access::check_overlap,
    identifier::{Handle, KeyId},
    language::check_line,
};

crate::words! {
    /// Whose sessions a feed shows.
    #[schemars(rename = "FeedKind")]
    pub enum Kind {
        /// Those of one event, whenever it was.
        Event = "event",
        /// Those of a group and of its events, from 90 days ago to 18 months ahead.
        Group = "group",
        /// Those in a room, over the same time.
        Room = "room",
        /// Those in which a person has a duty that they have not declined, and what they follow, over the same time. Only the
        /// person makes one.
        Person = "person",
        /// What concerns the delegations of an organisation, over the same time: the events to which they come, the
        /// plenaries there, and the sessions in which they, or somebody in them, have a duty.
        Organisation = "organisation",
        /// The same of its delegation at one event, whenever that was.
        Delegation = "delegation",
        /// The important dates of one event: its days, and until when to answer the invitation, to name delegates and to
        /// answer date polls, as far as that concerns whoever made it.
        Dates = "dates",
    }
}

crate::words! {
    /// Who can read a feed.
    #[schemars(rename = "FeedAccess")]
    pub enum Access {
        /// Everybody, at an address that follows from the code; it shows what everybody may see.
        Public = "public",
        /// Whoever has its secret address; it shows what its owner may see when it is fetched.
        Token = "token",
    }
}

impl Kind {
    /// Whether there are feeds of this kind for everybody. Rooms are for those who work with them, and who has to be where
    /// for themselves.
    pub fn is_for_everybody(self) -> bool {
        matches!(self, Self::Event | Self::Group)
    }

    /// The name under which changes to the sessions of `object` are counted.
    pub fn scope(self, object: Uuid) -> String {
        let kind = if self == Self::Dates { Self::Event } else { self };
        format!("{kind}:{object}")
    }

    /// The address of the public feed of the object with this code, below the server's own.
    pub fn public_path(self, code: &str) -> String {
        format!("/ical/{self}s/{code}.ics")
    }

    /// The same for all of time, where the feed does not show that anyway.
    pub fn public_path_of_everything(self, code: &str) -> String {
        match self {
            Self::Event => self.public_path(code),
            _ => format!("/ical/{self}s/{code}/all.ics"),
        }
    }
}

/// What its owner says of a feed. Kind, object and access stay as they were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedSettings {
    /// Whose sessions it shows.
    pub kind: Kind,
    /// The event (also of its dates), the group, the room, the organisation or the delegation; of a feed of one's own duties one's own person,
    /// by id or as `me`.
    pub object_id: Handle,
    /// What it is called, in the list of feeds and in the subscriber's program.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// How much of the sessions it shows; a public feed shows everything.
    #[serde(default)]
    pub detail: Detail,
    /// The language it is written in; otherwise each event's main one. Not for public feeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Who can read it.
    pub access: Access,
    /// How many minutes before each session the subscriber's program reminds them; left out, it does not. Programs may
    /// ask before they do, and some never do. Not for public feeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_080))]
    pub alarm_minutes: Option<u16>,
    /// Whether what was called off is left out, instead of being shown as such. Not for public feeds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_cancelled: bool,
    /// Whether one's own duties are left out. Only for feeds of the kind `person`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_duties: bool,
    /// Whether what one only follows is left out. Only for feeds of the kind `person`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_followed: bool,
}

/// A week.
const LONGEST_ALARM: u16 = 7 * 24 * 60;

impl FeedSettings {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.name, "/name", 200));
        let chosen = self.access == Access::Token;
        let for_public =
            |what: &str| format!("Everybody reads the same public feed. Ask for access 'token' to choose {what}.");
        check
            .require(
                chosen || self.kind.is_for_everybody(),
                "/access",
                "not_for_everybody",
                "Only events and groups have calendars for everybody. Ask for access 'token'.",
            )
            .require(
                self.alarm_minutes.is_none_or(|minutes| minutes <= LONGEST_ALARM),
                "/alarm_minutes",
                "out_of_range",
                format!("Let the program remind at most {LONGEST_ALARM} minutes before, a week."),
            )
            .require(
                chosen || self.alarm_minutes.is_none(),
                "/alarm_minutes",
                "not_for_public_feeds",
                for_public("when to be reminded"),
            )
            .require(
                chosen || !self.without_cancelled,
                "/without_cancelled",
                "not_for_public_feeds",
                for_public("what to leave out"),
            )
            .require(
                chosen || self.detail == Detail::Full,
                "/detail",
                "not_for_public_feeds",
                "Everybody reads the same public feed, in full. Ask for access 'token' to choose the detail.",
            )
            .require(
                chosen || self.language.is_none(),
                "/language",
                "not_for_public_feeds",
                for_public("the language"),
            );
        for (without, pointer) in
            [(self.without_duties, "/without_duties"), (self.without_followed, "/without_followed")]
        {
            check.require(
                !without || self.kind == Kind::Person,
                pointer,
                "not_for_this_kind",
                "Only your own calendar (kind 'person') is made of duties and of what you follow.",
            );
        }
        check.require(
            !(self.without_duties && self.without_followed),
            "/without_followed",
            "nothing_left",
            "Keep your duties or what you follow: without both the calendar is empty.",
        );
        check.finish()
    }

    /// What of it cannot become `next`: an address that is out must go on meaning the same.
    pub fn check_change(&self, next: &Self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        for (same, pointer) in [
            (self.kind == next.kind, "/kind"),
            (self.object_id == next.object_id, "/object_id"),
            (self.access == next.access, "/access"),
        ] {
            check.require(same, pointer, "cannot_change", "Revoke this feed and make another one instead.");
        }
        check.finish()
    }
}

/// A calendar subscription as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Feed {
    /// What its owner says of it.
    #[serde(flatten)]
    pub settings: FeedSettings,
    /// The address to subscribe to. That of a feed with a token holds its secret, of which only a hash is kept: it is
    /// shown once, where the feed is made and where its token is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The address as calendar programs take it, with how soon each shows a change; where the address is told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscribe: Vec<SubscribeLink>,
    /// Until when the address before this one works too (UTC), if its token was replaced with an overlap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_url_until: Option<Timestamp>,
    /// The key that made it and whose rights it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_key_id: Option<KeyId>,
    /// The account of whoever made it in a browser, and whose rights it has. A feed made on the server itself has
    /// neither owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_account_id: Option<Uuid>,
    /// When it was last fetched (UTC), to the hour. Only known of feeds with a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_fetched_at: Option<Timestamp>,
    /// The program that fetched it then, in its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_agent: Option<String>,
}

/// How the token of a feed is replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedRotation {
    /// Hours for which the old address works beside the new one; 0, and nothing said, ends it at once.
    #[serde(default)]
    #[schemars(range(min = 0, max = 168))]
    pub overlap_hours: u16,
}

impl FeedRotation {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        check_overlap(self.overlap_hours).map_err(|violation| vec![violation])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(json: serde_json::Value) -> FeedSettings {
        let mut whole =
            serde_json::json!({"kind": "event", "object_id": "seoul-2019", "name": "Seoul", "access": "token"});
        whole.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    fn codes(result: Result<(), Vec<Violation>>) -> Vec<(String, &'static str)> {
        result.unwrap_err().into_iter().map(|violation| (violation.pointer, violation.code)).collect()
    }

    #[test]
    fn a_feed_shows_everything_unless_somebody_said_less() {
        let plain = feed(serde_json::json!({}));
        assert_eq!((plain.detail, plain.check()), (Detail::Full, Ok(())));
    }

    #[test]
    fn everybody_reads_the_same_public_feed() {
        let fussy = feed(serde_json::json!({"access": "public", "detail": "busy_only", "language": "pl", "name": " "}));
        let expected = [("/name", "blank"), ("/detail", "not_for_public_feeds"), ("/language", "not_for_public_feeds")];
        assert_eq!(codes(fussy.check()), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn reminders_and_what_is_left_out_are_chosen_with_a_token_and_rooms_have_no_public_feed() {
        let fussy = feed(serde_json::json!({"access": "public", "alarm_minutes": 15, "without_cancelled": true}));
        let expected = [("/alarm_minutes", "not_for_public_feeds"), ("/without_cancelled", "not_for_public_feeds")];
        assert_eq!(codes(fussy.check()), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        let week = |minutes: u16| feed(serde_json::json!({"alarm_minutes": minutes})).check();
        assert_eq!((week(0), week(10_080)), (Ok(()), Ok(())));
        assert_eq!(codes(week(10_081)), [("/alarm_minutes".to_owned(), "out_of_range")]);
        for kind in ["room", "person", "organisation", "delegation", "dates"] {
            let everybodys = feed(serde_json::json!({"kind": kind, "access": "public"}));
            assert_eq!(codes(everybodys.check()), [("/access".to_owned(), "not_for_everybody")]);
        }
    }

    #[test]
    fn only_ones_own_calendar_is_made_of_duties_and_of_what_one_follows_and_of_one_of_them_at_least() {
        let own = |more: serde_json::Value| {
            let mut whole = serde_json::json!({"kind": "person", "object_id": "me"});
            whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            feed(whole).check()
        };
        assert_eq!(own(serde_json::json!({"without_duties": true})), Ok(()));
        assert_eq!(own(serde_json::json!({"without_followed": true})), Ok(()));
        let neither = own(serde_json::json!({"without_duties": true, "without_followed": true}));
        assert_eq!(codes(neither), [("/without_followed".to_owned(), "nothing_left")]);
        let others = feed(serde_json::json!({"without_duties": true})).check();
        assert_eq!(codes(others), [("/without_duties".to_owned(), "not_for_this_kind")]);
    }

    #[test]
    fn an_address_goes_on_meaning_the_same() {
        let before = feed(serde_json::json!({}));
        let narrowed = feed(serde_json::json!({"detail": "title_only", "language": "pl", "name": "Seul"}));
        assert_eq!(before.check_change(&narrowed), Ok(()));
        let other = feed(serde_json::json!({"kind": "group", "object_id": "warsaw-cyber", "access": "public"}));
        let expected = ["/kind", "/object_id", "/access"].map(|pointer| (pointer.to_owned(), "cannot_change"));
        assert_eq!(codes(before.check_change(&other)), expected);
    }

    #[test]
    fn the_public_address_follows_from_the_code() {
        assert_eq!(Kind::Event.public_path("seoul-2019"), "/ical/events/seoul-2019.ics");
        assert_eq!(Kind::Group.public_path("warsaw-cyber"), "/ical/groups/warsaw-cyber.ics");
        assert_eq!(Kind::Group.public_path_of_everything("warsaw-cyber"), "/ical/groups/warsaw-cyber/all.ics");
        assert_eq!(Kind::Event.public_path_of_everything("seoul-2019"), "/ical/events/seoul-2019.ics");
    }
}
