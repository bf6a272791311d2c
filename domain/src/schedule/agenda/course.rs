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

/// A session with its items in the order of the agenda. What one sitting does not get through goes on in the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    sittings: Vec<(Timestamp, Timestamp)>,
    pub(super) legs: Vec<Leg>,
}

/// What is to be expected of a session.
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
    /// That of a session with these sittings, from when until when each sits by the programme, and these items; none
    /// without a sitting. Where two overlap, the later counts from the end of the earlier.
    pub fn new(mut sittings: Vec<(Timestamp, Timestamp)>, legs: Vec<Leg>) -> Option<Self> {
        sittings.sort_unstable();
        for at in 1..sittings.len() {
            let over = sittings[at - 1].1;
            let (starts_at, ends_at) = sittings[at];
            sittings[at] = (starts_at.max(over), ends_at.max(over));
        }
        (!sittings.is_empty()).then_some(Self { sittings, legs })
    }

    fn starts_at(&self) -> Timestamp {
        self.sittings[0].0
    }

    fn ends_at(&self) -> Timestamp {
        self.sittings[self.sittings.len() - 1].1
    }

    /// What is to be expected at `now`. The item that is open goes on for what is left of its time; then come those that
    /// were begun and those that were not, in the order of the agenda. A sitting of which nothing was ever opened is
    /// late while it should be sitting; once its time is over nobody kept its agenda, and it is taken as it was planned.
    pub fn expected(&self, now: Timestamp) -> Expected {
        self.prolonged(now).foreseen(now)
    }

    /// The same with the sitting that goes on although its time is over, for as long as the open item takes.
    fn prolonged(&self, now: Timestamp) -> Self {
        let mut longer = self.clone();
        let open = self.legs.iter().find(|leg| leg.state == ItemState::Open);
        let gap = (1..self.sittings.len()).find(|at| self.sittings[at - 1].1 <= now && now < self.sittings[*at].0);
        if let (Some(open), Some(next)) = (open, gap) {
            longer.sittings[next - 1].1 = later(now, open.left(now)).min(self.sittings[next].0);
        }
        longer
    }

    fn foreseen(&self, now: Timestamp) -> Expected {
        let begun = self.legs.iter().any(|leg| !leg.periods.is_empty());
        let mut at = match begun {
            true => now,
            false if now < self.ends_at() => now.max(self.starts_at()),
            false => self.starts_at(),
        };
        let ahead = |open: bool| {
            let ahead = self.legs.iter().filter(|leg| leg.state.lies_ahead());
            ahead.filter(move |leg| (leg.state == ItemState::Open) == open)
        };
        let mut legs = vec![];
        for leg in ahead(true).chain(ahead(false)) {
            let begins = leg.periods.first().map_or_else(|| self.seated(at), |period| period.from);
            at = self.after(at, leg.left(now));
            legs.push((leg.id, begins, at));
        }
        let ends_at = if legs.is_empty() { self.last_end().unwrap_or(self.starts_at()) } else { at };
        self.summed_up(legs, ends_at, now)
    }

    /// What was of it, once it is over: nothing lies ahead.
    pub fn over(&self) -> Expected {
        let ends_at = self.last_end().unwrap_or_else(|| self.after(self.starts_at(), self.planned(self.ends_at())));
        self.summed_up(vec![], ends_at, ends_at)
    }

    fn summed_up(
        &self,
        legs: Vec<(AgendaItemId, Timestamp, Timestamp)>,
        ends_at: Timestamp,
        now: Timestamp,
    ) -> Expected {
        let late = self.sat(ends_at).saturating_sub(self.planned(now));
        Expected {
            legs,
            ends_at,
            running_late_minutes: late.as_mins(),
            over_minutes: ends_at.duration_since(self.ends_at()).as_mins().max(0),
        }
    }

    /// `at`, or the begin of the next sitting where none sits then and one is still to come.
    fn seated(&self, at: Timestamp) -> Timestamp {
        let next = self.sittings.windows(2).find(|pair| pair[0].1 <= at && at < pair[1].0);
        next.map_or(at, |pair| pair[1].0)
    }

    /// How long was sat at `at` since the begin. After the last sitting the time goes on, and before the first it counts
    /// backwards.
    fn sat(&self, at: Timestamp) -> SignedDuration {
        let pauses = self.sittings.windows(2).map(|pair| at.clamp(pair[0].1, pair[1].0).duration_since(pair[0].1));
        pauses.fold(at.duration_since(self.starts_at()), SignedDuration::saturating_sub)
    }

    /// The instant at which `by` more was sat than at `at`.
    fn after(&self, at: Timestamp, by: SignedDuration) -> Timestamp {
        let mut then = later(at, by);
        for pair in self.sittings.windows(2) {
            if at < pair[1].0 && pair[0].1 < then {
                then = later(then, pair[1].0.duration_since(pair[0].1.max(at)));
            }
        }
        then
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
