//! The log of the platform on which a session was held: who joined and left when.
//!
//! A person may be there with several devices, so what overlaps or touches is one stay. A stay makes a mark `online` when
//! it begins and a mark `absent` when it ends.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::Status;
use crate::{
    Check, Violation,
    identifier::{DelegateId, Handle},
    language::check_line,
    moment::Moment,
};

/// Stays that can be sent at once.
pub const MOST_STAYS: usize = 1000;

/// One stay of one person, or of one of their devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PlatformStay")]
pub struct Stay {
    /// The person, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Handle>,
    /// Or by the address known of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 3, max = 254))]
    pub email: Option<String>,
    /// When they joined.
    pub joined_at: Moment,
    /// When they left; left out if they had not when the log was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Moment>,
}

/// A log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlatformLog {
    /// 1 to 1000 stays in any order.
    #[schemars(length(min = 1, max = MOST_STAYS))]
    pub stays: Vec<Stay>,
}

/// What became of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PlatformLogAnswer")]
pub struct Imported {
    /// Marks that were made; what was known already makes none.
    pub marks: usize,
    /// Stays of people who are in no delegation here, by their place in the log.
    pub unmatched: Vec<usize>,
}

impl PlatformLog {
    /// Everything that is wrong with it at this instant.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let within = (1..=MOST_STAYS).contains(&self.stays.len());
        check.require(within, "/stays", "out_of_range", "Send 1 to 1000 stays at once.");
        for (at, stay) in self.stays.iter().enumerate().filter(|_| within) {
            stay.check(&format!("/stays/{at}"), now, &mut check);
        }
        check.finish()
    }
}

impl Stay {
    fn check(&self, place: &str, now: Timestamp, check: &mut Check) {
        check
            .require(
                self.person_id.is_some() != self.email.is_some(),
                &format!("{place}/person_id"),
                "person_or_email",
                "Name the person by person_id or by email, not by both.",
            )
            .require(
                self.left_at.is_none_or(|left| self.joined_at.0 <= left.0),
                &format!("{place}/left_at"),
                "ends_before_start",
                "Nobody leaves before they joined.",
            )
            .require(
                self.joined_at.0 <= now && self.left_at.is_none_or(|left| left.0 <= now),
                &format!("{place}/joined_at"),
                "in_the_future",
                "A log says what has been; leave out what is still to come.",
            );
        if let Some(email) = &self.email {
            check.take(check_line(email, &format!("{place}/email"), 254));
        }
    }
}

/// What the stays of each delegate say: `online` where one begins and `absent` where it ends, in order of time.
pub fn marks(
    stays: impl IntoIterator<Item = (DelegateId, Timestamp, Option<Timestamp>)>,
) -> Vec<(DelegateId, Status, Timestamp)> {
    let mut by_delegate: BTreeMap<DelegateId, Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for (delegate, joined, left) in stays {
        by_delegate.entry(delegate).or_default().push((joined, left.unwrap_or(Timestamp::MAX)));
    }
    let mut marks = vec![];
    for (delegate, mut stays) in by_delegate {
        stays.sort_unstable();
        let mut merged: Vec<(Timestamp, Timestamp)> = vec![];
        for (joined, left) in stays {
            match merged.last_mut() {
                Some(last) if joined <= last.1 => last.1 = last.1.max(left),
                _ => merged.push((joined, left)),
            }
        }
        for (joined, left) in merged {
            marks.push((delegate, Status::Online, joined));
            if left < Timestamp::MAX {
                marks.push((delegate, Status::Absent, left));
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn two_devices_of_one_person_are_one_stay() {
        let (anna, jan) = (DelegateId(Uuid::from_u128(1)), DelegateId(Uuid::from_u128(2)));
        let log = [
            (anna, at(100), Some(at(200))),
            (jan, at(110), None),
            (anna, at(50), Some(at(120))),
            (anna, at(200), Some(at(210))),
            (anna, at(300), Some(at(310))),
        ];
        let expected = [
            (anna, Status::Online, at(50)),
            (anna, Status::Absent, at(210)),
            (anna, Status::Online, at(300)),
            (anna, Status::Absent, at(310)),
            (jan, Status::Online, at(110)),
        ];
        assert_eq!(marks(log), expected);
    }

    #[test]
    fn a_log_names_each_person_once_and_tells_no_future() {
        let stay = |more: &str| -> Stay {
            serde_json::from_str(&format!(r#"{{"joined_at": "2019-10-07T00:00:00Z"{more}}}"#)).unwrap()
        };
        let log = PlatformLog {
            stays: vec![
                stay(r#", "email": "a@example.org""#),
                stay(""),
                stay(r#", "person_id": "x1", "left_at": "2019-10-06T00:00:00Z""#),
                stay(r#", "person_id": "x1", "left_at": "2029-10-06T00:00:00Z""#),
            ],
        };
        let faults = log.check("2019-10-08T00:00:00Z".parse().unwrap()).unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/stays/1/person_id", "/stays/2/left_at", "/stays/3/joined_at"]);
    }
}
