//! What the host of an event arranges, as an aide-mémoire tells it: when it works, what is kept free, how long one walks
//! and how many interpreters there are.
//!
//! All times are those on the wall of the event and stay so when its zone changes; the clash rules get the instants they
//! stand for then.

use std::collections::HashSet;

use jiff::{
    ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Placement, Slot, clashes};
use crate::{
    Check, Language, Text, Violation,
    events::{ClockTime, Event, Venues, room::is_word},
    time,
};

mod check;

#[cfg(test)]
mod tests;

/// What the host arranges. What is left out is not known, and the clash rules say nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "PracticalArrangements")]
pub struct Arrangements {
    /// When the host works; none means always.
    #[schemars(length(max = 50))]
    pub working_hours: Vec<HostHours>,
    /// Days on which the host does not work.
    #[schemars(length(max = 50))]
    pub holidays: Vec<DayOff>,
    /// Times kept free for prayer and feasts.
    #[schemars(length(max = 30))]
    pub observances: Vec<KeptFree>,
    /// How long one walks, where that differs from what `clash-rules` say of zones and venues.
    #[schemars(length(max = 200))]
    pub walks: Vec<Distance>,
    /// The teams of interpreters, by language. Once one is told of, there is none for a language that is not named.
    #[schemars(length(max = 20))]
    pub interpreters: Vec<Teams>,
}

/// A part of the day on the clocks of the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HostHours {
    /// The days it is meant for; left out, every day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 100))]
    pub days: Vec<Date>,
    /// When it begins.
    pub from: ClockTime,
    /// The first moment after it. Not later than `from` means on the next day: `00:00` to `00:00` is the whole day.
    pub to: ClockTime,
}

/// A day on which the host does not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DayOff {
    /// The day, by the calendar of the event's place.
    pub day: Date,
    /// What it is called.
    pub name: Text,
}

/// A time kept free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptFree {
    /// What it is called.
    pub name: Text,
    /// When.
    pub when: When,
}

/// When something is kept free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "KeptFreeWhen")]
pub enum When {
    /// From one time to another.
    Once(Placement),
    /// Day by day at the same time.
    Daily(HostHours),
}

/// How long it takes from one place to another, and back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distance {
    /// The two places, in whatever order. The same place twice stands for the way within it: in a zone from room to
    /// room, in a whole venue from zone to zone.
    pub between: [VenuePart; 2],
    /// How many minutes one walks.
    #[schemars(range(max = 1440))]
    pub minutes: u32,
}

/// A venue, or a zone of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VenuePart {
    /// The name of the venue as rooms have it, in any of its languages; case and diacritics do not count.
    #[schemars(length(min = 1, max = 200))]
    pub venue: String,
    /// The zone as rooms have it; left out, the whole venue. What is told of a zone goes before what is told of its venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{1,39}$"))]
    pub zone: Option<String>,
}

/// The teams of interpreters for one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InterpreterTeams")]
pub struct Teams {
    /// The language they interpret into.
    pub language: Language,
    /// How many teams there are.
    #[schemars(range(max = 100))]
    pub teams: u32,
}

impl Arrangements {
    /// This once nothing is wrong with it, times without an offset being those of `event`. A walk that was told of
    /// `before` may stay when its rooms have gone.
    pub fn settled(mut self, event: &Event, venues: &Venues, before: &Self) -> Result<Self, Vec<Violation>> {
        check::all(&mut self, event, venues, before)?;
        Ok(self)
    }

    /// This in the zone that its event has now: the times on the wall stay, and have the offset of the place.
    pub fn recalled(mut self, zone: &TimeZone) -> Self {
        for own in &mut self.observances {
            if let When::Once(placement) = &mut own.when
                && let Some(slot) = Slot::recalled(placement, zone)
            {
                *placement = slot.placement();
            }
        }
        self
    }

    /// Hands it to the clash rules, for `event` with the clocks of `zone`.
    pub fn tell(&self, snapshot: &mut clashes::Snapshot, event: &Event, venues: &Venues) {
        let hours = self.working_hours.iter().map(HostHours::for_rules);
        let days_off = self.holidays.iter().map(|own| clashes::Holiday { day: own.day, name: own.name.clone() });
        let teams = |own: &Teams| clashes::Interpreters { language: own.language.clone(), teams: own.teams };
        snapshot.working_hours = hours.collect();
        snapshot.holidays = days_off.collect();
        snapshot.observances = self.observances.iter().flat_map(|own| own.spans(event, &snapshot.zone)).collect();
        snapshot.walks = self.walks.iter().filter_map(|own| own.for_rules(venues)).collect();
        snapshot.interpreters = self.interpreters.iter().map(teams).collect();
    }
}

impl HostHours {
    fn for_rules(&self) -> clashes::Hours {
        clashes::Hours { days: self.days.clone(), from: self.from.time(), to: self.to.time() }
    }
}

impl KeptFree {
    /// What is kept free in all, within a day of the event. What the clocks of `zone` skip or repeat by now is left aside
    /// where it was meant for once, and taken as calendars take it where it is meant for every day (RFC 5545, 3.3.5).
    fn spans(&self, event: &Event, zone: &TimeZone) -> Vec<clashes::Observance> {
        let spans: Vec<clashes::Span> = match &self.when {
            When::Once(placement) => Slot::recalled(placement, zone).map(Into::into).into_iter().collect(),
            When::Daily(hours) => {
                let (hours, (first, last)) = (hours.for_rules(), event.details.days_with_margin());
                first.series(1.day()).take_while(|day| *day <= last).filter_map(|day| hours.on(day, zone)).collect()
            }
        };
        spans.into_iter().map(|span| clashes::Observance { span, name: self.name.clone() }).collect()
    }
}

impl Distance {
    /// This between the venues that rooms are in; nothing where none is in one of them.
    fn for_rules(&self, venues: &Venues) -> Option<clashes::Walk> {
        let area = |part: &VenuePart| {
            Some(clashes::Area { venue: venues.key(&part.venue)?.to_owned(), zone: part.zone.clone() })
        };
        let [one, other] = &self.between;
        Some(clashes::Walk { between: [area(one)?, area(other)?], minutes: self.minutes })
    }
}
