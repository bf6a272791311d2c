//! The address of a calendar that is read again and again for when somebody is busy.

use std::fmt;

use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Violation, moment::Moment};

/// Hours between two readings that worked.
const PAUSE: i64 = 1;
/// Hours between two readings that did not, at most.
const LONGEST_PAUSE: i64 = 24;
/// Minutes between two readings of one calendar, however often its address is changed.
const SHORTEST_PAUSE: i64 = 1;

crate::words! {
    /// What became of the last reading.
    #[schemars(rename = "BusyAddressResult")]
    pub enum ReadResult {
        /// It was read.
        Read = "read",
        /// There is nothing at the address any more.
        NotFound = "not_found",
        /// Whoever holds the calendar does not give it out.
        Refused = "refused",
        /// The answer was another address, which is not followed.
        Redirected = "redirected",
        /// The answer was a failure.
        Failed = "failed",
        /// It is larger than 500,000 characters.
        TooLarge = "too_large",
        /// It is no calendar, or packed.
        NotACalendar = "not_a_calendar",
        /// It has more than 300 busy times during the event.
        TooMany = "too_many",
        /// It was not there in time.
        TimedOut = "timed_out",
        /// Nothing answered, or its certificate is not good.
        Unreachable = "unreachable",
        /// The host has no address on the Internet.
        AddressRefused = "address_refused",
        /// The server has another key than when the address was given: give it again.
        KeyChanged = "key_changed",
    }
}

impl ReadResult {
    /// What a status of HTTP other than 200 means (RFC 9110, 15).
    pub fn of_status(status: u16) -> Self {
        match status {
            404 | 410 => Self::NotFound,
            300..=399 => Self::Redirected,
            400..=499 => Self::Refused,
            _ => Self::Failed,
        }
    }

    /// What it means that a calendar cannot be used.
    pub fn of_faults(faults: &[Violation]) -> Self {
        match faults.first().map(|fault| fault.code) {
            Some("too_long") => Self::TooLarge,
            Some("too_many") => Self::TooMany,
            _ => Self::NotACalendar,
        }
    }
}

/// The address of a calendar, as it is given. It is a secret and does not print itself.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusyAddressInput {
    /// The address, `https://` or `webcal://`, of free and busy times or of a calendar (iCalendar). It often holds a token, is
    /// kept encrypted and is never shown again.
    #[schemars(length(min = 12, max = 2048), regex(pattern = "^[A-Za-z]+://"))]
    pub url: String,
}

impl fmt::Debug for BusyAddressInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BusyAddressInput(***)")
    }
}

/// The address of a calendar, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BusyAddress {
    /// Its host.
    pub host: String,
    /// When it was last tried to be read; not there before the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Moment>,
    /// What became of that. Busy times are those of the last reading that worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<ReadResult>,
    /// Lines of the calendar on which an entry begins that was not or not wholly read: it repeats, or names a zone nobody
    /// knows.
    pub not_read: Vec<usize>,
}

/// How long it is until a calendar is read again that could not be read so many times in a row.
pub fn pause(failures: u32) -> SignedDuration {
    let hours = PAUSE << failures.saturating_sub(1).min(5);
    SignedDuration::from_hours(hours.min(LONGEST_PAUSE))
}

/// How long it is at least from one reading to the next.
pub fn shortest_pause() -> SignedDuration {
    SignedDuration::from_mins(SHORTEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_answer_is_asked_less_and_less_but_once_a_day() {
        let hours: Vec<i64> = (0..9).map(|failures| pause(failures).as_hours()).collect();
        assert_eq!(hours, [1, 1, 2, 4, 8, 16, 24, 24, 24]);
        assert_eq!(pause(u32::MAX).as_hours(), 24);
    }

    #[test]
    fn a_status_has_a_word_of_a_closed_list() {
        let word = |status| ReadResult::of_status(status).as_str();
        let found = [301, 304, 401, 403, 404, 410, 429, 500, 503, 204, 101].map(word);
        let (moved, no, gone, fails) = ("redirected", "refused", "not_found", "failed");
        assert_eq!(found, [moved, moved, no, no, gone, gone, no, fails, fails, fails, fails]);
    }

    #[test]
    fn an_address_does_not_print_itself() {
        let input = BusyAddressInput { url: "https://calendar.example/token".into() };
        assert!(!format!("{input:?}").contains("token"));
    }
}
