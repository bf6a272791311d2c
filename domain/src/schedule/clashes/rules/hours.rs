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
            let own = hours.iter().filter(|own| own.days.is_empty() || own.days.contains(&day));
            open.extend(own.filter_map(|own| on_day(own, day, &self.snapshot.zone)));
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        open.into_iter().collect::<Spans>().outside(span)
    }
}

fn on_day(hours: &Hours, day: Date, zone: &TimeZone) -> Option<Span> {
    let ends_on = if hours.from < hours.to { day } else { day.tomorrow().ok()? };
    Span::new(instant(day, hours.from, zone)?, instant(ends_on, hours.to, zone)?)
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
