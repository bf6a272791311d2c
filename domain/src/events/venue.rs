//! Venues, as rooms name them.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{Text, language::search_key};

/// The venues in which some rooms lie. Two rooms are in the same one where their venues have a name in common, in whatever
/// language and but for case and diacritics; so are those that a third room joins by having the name of either.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Venues {
    keys: HashMap<String, String>,
    zones: HashSet<(String, String)>,
}

impl Venues {
    /// Those of rooms with these venues and zones.
    pub fn of<'a>(rooms: impl Iterator<Item = (&'a Text, Option<&'a str>)> + Clone) -> Self {
        let mut venues = Self::default();
        rooms.clone().for_each(|(venue, _)| venues.add(venue));
        venues.zones = rooms.filter_map(|(venue, zone)| Some((venues.key_of(venue), zone?.to_owned()))).collect();
        venues
    }

    fn add(&mut self, venue: &Text) {
        let names: BTreeSet<String> = venue.0.values().map(|name| search_key(name)).collect();
        let known: BTreeSet<String> = names.iter().filter_map(|name| self.keys.get(name).cloned()).collect();
        let Some(key) = known.first().or(names.first()).cloned() else { return };
        if known.len() > 1 {
            self.keys.values_mut().filter(|own| known.contains(*own)).for_each(|own| own.clone_from(&key));
        }
        for name in names {
            self.keys.insert(name, key.clone());
        }
    }

    /// What tells the venue from all others, by its name in any language.
    pub fn key(&self, name: &str) -> Option<&str> {
        self.keys.get(&search_key(name)).map(String::as_str)
    }

    /// The same of a venue with all its names.
    pub fn key_of(&self, venue: &Text) -> String {
        let known = venue.0.values().find_map(|name| self.key(name));
        known.map_or_else(|| venue.search_key(), str::to_owned)
    }

    /// Whether a room lies in this zone of the venue.
    pub fn has_zone(&self, key: &str, zone: &str) -> bool {
        self.zones.contains(&(key.to_owned(), zone.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::events::Room;

    fn room(venue: serde_json::Value, zone: Option<&str>) -> Room {
        serde_json::from_value(json!({"code": "aa", "name": {"en": "A"}, "venue": venue, "zone": zone})).unwrap()
    }

    #[test]
    fn rooms_are_in_one_venue_where_a_name_of_it_is_the_same() {
        let rooms = [
            room(json!({"en": "Royal Castle", "pl": "Zamek Królewski"}), Some("north_wing")),
            room(json!({"pl": "zamek krolewski"}), None),
            room(json!({"en": "Hotel"}), None),
            room(json!({"fr": "Château royal"}), None),
            // Whoever names it in all languages says that it is the one place.
            room(json!({"en": "Royal Castle", "fr": "Château royal"}), None),
        ];
        let venues = Venues::of(rooms.iter().map(Room::lies_in));
        let keys: Vec<String> = rooms.iter().map(|room| venues.key_of(&room.venue)).collect();
        assert!([&keys[1], &keys[3], &keys[4]].iter().all(|key| **key == keys[0]) && keys[2] != keys[0], "{keys:?}");
        assert_eq!(venues.key("CHATEAU ROYAL"), Some(keys[0].as_str()));
        assert_eq!(venues.key("Castle"), None);
        assert!(venues.has_zone(&keys[0], "north_wing") && !venues.has_zone(&keys[2], "north_wing"));
    }
}
