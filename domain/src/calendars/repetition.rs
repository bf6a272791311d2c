//! Rules of repetition, as far as meetings need them (RFC 5545, 3.3.10): every day or week, or every few, on days of the
//! week, so often or until then. Nothing else is read, so that no rule costs more than its hundred times.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

use super::busy::{Said, said};

/// Times that a rule may make.
const MOST: usize = 100;
/// Days that are looked through: three years.
const DAYS: i32 = 3 * 366;

/// A rule that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Repetition {
    weekly: bool,
    interval: i32,
    count: Option<usize>,
    until: Option<Until>,
    days: Vec<Weekday>,
    week_starts: Weekday,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Day(Date),
    Instant(Timestamp),
}

impl Repetition {
    /// A rule, if all of it is understood. Times of its end without a zone are meant in `zone`.
    pub(super) fn parse(rule: &str, zone: &TimeZone) -> Option<Self> {
        let mut read =
            Self { weekly: false, interval: 1, count: None, until: None, days: vec![], week_starts: Weekday::Monday };
        let mut frequency = None;
        for part in rule.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().to_ascii_uppercase();
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => frequency = Some(value),
                "INTERVAL" => read.interval = value.parse().ok().filter(|every| (1..=52).contains(every))?,
                "COUNT" => read.count = Some(value.parse().ok().filter(|count| *count > 0)?),
                "UNTIL" => {
                    read.until = Some(match said(&value)? {
                        Said::Day(day) => Until::Day(day),
                        said => Until::Instant(said.at(zone)?),
                    });
                }
                "BYDAY" => read.days = value.split(',').map(weekday).collect::<Option<_>>()?,
                "WKST" => read.week_starts = weekday(&value)?,
                _ => return None,
            }
        }
        read.weekly = match frequency?.as_str() {
            "DAILY" => false,
            "WEEKLY" => true,
            _ => return None,
        };
        Some(read)
    }

    /// Whether it says no end.
    pub(super) fn is_endless(&self) -> bool {
        self.count.is_none() && self.until.is_none()
    }

    /// When it is on from `first` on, at the same time on the clocks of `zone`; none where that is too often or too long.
    /// The first is one of them, whatever the rule says.
    pub(super) fn starts(&self, first: Timestamp, zone: &TimeZone) -> Option<Vec<Timestamp>> {
        let local = first.to_zoned(zone.clone()).datetime();
        let back = i64::from(self.week_starts.until(local.date().weekday()));
        let week = local.date().checked_sub(back.days()).ok()?;
        let mut starts = vec![];
        for number in 0..DAYS {
            let day = local.date().checked_add(i64::from(number).days()).ok()?;
            let weeks = week.until(day).ok()?.get_days() / 7;
            let turn = if self.weekly { weeks } else { number };
            let named = match (self.days.is_empty(), self.weekly) {
                (true, true) => day.weekday() == local.date().weekday(),
                (true, false) => true,
                (false, _) => self.days.contains(&day.weekday()),
            };
            if number > 0 && (turn % self.interval != 0 || !named) {
                continue;
            }
            let at = zone.to_timestamp(day.to_datetime(local.time())).ok()?;
            let over = match self.until {
                Some(Until::Day(last)) => day > last,
                Some(Until::Instant(last)) => at > last,
                None => false,
            };
            if over || self.count.is_some_and(|count| starts.len() >= count) {
                return Some(starts);
            }
            if starts.len() >= MOST {
                return None;
            }
            starts.push(at);
        }
        self.count.is_some_and(|count| starts.len() >= count).then_some(starts)
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}
