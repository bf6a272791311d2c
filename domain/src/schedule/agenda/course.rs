//! The course of a sitting: when what is still to come will be taken up, and when the sitting will be through.
//!
//! An item's minutes are its own, beside those of the items below it. Nothing is stored of this: it follows from the
//! plan, from what has happened, and from the time it is.

use jiff::{SignedDuration, Timestamp};

use super::{ItemState, Period};
use crate::identifier::AgendaItemId;

/// An item as far as time depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// Which.
    pub id: AgendaItemId,
    /// Where it stands.
    pub state: ItemState,
    /// How long it is planned to take.
    pub minutes: u16,
    /// When it was dealt with.
    pub periods: Vec<Period>,
}

impl Leg {
    fn planned(&self) -> SignedDuration {
        SignedDuration::from_mins(self.minutes.into())
    }

    fn used(&self, now: Timestamp) -> SignedDuration {
        self.periods.iter().fold(SignedDuration::ZERO, |sum, period| sum.saturating_add(period.length(now)))
    }

    /// What is left of its time; nothing once it has taken longer than planned.
    fn left(&self, now: Timestamp) -> SignedDuration {
        self.planned().saturating_sub(self.used(now)).max(SignedDuration::ZERO)
    }

    /// Its share of the plan. What left the agenda leaves the plan; the time that it had taken already stays.
    fn share(&self, now: Timestamp) -> SignedDuration {
        if self.state.has_left() { self.planned().min(self.used(now)) } else { self.planned() }
    }
}

/// A sitting with its items in the order of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// When it begins by the programme.
    pub starts_at: Timestamp,
    /// When it is over by the programme.
    pub ends_at: Timestamp,
    /// Its items.
    pub legs: Vec<Leg>,
}

/// What is to be expected of a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// When each item that lies ahead begins and ends, in the order in which they are dealt with. Of what was begun
    /// already, the begin is that of then.
    pub legs: Vec<(AgendaItemId, Timestamp, Timestamp)>,
    /// When the last item is through.
    pub ends_at: Timestamp,
    /// By how many whole minutes that is later than planned; negative where it is earlier.
    pub running_late_minutes: i64,
    /// By how many whole minutes it is later than the session is meant to be over; 0 where it is not.
    pub over_minutes: i64,
}

impl Course {
    /// What is to be expected at `now`. The item that is open goes on for what is left of its time; then come those that
    /// were begun and those that were not, in the order of the agenda. A sitting of which nothing was ever opened is
    /// late while it should be sitting; once its time is over nobody kept its agenda, and it is taken as it was planned.
    pub fn expected(&self, now: Timestamp) -> Expected {
        let begun = self.legs.iter().any(|leg| !leg.periods.is_empty());
        let mut at = match begun {
            true => now,
            false if now < self.ends_at => now.max(self.starts_at),
            false => self.starts_at,
        };
        let ahead = |open: bool| {
            let ahead = self.legs.iter().filter(|leg| leg.state.lies_ahead());
            ahead.filter(move |leg| (leg.state == ItemState::Open) == open)
        };
        let mut legs = vec![];
        for leg in ahead(true).chain(ahead(false)) {
            let begins = leg.periods.first().map_or(at, |period| period.from);
            at = later(at, leg.left(now));
            legs.push((leg.id, begins, at));
        }
        let ends_at = if legs.is_empty() { self.last_end().unwrap_or(self.starts_at) } else { at };
        self.summed_up(legs, ends_at, now)
    }

    /// What was of it, once it is over: nothing lies ahead.
    pub fn over(&self) -> Expected {
        let ends_at = self.last_end().unwrap_or_else(|| later(self.starts_at, self.planned(self.ends_at)));
        self.summed_up(vec![], ends_at, ends_at)
    }

    fn summed_up(
        &self,
        legs: Vec<(AgendaItemId, Timestamp, Timestamp)>,
        ends_at: Timestamp,
        now: Timestamp,
    ) -> Expected {
        let planned = later(self.starts_at, self.planned(now));
        Expected {
            legs,
            ends_at,
            running_late_minutes: ends_at.duration_since(planned).as_mins(),
            over_minutes: ends_at.duration_since(self.ends_at).as_mins().max(0),
        }
    }

    fn planned(&self, now: Timestamp) -> SignedDuration {
        self.legs.iter().fold(SignedDuration::ZERO, |sum, leg| sum.saturating_add(leg.share(now)))
    }

    fn last_end(&self) -> Option<Timestamp> {
        self.legs.iter().flat_map(|leg| &leg.periods).filter_map(|period| period.to).max()
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}
