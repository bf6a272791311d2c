//! What an event asks of those who come: until when delegates are named, and how many there may be.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Function, places::Quota};
use crate::{Check, Violation, time};

/// What holds at an event for every delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The last day on which organisations name delegates, by the calendar of the event's place. Until `confirm_by` they
    /// still can with a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nominate_by: Option<Date>,
    /// The last day on which they can at all; afterwards only the secretariat does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_by: Option<Date>,
    /// How many delegates a delegation may bring; a delegation may have numbers of its own.
    #[serde(default)]
    pub quota: Quota,
    /// How long a place that has become free is held for the next on the waiting list, in hours.
    #[serde(default = "two_days")]
    #[schemars(range(min = 1, max = 720))]
    pub offer_hours: u16,
    /// Days before a deadline on which those are reminded who have not met it: of `reply_due` of the invitation, and of
    /// `nominate_by`. Reminders go by mail to those who manage the delegation.
    #[serde(default = "week_and_eve")]
    #[schemars(length(max = 5))]
    pub remind_days_before: Vec<u16>,
}

fn two_days() -> u16 {
    48
}

fn week_and_eve() -> Vec<u16> {
    vec![7, 1]
}

impl Default for Registration {
    fn default() -> Self {
        Self {
            nominate_by: None,
            confirm_by: None,
            quota: Quota::default(),
            offer_hours: two_days(),
            remind_days_before: week_and_eve(),
        }
    }
}

/// Why it is too late. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TooLate {
    /// A reason is wanted.
    #[error("The last day was {day}. Say why it is late in `{member}`.")]
    WithoutReason {
        /// The last day on which none was needed.
        day: Date,
        /// Where the reason is to be given.
        member: &'static str,
    },
    /// A reason does not help any more.
    #[error("The last day was {day}. Ask the secretariat.")]
    Closed {
        /// The last day.
        day: Date,
    },
}

impl TooLate {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WithoutReason { .. } => "late_without_reason",
            Self::Closed { .. } => "nominations_closed",
        }
    }
}

impl Registration {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let years = |day: Option<Date>| day.is_none_or(|day| (1900..=2200).contains(&day.year()));
        let detail = "Give a day between the years 1900 and 2200.";
        check
            .require(years(self.nominate_by), "/nominate_by", "time_out_of_range", detail)
            .require(years(self.confirm_by), "/confirm_by", "time_out_of_range", detail)
            .require(
                self.nominate_by.zip(self.confirm_by).is_none_or(|(first, last)| first <= last),
                "/confirm_by",
                "before_nominate_by",
                "Let it be `nominate_by` or a later day.",
            )
            .require((1..=720).contains(&self.offer_hours), "/offer_hours", "out_of_range", "Give 1 to 720 hours.")
            .require(
                self.remind_days_before.len() <= 5 && self.remind_days_before.iter().all(|days| *days <= 90),
                "/remind_days_before",
                "out_of_range",
                "Give at most 5 numbers of days from 0 to 90.",
            );
        self.quota.check("/quota", &mut check);
        check.finish()
    }

    /// How long an offer holds.
    pub fn patience(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.offer_hours))
    }

    /// Refuses an organisation that names somebody too late. `today` is the day at the event's place.
    pub fn admit_nomination(&self, today: Date, reason: Option<&str>) -> Result<(), TooLate> {
        if let Some(day) = self.confirm_by.filter(|day| *day < today) {
            return Err(TooLate::Closed { day });
        }
        on_time(self.nominate_by, today, reason, "late_reason")
    }
}

/// Refuses what comes after its last day without a reason.
pub fn on_time(last: Option<Date>, today: Date, reason: Option<&str>, member: &'static str) -> Result<(), TooLate> {
    match last.filter(|day| *day < today) {
        Some(day) if reason.is_none() => Err(TooLate::WithoutReason { day, member }),
        _ => Ok(()),
    }
}

/// The day at the event's place.
pub fn today(now: Timestamp, zone: &TimeZone) -> Date {
    time::local(now, zone).date()
}

crate::words! {
    /// What a delegate is entitled to do, apart from the function.
    pub enum Capacity {
        /// Take the floor.
        Speak = "speak",
        /// Vote, and be counted for the quorum.
        Vote = "vote",
        /// Hand in texts and proposals.
        SubmitText = "submit_text",
        /// Ask other delegations for bilateral meetings.
        RequestBilaterals = "request_bilaterals",
        /// See what is for members only.
        SeeRestricted = "see_restricted",
    }
}

impl Capacity {
    /// What somebody with this function may do unless it was said otherwise: those who sit for their organisation all of
    /// it, those who know the matter see and speak, those who serve or accompany nothing.
    pub fn usual(function: Function) -> Vec<Self> {
        match function {
            Function::Head | Function::DeputyHead | Function::Representative | Function::Alternate => {
                Self::ALL.to_vec()
            }
            Function::Adviser | Function::Expert => vec![Self::Speak, Self::SeeRestricted],
            Function::Interpreter | Function::Security | Function::Accompanying => vec![],
        }
    }
}

crate::words! {
    /// The rank at which an organisation is represented, highest first.
    #[schemars(rename = "RepresentationLevel")]
    pub enum Level {
        /// A head of state.
        HeadOfState = "head_of_state",
        /// A head of government.
        HeadOfGovernment = "head_of_government",
        /// A minister.
        Minister = "minister",
        /// A deputy minister or state secretary.
        DeputyMinister = "deputy_minister",
        /// An ambassador.
        Ambassador = "ambassador",
        /// A director or somebody of like rank.
        SeniorOfficial = "senior_official",
        /// Anybody else.
        Official = "official",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn until(nominate_by: Date, confirm_by: Date) -> Registration {
        Registration { nominate_by: Some(nominate_by), confirm_by: Some(confirm_by), ..Registration::default() }
    }

    #[test]
    fn late_nominations_need_a_reason_and_then_the_secretariat() {
        let rules = until(date(2025, 11, 1), date(2025, 11, 10));
        assert_eq!(rules.admit_nomination(date(2025, 11, 1), None), Ok(()));
        assert_eq!(rules.admit_nomination(date(2025, 11, 2), None).unwrap_err().code(), "late_without_reason");
        assert_eq!(rules.admit_nomination(date(2025, 11, 10), Some("a change of government")), Ok(()));
        let closed = rules.admit_nomination(date(2025, 11, 11), Some("a change of government")).unwrap_err();
        assert_eq!(closed.to_string(), "The last day was 2025-11-10. Ask the secretariat.");
        assert_eq!(Registration::default().admit_nomination(date(2125, 1, 1), None), Ok(()));
    }

    #[test]
    fn deadlines_are_in_order_and_numbers_in_range() {
        let bad = Registration { offer_hours: 0, ..until(date(2025, 11, 2), date(2025, 11, 1)) };
        let pointers: Vec<_> = bad.check().unwrap_err().into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/confirm_by", "/offer_hours"]);
        assert_eq!(Registration::default().check(), Ok(()));
    }

    #[test]
    fn a_day_is_that_of_the_place() {
        let at = "2025-11-01T23:30:00Z".parse().unwrap();
        let day = |zone| today(at, &time::zone(zone, "").unwrap());
        assert_eq!((day("UTC"), day("Asia/Seoul")), (date(2025, 11, 1), date(2025, 11, 2)));
    }

    #[test]
    fn interpreters_do_not_vote() {
        assert!(Capacity::usual(Function::Head).contains(&Capacity::Vote));
        assert!(!Capacity::usual(Function::Adviser).contains(&Capacity::Vote));
        assert!(Capacity::usual(Function::Interpreter).is_empty());
    }
}
