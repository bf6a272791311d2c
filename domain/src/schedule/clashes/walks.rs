//! How long it takes from room to room.

use std::collections::HashMap;

use super::{
    Settings,
    snapshot::{Area, Room, Snapshot},
};

/// Minutes between the areas in which there are rooms.
#[derive(Debug, Clone, Default)]
pub(super) struct Walks {
    numbers: HashMap<Area, usize>,
    minutes: Vec<Vec<u32>>,
    longest: u32,
}

impl Walks {
    /// What the snapshot tells and, for the rest, what the settings say. What is told of zones is nearer to the truth than
    /// what is told of a whole venue; where both ends are told of in part, the longer walk counts.
    pub(super) fn of(snapshot: &Snapshot, settings: &Settings) -> Self {
        let mut told: HashMap<[&Area; 2], u32> = HashMap::new();
        for walk in &snapshot.walks {
            let [one, other] = &walk.between;
            told.insert([one, other], walk.minutes);
            told.insert([other, one], walk.minutes);
        }
        let mut areas: Vec<&Area> = snapshot.rooms.iter().map(|room| &room.area).collect();
        areas.sort_unstable();
        areas.dedup();
        let between = |from: &Area, to: &Area| {
            let whole = |area: &Area| Area { venue: area.venue.clone(), zone: None };
            let told = |from: &Area, to: &Area| told.get(&[from, to]).copied();
            if from == to {
                return told(from, to).unwrap_or(settings.walk_in_zone_minutes);
            }
            let (here, there) = (whole(from), whole(to));
            let in_part = || told(from, &there).max(told(&here, to));
            let told = told(from, to).or_else(in_part).or_else(|| told(&here, &there));
            let within = settings.walk_in_venue_minutes;
            told.unwrap_or(if here == there { within } else { settings.walk_between_venues_minutes })
        };
        let minutes: Vec<Vec<u32>> =
            areas.iter().map(|from| areas.iter().map(|to| between(from, to)).collect()).collect();
        let longest = minutes.iter().flatten().copied().max().unwrap_or_default();
        let numbers = areas.into_iter().enumerate().map(|(at, area)| (area.clone(), at)).collect();
        Self { numbers, minutes, longest }
    }

    /// Minutes from the one room to the other.
    pub(super) fn between(&self, from: &Room, to: &Room) -> u32 {
        if from.id == to.id {
            return 0;
        }
        let number = |room: &Room| self.numbers.get(&room.area).copied();
        let found = number(from).zip(number(to)).and_then(|(from, to)| self.minutes.get(from)?.get(to).copied());
        found.unwrap_or_default()
    }

    /// The longest walk there is, in minutes.
    pub(super) fn longest(&self) -> u32 {
        self.longest
    }
}
