//! What is made of a poll: an option becomes a session.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Poll, PollOption};
use crate::{
    Check, Violation,
    identifier::{EventId, Handle, PollOptionId},
    language::check_line,
    schedule::{Details, Kind, Placement, Requirements, Slot},
    time,
};

/// An option is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PollDecision")]
pub struct Decision {
    /// Which.
    pub option_id: PollOptionId,
    /// When exactly, within the option. Needed where it is whole days; left out where it is a time already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// What the session is.
    #[serde(default = "group_meeting")]
    pub kind: Kind,
    /// Where it sits, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<Handle>,
    /// Why that one; those invited read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub note: Option<String>,
}

fn group_meeting() -> Kind {
    Kind::GroupMeeting
}

impl Decision {
    /// The session that the option becomes, with title and group of the poll.
    pub fn session(&self, poll: &Poll, event: EventId) -> Result<Details, Vec<Violation>> {
        let mut check = Check::new();
        if let Some(note) = &self.note {
            check.take(check_line(note, "/note", 500));
        }
        let option = poll
            .option(self.option_id)
            .ok_or_else(|| Violation::new("/option_id", "unknown_option", "Choose an option of this poll, by id."));
        let placement = check.take(option).and_then(|option| check.take(self.placed(option, &poll.time_zone)));
        check.finish()?;
        Ok(Details {
            event_id: Handle::Id(event.0),
            sitting_of: None,
            kind: self.kind,
            title: poll.details.title.clone(),
            description: poll.details.description.clone(),
            track: None,
            joint_group_ids: vec![],
            group_id: poll.details.group_id.clone(),
            room_id: self.room_id.clone(),
            placement,
            languages: vec![],
            requirements: Requirements::default(),
            visibility: None,
            audience_ids: vec![],
            tlp: None,
            external_ids: vec![],
        })
    }

    /// When it sits, with the offset of the place: the same instant whatever zone the event has by now.
    fn placed(&self, option: &PollOption, time_zone: &str) -> Result<Placement, Violation> {
        let Some(placement) = &self.placement else {
            if option.days.is_none() {
                return Ok(option.slot.placement());
            }
            let detail = "The option is whole days. Say from when until when the session sits.";
            return Err(Violation::new("/placement", "required", detail));
        };
        let slot = Slot::parse(placement, &time::zone(time_zone, "/placement")?)?;
        let within = option.slot.starts_at <= slot.starts_at && slot.ends_at <= option.slot.ends_at;
        if !within {
            let detail = "Those invited were asked about another time. Place the session within the option.";
            return Err(Violation::new("/placement", "outside_option", detail));
        }
        Ok(slot.placement())
    }
}
