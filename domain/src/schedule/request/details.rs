//! What a group asks for.

use jiff::{Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{RelationWish, RequestRefusal, RequestStage, RequestState, RequestTransition, Side, Stand};
use crate::{
    Check, Text, Violation,
    events::Event,
    groups::GroupConflict,
    identifier::{EventId, Handle, PersonId, SessionId},
    language::check_line,
    schedule::{Details, Kind, NewSitting, Placement, Requirements, Slot, clashes::Span},
    time,
};

/// One sitting of the session asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SittingAsked {
    /// How long it shall be, in minutes.
    #[schemars(range(min = 5, max = 1440))]
    pub minutes: i32,
}

/// What a group asks for. A draft may leave out everything but the group; what is submitted has a title and a length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionRequestDetails")]
pub struct RequestDetails {
    /// The group that asks and leads the session, for good.
    pub group_id: Handle,
    /// The groups that sit together with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub joint_group_ids: Vec<Handle>,
    /// What the session shall be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Text>,
    /// What it is; left out, a meeting of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Its sittings: a meeting of two days is one request with several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 30))]
    pub sittings: Vec<SittingAsked>,
    /// People expected, layout, equipment, interpretation, who may enter. How long it sits is said in `sittings`.
    #[serde(default, skip_serializing_if = "Requirements::is_empty")]
    pub requirements: Requirements,
    /// Whether it may be recorded.
    #[serde(default)]
    pub recording_allowed: bool,
    /// Persons without whom it cannot sit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub required_person_ids: Vec<PersonId>,
    /// Groups with which the group does not want to sit at the same time. Left out of a new request, the list that the
    /// group keeps for all occasions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    pub conflicts: Option<Vec<GroupConflict>>,
    /// When the group cannot meet, in the zone of the event.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub cannot_meet: Vec<Placement>,
    /// Where the session shall lie beside others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub relations: Vec<RelationWish>,
    /// Anything else the secretariat should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4000))]
    pub comment: Option<String>,
}

/// A request as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Request {
    /// What the group asks for, in its final form.
    #[serde(flatten)]
    pub details: RequestDetails,
    /// The event it is for.
    pub event_id: EventId,
    /// How far it got.
    #[serde(rename = "state")]
    pub stage: RequestStage,
    /// What was said with the last step.
    pub note: Option<String>,
    /// When the last step was taken.
    #[serde(skip)]
    pub since: Timestamp,
    /// The session made of it.
    pub session_id: Option<SessionId>,
    /// Where the sittings of that stand; with its session only.
    #[serde(skip)]
    pub sittings: Vec<Stand>,
}

/// A request as answers give it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionRequest")]
pub struct RequestShown {
    /// What the group asks for.
    #[serde(flatten)]
    pub details: RequestDetails,
    /// The event it is for.
    pub event_id: EventId,
    /// Where it stands.
    pub state: RequestState,
    /// Who has to do something next; absent where nobody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<Side>,
    /// When the group or the secretariat took the last step.
    pub since: Timestamp,
    /// What was said with that step, such as why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The session made of it. Until people are told of that, those who plan the event alone see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
}

impl RequestDetails {
    /// This for `event`, in its final form, once nothing is wrong with it. References are ids by now.
    pub fn settle(&mut self, event: &Event) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        self.check_words(&mut check);
        self.check_groups(&mut check);
        for (at, sitting) in self.sittings.iter().enumerate() {
            let fits = (5..=24 * 60).contains(&sitting.minutes);
            let detail = "A sitting lasts 5 minutes to 24 hours.";
            check.require(fits, &format!("/sittings/{at}/minutes"), "out_of_range", detail);
        }
        check.require(self.sittings.len() <= 30, "/sittings", "too_many", "Ask for at most 30 sittings.");
        self.requirements.check("/requirements", &mut check);
        let mut people = self.required_person_ids.clone();
        people.sort_unstable();
        people.dedup();
        check.require(
            people.len() == self.required_person_ids.len() && people.len() <= 50,
            "/required_person_ids",
            "repeated",
            "Name at most 50 persons, each once.",
        );
        self.required_person_ids = people;
        RelationWish::check_all(&self.relations, "/relations", &mut check);
        self.settle_times(event, &mut check);
        check.finish()
    }

    fn check_words(&self, check: &mut Check) {
        if let Some(title) = &self.title {
            check.take(title.check("/title", 300));
        }
        if let Some(purpose) = &self.purpose {
            check.take(purpose.check("/purpose", 10_000));
        }
        if let Some(comment) = &self.comment {
            check.take(check_line(comment, "/comment", 4000));
        }
    }

    fn check_groups(&self, check: &mut Check) {
        check.require(self.joint_group_ids.len() <= 20, "/joint_group_ids", "too_many", "Name at most 20 groups.");
        for (at, group) in self.joint_group_ids.iter().enumerate() {
            let again = *group == self.group_id || self.joint_group_ids[..at].contains(group);
            let detail = "Name every group once, and not the one that asks.";
            check.require(!again, &format!("/joint_group_ids/{at}"), "repeated", detail);
        }
        let own: Vec<&Handle> = self.joint_group_ids.iter().chain([&self.group_id]).collect();
        GroupConflict::check_all(self.conflicts(), &own, "/conflicts", check);
    }

    fn settle_times(&mut self, event: &Event, check: &mut Check) {
        check.require(self.cannot_meet.len() <= 50, "/cannot_meet", "too_many", "Name at most 50 times.");
        let Some(zone) = check.take(time::zone(&event.details.time_zone, "/cannot_meet")) else { return };
        for (at, time) in self.cannot_meet.iter_mut().enumerate() {
            let here = |fault: Violation| Violation {
                pointer: fault.pointer.replacen("/placement", &format!("/cannot_meet/{at}"), 1),
                ..fault
            };
            let Some(slot) = check.take(Slot::parse(time, &zone).map_err(here)) else { continue };
            let detail = "Give an end that is later than the start.";
            let fits = slot.ends_at > slot.starts_at;
            check.require(fits, &format!("/cannot_meet/{at}/end"), "ends_before_start", detail);
            *time = slot.placement();
        }
    }

    /// What is missing for the secretariat to decide on it.
    pub fn check_whole(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        let titled = "Say what the session shall be called before submitting the request.";
        check.require(self.title.is_some(), "/title", "required", titled);
        let long = "Say how long it shall be before submitting the request: one sitting, or several.";
        check.require(!self.sittings.is_empty(), "/sittings", "required", long);
        check.finish()
    }

    /// The groups it does not want to sit at the same time with.
    pub fn conflicts(&self) -> &[GroupConflict] {
        self.conflicts.as_deref().unwrap_or_default()
    }

    /// This in the zone that its event has now: the times on the wall stay, and have the offset of the place.
    pub fn recalled(mut self, zone: &TimeZone) -> Self {
        for time in &mut self.cannot_meet {
            if let Some(slot) = Slot::recalled(time, zone) {
                *time = slot.placement();
            }
        }
        self
    }

    /// When the group cannot meet, by the rules that `zone` has now. The time on the wall is what was said; what the
    /// clocks there skip or repeat by now is left aside.
    pub fn away(&self, zone: &TimeZone) -> Vec<Span> {
        let slots = self.cannot_meet.iter().filter_map(|time| Slot::recalled(time, zone));
        slots.map(Span::from).collect()
    }

    /// The sittings of its session that come after the one that leads.
    pub fn further(&self) -> impl Iterator<Item = NewSitting> {
        let further = self.sittings.iter().skip(1);
        further.map(|sitting| NewSitting { planned_minutes: Some(sitting.minutes), ..NewSitting::default() })
    }

    /// The session to be made of it, with the first of its sittings, which leads.
    pub fn session(&self, event: EventId) -> Option<Details> {
        let planned_minutes = self.sittings.first().map(|sitting| sitting.minutes);
        Some(Details {
            event_id: Handle::Id(event.0),
            sitting_of: None,
            kind: self.kind.unwrap_or(Kind::GroupMeeting),
            title: self.title.clone()?,
            description: self.purpose.clone(),
            track: None,
            group_id: Some(self.group_id.clone()),
            joint_group_ids: self.joint_group_ids.clone(),
            room_id: None,
            placement: None,
            languages: vec![],
            requirements: Requirements { planned_minutes, ..self.requirements.clone() },
            visibility: None,
            audience_ids: vec![],
            tlp: None,
            external_ids: vec![],
        })
    }
}

impl Request {
    /// A new request.
    pub fn new(details: RequestDetails, event_id: EventId, now: Timestamp) -> Self {
        let stage = RequestStage::default();
        Self { details, event_id, stage, note: None, since: now, session_id: None, sittings: vec![] }
    }

    /// Where it stands.
    pub fn state(&self) -> RequestState {
        RequestState::of(self.stage, &self.sittings)
    }

    /// This request after a step. Taken up again, it is one of which no session was made.
    pub fn stepped(&self, transition: &RequestTransition, now: Timestamp) -> Result<Self, RequestRefusal> {
        let stage = self.state().step(transition.to)?;
        let next = Self { stage, note: transition.note.clone(), since: now, ..self.clone() };
        match stage {
            RequestStage::Approved => Ok(next),
            _ => Ok(Self { session_id: None, sittings: vec![], ..next }),
        }
    }

    /// The request as answers give it.
    pub fn present(self) -> RequestShown {
        let state = self.state();
        RequestShown {
            details: self.details,
            event_id: self.event_id,
            state,
            waits_for: state.waits_for(),
            since: self.since,
            note: self.note,
            session_id: self.session_id,
        }
    }
}
