//! Whether somebody passes: pure, from the badge, the check type and what happened before.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{BadgeState, CheckTypeDetails, Direction, Rule, Verdict};
use crate::{attendance::Category, time};

/// The holder of a badge, as far as a door must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Whether the badge opens anything.
    pub badge: BadgeState,
    /// The zones it opens; none for all.
    pub zones: Vec<String>,
    /// Whether the delegate is approved.
    pub approved: bool,
    /// The category of the delegation.
    pub category: Category,
}

/// A time at which somebody passed. They are in the order of time, and of two at the same time the one that was recorded
/// first comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passage {
    /// When.
    pub at: Timestamp,
    /// In which order the checks of this delegate at this check type were recorded, from 1.
    pub number: i32,
    /// Which way.
    pub direction: Direction,
}

/// What is checked, and where and when the event is.
#[derive(Debug, Clone)]
pub struct Occasion<'a> {
    /// What is checked.
    pub check_type: &'a CheckTypeDetails,
    /// Whether the check type is still there.
    pub open: bool,
    /// First and last day of the event.
    pub days: (Date, Date),
    /// The zone of the event.
    pub zone: &'a TimeZone,
}

impl Occasion<'_> {
    /// What is to be said to the holder who wants to go this way `at` this time. `past` are the times at which they passed
    /// here, in any order; of those, later ones count where the rule counts them (`once`, `daily`) and do not where it is
    /// about who is inside: somebody else's scan of ten o'clock does not put a person inside at nine.
    pub fn decide(&self, holder: &Holder, past: &[Passage], direction: Direction, at: Timestamp) -> Verdict {
        self.refuses_holder(holder)
            .or_else(|| self.refuses_time(at))
            .unwrap_or_else(|| self.by_rule(past, direction, at))
    }

    fn refuses_holder(&self, holder: &Holder) -> Option<Verdict> {
        let categories = &self.check_type.categories;
        let zone = self.check_type.zone.as_ref();
        match holder.badge {
            BadgeState::Revoked => Some(Verdict::Revoked),
            BadgeState::Lost => Some(Verdict::Lost),
            BadgeState::Valid if !holder.approved => Some(Verdict::NotApproved),
            BadgeState::Valid if !categories.is_empty() && !categories.contains(&holder.category) => {
                Some(Verdict::Category)
            }
            BadgeState::Valid if zone.is_some_and(|zone| !holder.zones.is_empty() && !holder.zones.contains(zone)) => {
                Some(Verdict::WrongZone)
            }
            BadgeState::Valid => None,
        }
    }

    fn refuses_time(&self, at: Timestamp) -> Option<Verdict> {
        let local = time::local(at, self.zone);
        let (opens, closes) = (self.check_type.opens, self.check_type.closes);
        let early = opens.is_some_and(|opens| local < opens);
        let late = closes.is_some_and(|closes| local >= closes);
        if !self.open || early || late {
            return Some(Verdict::OutsideWindow);
        }
        let (first, last) = self.days;
        let elsewhen = opens.is_none() && closes.is_none() && !(first..=last).contains(&local.date());
        elsewhen.then_some(Verdict::WrongDay)
    }

    fn by_rule(&self, past: &[Passage], direction: Direction, at: Timestamp) -> Verdict {
        let day = |at| time::local(at, self.zone).date();
        let passed = match (self.check_type.rule, direction) {
            (Rule::InAndOut, _) => return in_turn(past, direction, at),
            (_, Direction::Out) => return Verdict::NotIn,
            (Rule::Once, _) => !past.is_empty(),
            (Rule::Daily, _) => past.iter().any(|passage| day(passage.at) == day(at)),
            (Rule::Multiple, _) => false,
        };
        if passed { Verdict::AlreadyIn } else { Verdict::Ok }
    }

    /// Whether the next one who passed after `at` went the same way, which cannot be: a device that was offline has told
    /// us late.
    pub fn contradicted(&self, past: &[Passage], direction: Direction, at: Timestamp) -> bool {
        let next = past.iter().filter(|passage| passage.at > at).min();
        self.check_type.rule == Rule::InAndOut && next.is_some_and(|next| next.direction == direction)
    }
}

/// In only who is out at that time, and out only who is in.
fn in_turn(past: &[Passage], direction: Direction, at: Timestamp) -> Verdict {
    let last = past.iter().filter(|passage| passage.at <= at).max();
    let inside = last.is_some_and(|passage| passage.direction == Direction::In);
    match (direction, inside) {
        (Direction::In, true) => Verdict::AlreadyIn,
        (Direction::Out, false) => Verdict::NotIn,
        _ => Verdict::Ok,
    }
}
