//! When delegates, and delegations as a whole, can come to sessions. Who says nothing can always come.

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Check, Violation,
    calendars::busy,
    events::Event,
    identifier::{DelegateId, DelegationId},
    language::check_line,
    schedule::{
        Placement, Slot,
        clashes::{self, Party},
    },
    time,
};

/// Windows a delegate or a delegation has at most.
const MOST: usize = 300;
/// Characters a calendar has at most.
pub const LONGEST_CALENDAR: usize = 500_000;

/// Who can come or cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Somebody in a delegation.
    Delegate(DelegateId),
    /// A delegation as a whole, which arrives late or leaves early, or keeps a national day.
    Delegation(DelegationId),
}

crate::words! {
    /// What a window means.
    #[schemars(rename = "AvailabilityKind")]
    pub enum Kind {
        /// They can come, and outside of such windows they cannot.
        Available = "available",
        /// They cannot come.
        Unavailable = "unavailable",
        /// They would rather come then.
        Preferred = "preferred",
    }
}

crate::words! {
    /// Where a window comes from.
    #[derive(Default)]
    #[schemars(rename = "AvailabilitySource")]
    pub enum Source {
        /// Somebody said so.
        #[default]
        Said = "said",
        /// It was in their calendar; sending the calendar again replaces it.
        Calendar = "calendar",
        /// It was in the calendar at the address they gave, which is read again and again.
        Subscription = "subscription",
    }
}

/// A time at which a delegate or a delegation can come or cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AvailabilityWindow")]
pub struct Window {
    /// When, on the clocks of the event, within its days and one day before and after. An event that moves to another
    /// zone does not move it.
    pub placement: Placement,
    /// What it means.
    pub kind: Kind,
    /// Where it comes from.
    #[serde(default)]
    pub source: Source,
    /// Why. Known to the secretariat and the organisation of the delegation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub reason: Option<String>,
}

/// When a delegate, or a delegation as a whole, can come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// Windows, by start; none means always.
    #[schemars(length(max = 300))]
    pub windows: Vec<Window>,
}

/// A calendar in which a delegate or a delegation is busy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    /// The file as text (iCalendar). Only times are kept of it, and only those within the days of the event.
    #[schemars(length(min = 15, max = 500_000), regex(pattern = "^BEGIN:VCALENDAR"))]
    pub calendar: String,
}

/// What became of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AvailabilityImport")]
pub struct Imported {
    /// When they can come now.
    pub windows: Vec<Window>,
    /// Lines of the file on which an entry begins that was not or not wholly read: it repeats, or names a zone nobody
    /// knows. A calendar that is written out as free and busy times has none.
    pub not_read: Vec<usize>,
}

impl Availability {
    /// This in its final form, once nothing is wrong with it.
    pub fn settled(self, event: &Event) -> Result<Self, Vec<Violation>> {
        let mut check = Check::new();
        check.require(self.windows.len() <= MOST, "/windows", "too_many", "Give at most 300 windows.");
        let zone = time::zone(&event.details.time_zone, "/windows").map_err(|fault| vec![fault])?;
        let mut windows = vec![];
        for (at, window) in self.windows.into_iter().enumerate().take(MOST) {
            if let Some(reason) = &window.reason {
                check.take(check_line(reason, &format!("/windows/{at}/reason"), 300));
            }
            let slot = check.take(read(&window.placement, &zone, event).map_err(|fault| {
                let pointer = format!("/windows/{at}{}", fault.pointer);
                Violation { pointer, ..fault }
            }));
            if let Some(slot) = slot {
                windows.push((slot.starts_at, slot.ends_at, Window { placement: slot.placement(), ..window }));
            }
        }
        check.finish()?;
        Ok(Self::sorted(windows))
    }

    /// This with the busy times of a calendar in the place of those that came from the same `source` before; and the lines
    /// of it that were not read.
    pub fn with_calendar(
        self,
        calendar: &str,
        source: Source,
        event: &Event,
    ) -> Result<(Self, Vec<usize>), Vec<Violation>> {
        if calendar.chars().count() > LONGEST_CALENDAR {
            let detail = "Send a calendar of at most 500,000 characters: the weeks of the event are enough.";
            return Err(vec![Violation::new("/calendar", "too_long", detail)]);
        }
        let zone = time::zone(&event.details.time_zone, "/calendar").map_err(|fault| vec![fault])?;
        let busy = days(event, &zone).and_then(|days| busy::read(calendar, &zone, days));
        let busy = busy.map_err(|fault| vec![fault])?;
        let kept = self.without(source).windows.into_iter();
        let mut windows: Vec<_> =
            kept.filter_map(|window| Some((window.span()?.0, window.span()?.1, window))).collect();
        windows.extend(busy.spans.into_iter().map(|(starts_at, ends_at)| {
            let (starts_local, ends_local) = (time::local(starts_at, &zone), time::local(ends_at, &zone));
            let placement = Slot { starts_local, ends_local, starts_at, ends_at }.placement();
            let window = Window { placement, kind: Kind::Unavailable, source, reason: None };
            (starts_at, ends_at, window)
        }));
        if windows.len() > MOST {
            let detail = "The calendar has more than 300 busy times during the event. Write down when they can come.";
            return Err(vec![Violation::new("/calendar", "too_many", detail)]);
        }
        Ok((Self::sorted(windows), busy.not_read))
    }

    /// This without what came from `source`.
    pub fn without(self, source: Source) -> Self {
        Self { windows: self.windows.into_iter().filter(|window| window.source != source).collect() }
    }

    /// What those see of it who are neither the secretariat nor of the organisation.
    pub fn without_reasons(self) -> Self {
        Self { windows: self.windows.into_iter().map(|window| Window { reason: None, ..window }).collect() }
    }

    /// The same as the clash rules look at it.
    pub fn of(&self, party: Party) -> clashes::Availability {
        let spans = |kind: Kind| {
            let own = self.windows.iter().filter(move |window| window.kind == kind);
            own.filter_map(|window| clashes::Span::new(window.span()?.0, window.span()?.1)).collect()
        };
        clashes::Availability { of: party, windows: spans(Kind::Available), away: spans(Kind::Unavailable) }
    }

    fn sorted(mut windows: Vec<(Timestamp, Timestamp, Window)>) -> Self {
        windows.sort_by_key(|(start, end, _)| (*start, *end));
        Self { windows: windows.into_iter().map(|(.., window)| window).collect() }
    }
}

impl Window {
    /// From when until when; nothing of one that was never settled.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.placement.start.parse().ok()?, self.placement.end.parse().ok()?))
    }
}

/// Whether no window of the event is ahead any more.
pub fn is_over(event: &Event, now: Timestamp) -> bool {
    let zone = time::zone(&event.details.time_zone, "/time_zone");
    zone.and_then(|zone| days(event, &zone)).is_ok_and(|(_, end)| end <= now)
}

/// The first instant of the day before the event, and the first after the day after it.
fn days(event: &Event, zone: &TimeZone) -> Result<(Timestamp, Timestamp), Violation> {
    let (first, last) = event.details.days_with_margin();
    let after = last.tomorrow().unwrap_or(last);
    let begin = |day: jiff::civil::Date| {
        let fault = |_| Violation::new("/calendar", "time_out_of_range", "The event lies beyond all calendars.");
        zone.to_timestamp(day.to_datetime(Time::midnight())).map_err(fault)
    };
    Ok((begin(first)?, begin(after)?))
}

/// The times of a window; faults point below it.
fn read(placement: &Placement, zone: &TimeZone, event: &Event) -> Result<Slot, Violation> {
    let slot = Slot::parse(placement, zone)?;
    if slot.ends_at <= slot.starts_at {
        let detail = "Give an end that is later than the start.";
        return Err(Violation::new("/placement/end", "ends_before_start", detail));
    }
    let (first, last) = days(event, zone)?;
    if slot.starts_at < first || slot.ends_at > last {
        let detail = "Give times within the days of the event, or one day before or after.";
        return Err(Violation::new("/placement", "outside_event", detail));
    }
    Ok(slot)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seoul() -> Event {
        let details = json!({
            "code": "meeting", "kind": "workshop", "title": {"en": "Meeting"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en"],
        });
        Event { details: serde_json::from_value(details).unwrap(), state: crate::events::State::Announced, sequence: 0 }
    }

    fn window(kind: &str, start: &str, end: &str) -> serde_json::Value {
        json!({"kind": kind, "placement": {"start": start, "end": end}, "reason": "Flight"})
    }

    fn said(windows: &[serde_json::Value]) -> Availability {
        serde_json::from_value(json!({"windows": windows})).unwrap()
    }

    #[test]
    fn windows_stand_in_order_on_the_clocks_of_the_event_and_within_its_days() {
        let late = window("preferred", "2019-10-08T09:00:00", "2019-10-08T12:00:00");
        let early = window("unavailable", "2019-10-06T00:00:00", "2019-10-07T12:00:00");
        let settled = said(&[late, early]).settled(&seoul()).unwrap();
        let starts: Vec<_> = settled.windows.iter().map(|window| window.placement.start.as_str()).collect();
        assert_eq!(starts, ["2019-10-06T00:00:00+09:00", "2019-10-08T09:00:00+09:00"]);
        assert_eq!(settled.clone().settled(&seoul()).unwrap(), settled, "an answer can be sent back");
        assert!(settled.without_reasons().windows.iter().all(|window| window.reason.is_none()));
        let faults = said(&[
            window("available", "2019-10-05T23:59:59", "2019-10-07T12:00:00"),
            window("available", "2019-10-07T12:00:00", "2019-10-07T12:00:00"),
        ]);
        let faults = faults.settled(&seoul()).unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(
            found,
            [("/windows/0/placement", "outside_event"), ("/windows/1/placement/end", "ends_before_start")]
        );
    }

    #[test]
    fn a_calendar_replaces_the_calendar_before_and_nothing_that_was_said() {
        let said = said(&[window("available", "2019-10-07T09:00:00", "2019-10-07T18:00:00")]);
        let said = said.settled(&seoul()).unwrap();
        let busy = |period: &str| {
            format!("BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nFREEBUSY:{period}\nEND:VFREEBUSY\nEND:VCALENDAR\n")
        };
        let sent = |before: Availability, period: &str| {
            before.with_calendar(&busy(period), Source::Calendar, &seoul()).unwrap().0
        };
        // What lies outside of the days of the event is cut off: 2019-10-05T15:00Z is midnight of the 6th in Seoul.
        let first = sent(said.clone(), "20190901T000000Z/20191006T000000Z");
        assert_eq!(first.windows[0].placement.start, "2019-10-06T00:00:00+09:00");
        assert_eq!(first.windows[0].placement.end, "2019-10-06T09:00:00+09:00");
        let second = sent(first, "20191007T010000Z/PT1H");
        let found: Vec<_> = second.windows.iter().map(|it| (it.kind, it.source, it.placement.start.as_str())).collect();
        assert_eq!(
            found,
            [
                (Kind::Available, Source::Said, "2019-10-07T09:00:00+09:00"),
                (Kind::Unavailable, Source::Calendar, "2019-10-07T10:00:00+09:00"),
            ]
        );
        // What is at an address stands beside what was sent as a file.
        let calendar = busy("20191008T010000Z/PT1H");
        let (both, _) = second.clone().with_calendar(&calendar, Source::Subscription, &seoul()).unwrap();
        assert_eq!(both.windows.len(), 3);
        assert_eq!(both.clone().without(Source::Subscription), second);
        assert_eq!(sent(both, "20200101T000000Z/PT1H").windows[1].source, Source::Subscription);
        assert_eq!(sent(second, "20200101T000000Z/PT1H"), said);
    }
}
