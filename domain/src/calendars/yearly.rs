//! Rules that come once a year (RFC 5545, 3.3.10), as far as the clocks of the world follow them.

use std::fmt;

use jiff::civil::{DateTime, Time, Weekday};

/// Years in which every day of a year falls on every day of the week: rules that agree over so long are the same.
pub(super) const CYCLE: i16 = 28;

/// On which day of the year, at a time on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Yearly {
    month: i8,
    day: Day,
    time: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// The same day of the month.
    Fixed(i8),
    /// The first to the fourth such day of the week, or the last (-1).
    Nth(i8, Weekday),
    /// Such a day of the week on this day of the month or within the six after it.
    From(i8, Weekday),
}

impl Yearly {
    /// The rule that gives exactly these times, one a year without a gap; none if there is none, or if they are too few
    /// to tell.
    pub(super) fn of(times: &[DateTime]) -> Option<Self> {
        let first = times.first()?;
        let (month, time) = (first.month(), first.time());
        let alike = times.iter().all(|at| at.month() == month && at.time() == time);
        let gapless = times.windows(2).all(|two| two[1].year() == two[0].year() + 1);
        if !alike || !gapless || times.len() < usize::try_from(CYCLE).ok()? {
            return None;
        }
        let weekday = first.weekday();
        let earliest = times.iter().map(|at| at.day()).min()?;
        [-1, 1, 2, 3, 4]
            .into_iter()
            .map(|nth| Day::Nth(nth, weekday))
            .chain([Day::Fixed(first.day()), Day::From(earliest, weekday)])
            .find(|day| times.iter().all(|at| day.is_met_by(*at)))
            .map(|day| Self { month, day, time })
    }

    /// Whether programs know it that know rules by the month and one day only: the nth of the week or one of the month,
    /// but not both (MS-OXCICAL, 2.1.3.2.2).
    pub(super) fn is_simple(self) -> bool {
        !matches!(self.day, Day::From(..))
    }
}

impl Day {
    fn is_met_by(self, at: DateTime) -> bool {
        let week = (at.day() - 1) / 7 + 1;
        match self {
            Self::Fixed(day) => at.day() == day,
            Self::Nth(-1, weekday) => at.weekday() == weekday && at.day() + 7 > at.days_in_month(),
            Self::Nth(nth, weekday) => at.weekday() == weekday && week == nth,
            // A window that left the month would not be one of that month.
            Self::From(first, weekday) => {
                at.weekday() == weekday && (first..first + 7).contains(&at.day()) && first + 6 <= at.days_in_month()
            }
        }
    }
}

impl fmt::Display for Yearly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ=YEARLY;BYMONTH={};", self.month)?;
        match self.day {
            Day::Fixed(day) => write!(f, "BYMONTHDAY={day}"),
            Day::Nth(nth, weekday) => write!(f, "BYDAY={nth}{}", two_letters(weekday)),
            Day::From(first, weekday) => {
                let days: Vec<_> = (first..first + 7).map(|day| day.to_string()).collect();
                write!(f, "BYMONTHDAY={};BYDAY={}", days.join(","), two_letters(weekday))
            }
        }
    }
}

fn two_letters(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "MO",
        Weekday::Tuesday => "TU",
        Weekday::Wednesday => "WE",
        Weekday::Thursday => "TH",
        Weekday::Friday => "FR",
        Weekday::Saturday => "SA",
        Weekday::Sunday => "SU",
    }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::*;

    /// In each year from 2025 on the day that `choose` gives for the first of `month`, at two.
    fn times(month: i8, choose: impl Fn(jiff::civil::Date) -> jiff::civil::Date) -> Vec<DateTime> {
        (2025..2025 + CYCLE).map(|year| choose(date(year, month, 1)).at(2, 0, 0, 0)).collect()
    }

    fn rule(times: &[DateTime]) -> Option<String> {
        Yearly::of(times).map(|rule| rule.to_string())
    }

    #[test]
    fn the_last_of_a_month_is_not_taken_for_the_fourth() {
        let last = times(3, |month| month.nth_weekday_of_month(-1, Weekday::Sunday).unwrap());
        assert_eq!(rule(&last).as_deref(), Some("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"));
        let fourth = times(3, |month| month.nth_weekday_of_month(4, Weekday::Sunday).unwrap());
        assert_eq!(rule(&fourth).as_deref(), Some("FREQ=YEARLY;BYMONTH=3;BYDAY=4SU"));
    }

    #[test]
    fn a_day_of_the_week_within_some_days_is_told_by_both() {
        // Two days before the last Sunday of March, from the 23rd to the 29th: the rule of Israel.
        let friday = times(3, |month| month.nth_weekday_of_month(-1, Weekday::Sunday).unwrap() - 2.days());
        assert_eq!(rule(&friday).as_deref(), Some("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=23,24,25,26,27,28,29;BYDAY=FR"));
        assert!(!Yearly::of(&friday).unwrap().is_simple());
        let fixed = times(4, |month| month + 9.days());
        assert_eq!(rule(&fixed).as_deref(), Some("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=10"));
    }

    #[test]
    fn what_has_no_rule_gets_none() {
        // The day after the last Thursday of October is in November at times.
        let after = times(10, |month| month.nth_weekday_of_month(-1, Weekday::Thursday).unwrap() + 1.day());
        assert_eq!(rule(&after), None);
        let last = times(3, |month| month.nth_weekday_of_month(-1, Weekday::Sunday).unwrap());
        assert_eq!(rule(&last[1..]), None, "too few to tell");
        let gap: Vec<_> = last.iter().chain(&times(3, |month| month)).copied().collect();
        assert_eq!(rule(&gap), None);
        assert_eq!(rule(&[]), None);
    }
}
