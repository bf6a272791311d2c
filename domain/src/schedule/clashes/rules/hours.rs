//! Time on the wall: opening and working hours, days off, nights.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::schedule::clashes::{Settings, Span, snapshot::Hours, span::Spans, view::View};

impl View<'_> {
    /// The day on which `span` begins.
    pub(in super::super) fn first_day(self, span: Span) -> Date {
        self.snapshot.zone.to_datetime(span.starts_at).date()
    }

    /// The day on which it ends; one that ends at midnight ends on the day before.
    pub(in super::super) fn last_day(self, span: Span) -> Date {
        let last = span.ends_at.checked_sub(1.nanosecond()).unwrap_or(span.ends_at);
        self.snapshot.zone.to_datetime(last).date()
    }

    /// The day from midnight to midnight.
    pub(in super::super) fn whole_day(self, day: Date) -> Option<Span> {
        let midnight = |day| instant(day, Time::midnight(), &self.snapshot.zone);
        Span::new(midnight(day)?, midnight(day.tomorrow().ok()?)?)
    }

    /// The parts of `span` that lie in none of `hours`; nothing where there are no hours.
    pub(in super::super) fn outside(self, hours: &[Hours], span: Span) -> Vec<Span> {
        if hours.is_empty() {
            return Vec::new();
        }
        let (first, last) = (self.first_day(span), self.last_day(span));
        // Hours that go past midnight begin on the day before.
        let mut day = first.saturating_sub(1.day());
        let mut open = Vec::new();
        while day <= last {
            open.extend(hours.iter().filter_map(|own| own.on(day, &self.snapshot.zone)));
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        open.into_iter().collect::<Spans>().outside(span)
    }
}

impl Hours {
    /// The part of `day` that they are; none on a day for which they are not meant.
    pub(in crate::schedule) fn on(&self, day: Date, zone: &TimeZone) -> Option<Span> {
        if !self.days.is_empty() && !self.days.contains(&day) {
            return None;
        }
        let ends_on = if self.from < self.to { day } else { day.tomorrow().ok()? };
        Span::new(instant(day, self.from, zone)?, instant(ends_on, self.to, zone)?)
    }
}

/// The instant at which the clocks show that; where they skip it, the instant they skip.
fn instant(day: Date, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_timestamp(day.to_datetime(time)).ok()
}

/// Whether any instant of `span` lies in the night of `zone`.
pub(super) fn has_night(settings: &Settings, span: Span, zone: &TimeZone) -> bool {
    let (from, to) = (settings.night_from.time(), settings.night_to.time());
    let begins = zone.to_datetime(span.starts_at);
    let at = begins.time();
    let asleep = if from <= to { from <= at && at < to } else { from <= at || at < to };
    if asleep || from == to {
        return asleep;
    }
    // Otherwise the next night begins when the clocks next show its beginning.
    let day = if at < from { Ok(begins.date()) } else { begins.date().tomorrow() };
    let night = day.ok().and_then(|day| instant(day, from, zone));
    night.is_some_and(|night| night < span.ends_at)
}
