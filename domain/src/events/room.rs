//! What is known of a room.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    layout::{self, Layout, Seating},
    opening::{self, OpeningHours},
};
use crate::{
    Check, Code, Language, Text, Violation,
    calendars::Position,
    external::{self, ExternalId},
    identifier::Handle,
    language::search_key,
    time,
};

/// A room in a venue; events share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Unique short name.
    pub code: Code,
    /// What its owner calls it.
    pub name: Text,
    /// The building.
    pub venue: Text,
    /// A neutral name, shown in programmes and calendars instead of the real one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_label: Option<Text>,
    /// Persons it holds at most, however its seats stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub capacity: Option<i32>,
    /// Persons it holds in each layout it can be given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 9))]
    pub layouts: Vec<Seating>,
    /// The part of the venue it lies in, as a word, such as `north_wing`: how far it is to walk depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{1,39}$"))]
    pub zone: Option<String>,
    /// The floor it is on, the ground floor being 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -20, max = 200))]
    pub floor: Option<i32>,
    /// Where it is on the map: latitude and longitude in degrees (WGS 84), as maps show them to be copied, such as
    /// `37.5326,126.9607`. Calendars show it unless the room has a neutral name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^-?[0-9]{1,2}(\.[0-9]{1,15})?, ?-?[0-9]{1,3}(\.[0-9]{1,15})?$"))]
    pub position: Option<String>,
    /// IANA name of the zone of its building, such as `Asia/Seoul`. Its opening hours and bookings are meant on the
    /// clocks there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 3, max = 64))]
    pub time_zone: Option<String>,
    /// When it can be used; none means always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub opening_hours: Vec<OpeningHours>,
    /// Whether a session may be scheduled in it only once that was approved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_approval: bool,
    /// Whether several sessions may use it at once: a foyer, a terrace.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// The group it belongs to. Its chairs decide who gets it, beside the secretariat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_group_id: Option<Handle>,
    /// What it has, each as a word: `booths`, `hybrid`, `secure`.
    #[serde(default)]
    #[schemars(length(max = 30), inner(regex(pattern = "^[a-z][a-z0-9_]{1,39}$")))]
    pub features: Vec<String>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

impl Room {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(self.name.check("/name", 200));
        check.take(self.venue.check("/venue", 200));
        if let Some(label) = &self.public_label {
            check.take(label.check("/public_label", 200));
        }
        check.require(
            self.capacity.is_none_or(layout::is_capacity),
            "/capacity",
            "out_of_range",
            "Give 1 to 1,000,000 persons, or leave it out.",
        );
        layout::check(&self.layouts, self.capacity, &mut check);
        self.check_position(&mut check);
        opening::check(&self.opening_hours, &mut check);
        check_features(&self.features, "/features", &mut check);
        external::check(&self.external_ids, &mut check);
        check.finish()
    }

    fn check_position(&self, check: &mut Check) {
        check.require(
            self.zone.as_deref().is_none_or(is_word),
            "/zone",
            "invalid",
            "Write the zone as a word of 2 to 40 small letters, digits and '_', such as 'north_wing'.",
        );
        check.require(
            self.floor.is_none_or(|floor| (-20..=200).contains(&floor)),
            "/floor",
            "out_of_range",
            "Count floors from -20 to 200, the ground floor being 0.",
        );
        check.require(
            self.position.as_deref().is_none_or(|position| Position::parse(position).is_some()),
            "/position",
            "invalid",
            "Write latitude and longitude in degrees with a comma between them, such as '37.5326,126.9607'.",
        );
        if let Some(name) = &self.time_zone {
            check.take(time::zone(name, "/time_zone"));
        }
        check.require(
            self.opening_hours.is_empty() || self.time_zone.is_some(),
            "/time_zone",
            "required",
            "Opening hours are meant on the clocks of a place. Name its time zone, such as 'Asia/Seoul'.",
        );
    }

    /// Persons it holds in `layout`: as many as was said of it, else as many as it holds at most.
    pub fn holds(&self, layout: Option<Layout>) -> Option<i32> {
        let seating = layout.and_then(|wanted| self.layouts.iter().find(|seating| seating.layout == wanted));
        seating.map(|seating| seating.capacity).or(self.capacity)
    }

    /// What programmes and calendars call it, and its venue: the neutral label where there is one, for everybody, so
    /// that no answer depends on who asks.
    pub fn place(&self, languages: &[Language]) -> Vec<&str> {
        let name = self.public_label.as_ref().unwrap_or(&self.name);
        [name, &self.venue].into_iter().filter_map(|text| Some(text.resolve(languages)?.1)).collect()
    }

    /// Where calendars show it on the map. Who calls it by a neutral name does not want it found.
    pub fn shown_at(&self) -> Option<Position> {
        self.position.as_deref().filter(|_| self.public_label.is_none()).and_then(Position::parse)
    }

    /// Its venue, and the zone of that.
    pub fn lies_in(&self) -> (&Text, Option<&str>) {
        (&self.venue, self.zone.as_deref())
    }

    /// Code and names folded for searching.
    pub fn search_key(&self) -> String {
        let texts = [Some(&self.name), Some(&self.venue), self.public_label.as_ref()];
        let words = texts.into_iter().flatten().flat_map(|text| text.0.values()).map(String::as_str);
        search_key(&std::iter::once(self.code.as_str()).chain(words).collect::<Vec<_>>().join(" "))
    }
}

/// At most 30 words, each once.
pub(crate) fn check_features(features: &[String], pointer: &str, check: &mut Check) {
    check.require(features.len() <= 30, pointer, "too_many", "Name at most 30 features.");
    for (at, feature) in features.iter().enumerate() {
        let pointer = format!("{pointer}/{at}");
        check.require(
            is_word(feature),
            &pointer,
            "invalid",
            "Write a feature as a word of 2 to 40 small letters, digits and '_', such as 'booths'.",
        );
        check.require(!features[..at].contains(feature), &pointer, "repeated", "Name every feature once.");
    }
}

/// Whether `value` is a word of 2 to 40 small letters, digits and `_`.
pub(crate) fn is_word(value: &str) -> bool {
    (2..=40).contains(&value.len())
        && value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> Room {
        serde_json::from_value(serde_json::json!({
            "code": "hall-a", "name": {"en": "Grand Hall", "ko": "대강당"}, "venue": {"en": "Convention Centre"},
            "features": ["booths"],
        }))
        .unwrap()
    }

    #[test]
    fn a_neutral_label_takes_the_place_of_the_name() {
        assert_eq!(room().place(&[Language::english()]), ["Grand Hall", "Convention Centre"]);
        let secret = Room { public_label: Some(Text::one(Language::english(), "Room 7")), ..room() };
        assert_eq!(secret.place(&[Language::parse("ko").unwrap()]), ["Room 7", "Convention Centre"]);
    }

    #[test]
    fn features_are_words_and_named_once() {
        let features = ["booths", "booths", "Secure!"].map(String::from).to_vec();
        let faults = Room { features, capacity: Some(0), ..room() }.check().unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(found, [("/capacity", "out_of_range"), ("/features/1", "repeated"), ("/features/2", "invalid")]);
    }

    #[test]
    fn a_layout_holds_what_was_said_of_it_and_never_more_than_the_room() {
        let said = serde_json::json!([{"layout": "u_shape", "capacity": 40}, {"layout": "theatre", "capacity": 120}]);
        let hall = Room { capacity: Some(120), layouts: serde_json::from_value(said).unwrap(), ..room() };
        assert_eq!(hall.check(), Ok(()));
        assert_eq!(
            [Some(Layout::UShape), Some(Layout::Banquet), None].map(|l| hall.holds(l)),
            [40, 120, 120].map(Some)
        );
        let twice = [hall.layouts[0], hall.layouts[0]].to_vec();
        let faults = Room { capacity: Some(39), layouts: twice, ..room() }.check().unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        let more = "more_than_capacity";
        assert_eq!(
            found,
            [("/layouts/0/capacity", more), ("/layouts/1/layout", "repeated"), ("/layouts/1/capacity", more)]
        );
    }

    #[test]
    fn opening_hours_are_those_of_a_place() {
        let hours = serde_json::json!([{"day": "monday", "opens": "08:00", "closes": "18:00"}]);
        let hall = Room { opening_hours: serde_json::from_value(hours).unwrap(), ..room() };
        let faults = hall.check().unwrap_err();
        assert_eq!((faults.len(), faults[0].pointer.as_str(), faults[0].code), (1, "/time_zone", "required"));
        assert_eq!(Room { time_zone: Some("Asia/Seoul".into()), ..hall.clone() }.check(), Ok(()));
        let faults = Room { time_zone: Some("Seoul".into()), ..hall }.check().unwrap_err();
        assert_eq!(faults[0].code, "unknown_time_zone");
    }
}
