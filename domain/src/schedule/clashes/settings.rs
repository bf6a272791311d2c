//! What an event says about the rules.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{Rule, Severity};
use crate::{Check, Violation, events::ClockTime};

/// How the rules are meant at an event. Left out, everything is as in [`Settings::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "ClashSettings")]
pub struct Settings {
    /// What a rule weighs, where it is not what it weighs by itself.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(schema_with = "severity_per_rule")]
    pub severities: BTreeMap<Rule, Severity>,
    /// Minutes a room that is not shared stands empty between two uses.
    #[schemars(range(max = 1440))]
    pub turnaround_minutes: u32,
    /// The same where it is set up otherwise for the second.
    #[schemars(range(max = 1440))]
    pub relayout_minutes: u32,
    /// Minutes from room to room within one zone of a venue, where no walk says otherwise.
    #[schemars(range(max = 1440))]
    pub walk_in_zone_minutes: u32,
    /// Minutes from zone to zone of a venue, where no walk says otherwise.
    #[schemars(range(max = 1440))]
    pub walk_in_venue_minutes: u32,
    /// Minutes from venue to venue, where no walk says otherwise.
    #[schemars(range(max = 1440))]
    pub walk_between_venues_minutes: u32,
    /// The longest sitting of one team of interpreters, in minutes (three hours at the United Nations).
    #[schemars(range(min = 1, max = 1440))]
    pub interpreter_sitting_minutes: u32,
    /// Minutes a team rests between two sittings.
    #[schemars(range(max = 1440))]
    pub interpreter_rest_minutes: u32,
    /// When it is night for those who take part from afar, on their own wall.
    pub night_from: ClockTime,
    /// When it is day again.
    pub night_to: ClockTime,
    /// Night for more than so many per cent of the delegations from afar is too much.
    #[schemars(range(max = 100))]
    pub night_percent: u32,
    /// Sessions that are to follow each other closely lie so many minutes apart at most.
    #[schemars(range(max = 1440))]
    pub adjacent_minutes: u32,
}

/// One member for each rule and no others: of the keys of a map the derived schema says nothing.
fn severity_per_rule(generator: &mut SchemaGenerator) -> Schema {
    let severity = generator.subschema_for::<Severity>().to_value();
    let rules = Rule::ALL.iter().map(|rule| (rule.to_string(), severity.clone()));
    let rules: serde_json::Map<_, _> = rules.collect();
    json_schema!({"type": "object", "properties": rules, "additionalProperties": false})
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            severities: BTreeMap::new(),
            turnaround_minutes: 0,
            relayout_minutes: 15,
            walk_in_zone_minutes: 0,
            walk_in_venue_minutes: 5,
            walk_between_venues_minutes: 30,
            interpreter_sitting_minutes: 180,
            interpreter_rest_minutes: 15,
            night_from: ClockTime::at_hour(22),
            night_to: ClockTime::at_hour(6),
            night_percent: 25,
            adjacent_minutes: 30,
        }
    }
}

impl Settings {
    /// What `rule` weighs here. What may not be waived may not be made light of either.
    pub fn severity(&self, rule: Rule) -> Severity {
        let said = self.severities.get(&rule).copied().unwrap_or_else(|| rule.default_severity());
        if rule.is_waivable() { said } else { said.min(rule.default_severity()) }
    }

    /// Everything that is wrong with them.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        for (rule, severity) in &self.severities {
            check.require(
                self.severity(*rule) == *severity,
                &format!("/severities/{rule}"),
                "too_light",
                "A room that is not shared is never booked twice. Choose 'block_release' or 'block_edit', or make the room a shared one.",
            );
        }
        let minutes = [
            ("turnaround_minutes", self.turnaround_minutes, 0),
            ("relayout_minutes", self.relayout_minutes, 0),
            ("walk_in_zone_minutes", self.walk_in_zone_minutes, 0),
            ("walk_in_venue_minutes", self.walk_in_venue_minutes, 0),
            ("walk_between_venues_minutes", self.walk_between_venues_minutes, 0),
            ("interpreter_sitting_minutes", self.interpreter_sitting_minutes, 1),
            ("interpreter_rest_minutes", self.interpreter_rest_minutes, 0),
            ("adjacent_minutes", self.adjacent_minutes, 0),
        ];
        for (name, given, least) in minutes {
            let fits = (least..=1440).contains(&given);
            check.require(fits, &format!("/{name}"), "out_of_range", format!("Give {least} to 1440 minutes."));
        }
        check.require(self.night_percent <= 100, "/night_percent", "out_of_range", "Give 0 to 100 per cent.");
        check.finish()
    }
}
