//! What is checked at a door, and who may pass.

use jiff::civil::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::badge::check_zone;
use crate::{
    Check, Text, Violation,
    attendance::Category,
    identifier::{EventId, Handle},
};

/// A local time as it is written: a day the calendar has, and a time of it.
const LOCAL_TIME: &str = "^([0-9]{4}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)|\
    [0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29)T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$";

crate::words! {
    /// How often one delegate may pass.
    #[schemars(rename = "CheckRule")]
    pub enum Rule {
        /// Once in the whole event: a registration desk, a gift.
        Once = "once",
        /// Once on each day, by the calendar of the event's place: lunch.
        Daily = "daily",
        /// As often as they like.
        Multiple = "multiple",
        /// In, then out, then in again: who is inside is known.
        InAndOut = "in_and_out",
    }
}

/// What the secretariat says of a check type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckTypeDetails {
    /// What it is called at the door.
    pub name: Text,
    /// How often one delegate may pass.
    pub rule: Rule,
    /// The zone behind the door, as a word. Badges that name zones must name this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[a-z][a-z0-9_]{1,39}$"))]
    pub zone: Option<String>,
    /// The session it is for, of the same event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<Handle>,
    /// The categories of delegations whose delegates may pass. None for all.
    #[serde(default)]
    #[schemars(length(max = 8))]
    pub categories: Vec<Category>,
    /// From when one may pass, by the clocks of the event's place: `2019-10-07T08:00:00`. With neither this nor an end
    /// it is open on the days of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "2019-10-07T08:00:00", extend("pattern" = LOCAL_TIME))]
    pub opens: Option<DateTime>,
    /// The first moment at which one may not any more, by the same clocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = "2019-10-07T20:00:00", extend("pattern" = LOCAL_TIME))]
    pub closes: Option<DateTime>,
}

/// A check type as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckType {
    /// What is said of it.
    #[serde(flatten)]
    pub details: CheckTypeDetails,
    /// Its event.
    pub event_id: EventId,
}

impl CheckTypeDetails {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(self.name.check("/name", 200));
        if let Some(zone) = &self.zone {
            check_zone(zone, "/zone", &mut check);
        }
        for (at, category) in self.categories.iter().enumerate() {
            let repeated = self.categories[..at].contains(category);
            check.require(!repeated, &format!("/categories/{at}"), "repeated", "Name every category once.");
        }
        for (pointer, time) in [("/opens", self.opens), ("/closes", self.closes)] {
            let detail = "Give a time between the years 1900 and 2200.";
            let fits = time.is_none_or(|time| (1900..=2200).contains(&time.year()));
            check.require(fits, pointer, "time_out_of_range", detail);
        }
        let in_order = self.opens.zip(self.closes).is_none_or(|(opens, closes)| opens < closes);
        check.require(in_order, "/closes", "ends_before_start", "Let it close later than it opens.");
        check.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_check_type_is_named() {
        let sent = r#"{
            "name": {"en": " "}, "rule": "daily", "zone": "The Hall", "categories": ["media", "media"],
            "opens": "2019-10-07T12:00:00", "closes": "2019-10-07T11:00:00"
        }"#;
        let faults = serde_json::from_str::<CheckTypeDetails>(sent).unwrap().check().unwrap_err();
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name/en", "/zone", "/categories/1", "/closes"]);
    }

    #[test]
    fn a_check_type_needs_no_more_than_a_name_and_a_rule() {
        let sent = r#"{"name": {"en": "Main door"}, "rule": "in_and_out"}"#;
        assert_eq!(serde_json::from_str::<CheckTypeDetails>(sent).unwrap().check(), Ok(()));
    }
}
