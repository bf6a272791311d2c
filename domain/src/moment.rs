//! An instant as people and partners write it where no place, and so no wall clock, is meant: from when a membership
//! holds, as of when a list is wanted. Times of meetings are not these; see `time`.

use std::borrow::Cow;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An instant: RFC 3339 with an offset, or a date, which means midnight UTC. Kept to the microsecond, the finest both
/// databases hold; always given in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(pub Timestamp);

impl Moment {
    /// Reads a date or an instant; `None` for anything else, a time without an offset included.
    pub fn parse(value: &str) -> Option<Self> {
        let instant = match value.len() {
            10 => value.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp(),
            // jiff reads more than RFC 3339: a blank for the 'T', no seconds, a zone in brackets.
            20.. if value.is_ascii() && value.as_bytes()[10].eq_ignore_ascii_case(&b'T') && !value.contains('[') => {
                value.parse().ok()?
            }
            _ => return None,
        };
        Timestamp::from_microsecond(instant.as_microsecond()).ok().map(Self)
    }

    /// Text that sorts as the instants do.
    pub fn sort_key(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
    }
}

impl TryFrom<String> for Moment {
    type Error = &'static str;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).ok_or(
            "Write a date such as 2019-10-07, or an instant with its offset such as 2019-10-07T09:00:00+09:00 (RFC 3339).",
        )
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.0.to_string()
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "An instant (RFC 3339 with an offset), or a date, which means midnight UTC. Answers give UTC.",
            "anyOf": [{"format": "date-time"}, {"format": "date"}],
            "examples": ["2019-10-07T00:00:00Z"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_midnight_utc_and_an_instant_keeps_its_offset() {
        let read = |value| Moment::parse(value).map(String::from);
        assert_eq!(read("2019-10-07").as_deref(), Some("2019-10-07T00:00:00Z"));
        assert_eq!(read("2019-10-07T09:00:00+09:00").as_deref(), Some("2019-10-07T00:00:00Z"));
        assert_eq!(read("2019-10-07T00:00:00.1234567Z").as_deref(), Some("2019-10-07T00:00:00.123456Z"));
    }

    #[test]
    fn a_time_that_could_mean_several_instants_is_refused() {
        for value in ["2019-10-07T09:00:00", "2019-10-07 09:00:00Z", "2019-13-01", "20191007", "", "tomorrow00"] {
            assert_eq!(Moment::parse(value), None, "{value}");
        }
    }
}
