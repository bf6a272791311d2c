//! The draft of a programme: what shall become of announced sessions with the next release.
//!
//! A plan is kept as what differs from the session: the members that shall have another value. So what is changed of the
//! session at once, after the plan was made, goes into the release as well, unless the plan says otherwise itself.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Details, Sitting, Slot, State};
use crate::{
    Check, Violation,
    access::{Disclosure, Visibility},
    events::Event,
    identifier::{RoomId, SessionId},
    language::check_line,
    time,
};

/// What shall become of a session with the next release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionPlan")]
pub struct Plan {
    /// What shall be said of it then.
    pub session: Details,
    /// Why it is cancelled then, in plain words. Left out, it takes place, also where it is cancelled now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub cancel_reason: Option<String>,
}

/// A plan as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The members of the session that shall be others; null for those that shall be none.
    pub changes: Map<String, Value>,
    /// Why it shall be cancelled.
    pub cancel_reason: Option<String>,
}

impl Plan {
    /// The plan of a session for which `planned` is kept; without any, it shall stay as it is.
    pub fn of(session: &Sitting, planned: Option<&Planned>, event: &Event) -> Result<Self, Vec<Violation>> {
        let standing = Planned { cancel_reason: session.cancel_reason.clone(), ..Planned::default() };
        let planned = planned.unwrap_or(&standing);
        Ok(Self { session: planned.details(&session.details, event)?, cancel_reason: planned.cancel_reason.clone() })
    }

    /// The plan that makes of `session` again what it was. By what partners know it is nobody's plan.
    pub fn back_to(was: &Sitting, session: &Sitting) -> Self {
        let external_ids = session.details.external_ids.clone();
        Self { session: Details { external_ids, ..was.details.clone() }, cancel_reason: was.cancel_reason.clone() }
    }

    /// What is to be kept of it, and the session as it shall be. Nothing is kept where it leaves the session as it is.
    pub fn settled(self, session: &Sitting, event: &Event) -> Result<(Option<Planned>, Sitting), Vec<Violation>> {
        let next = session.planned_as(self.session, self.cancel_reason, event)?;
        // Of what became of it: the same time may have been written in another way.
        let changes = differing(&session.details, &next.details)?;
        let planned = Planned { changes, cancel_reason: next.cancel_reason.clone() };
        let same = planned.changes.is_empty() && next.state == session.state;
        Ok(((!same).then_some(planned), next))
    }

    /// Everything that is wrong with what it says besides the session.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(reason) = &self.cancel_reason {
            check.take(check_line(reason, "/cancel_reason", 500));
        }
        check.finish()
    }
}

impl Planned {
    /// The room it puts the session into, if it says anything of that.
    pub fn room(&self) -> Option<RoomId> {
        let room = self.changes.get("room_id")?;
        serde_json::from_value(room.clone()).ok()
    }

    /// What is said of the session with the changes, which `now` is said of it. The time on the wall stays as it was
    /// planned, whatever the rules of the zone have become since.
    fn details(&self, now: &Details, event: &Event) -> Result<Details, Vec<Violation>> {
        let mut members = members(now)?;
        for (name, value) in &self.changes {
            match value {
                Value::Null => drop(members.remove(name)),
                value => drop(members.insert(name.clone(), value.clone())),
            }
        }
        let mut details: Details = serde_json::from_value(Value::Object(members)).map_err(unreadable)?;
        if self.changes.contains_key("placement") {
            let zone = time::zone(&event.details.time_zone, "/time_zone").map_err(|fault| vec![fault])?;
            let recalled = details.placement.as_ref().and_then(|placement| Slot::recalled(placement, &zone));
            details.placement = recalled.map(|slot| slot.placement()).or(details.placement);
        }
        Ok(details)
    }

    /// The session as it shall be.
    pub fn applied(&self, session: &Sitting, event: &Event) -> Result<Sitting, Vec<Violation>> {
        session.planned_as(self.details(&session.details, event)?, self.cancel_reason.clone(), event)
    }
}

/// What a change of the draft made of one session, as it can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub session: SessionId,
    /// What stood before.
    pub before: Stood,
    /// What stood then.
    pub after: Stood,
}

/// Where a session is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stood {
    /// Announced, so in a plan laid over it; none where it shall stay as it is.
    Plan(Option<Planned>),
    /// Known to its planners only, so in the session itself.
    Session(Box<Details>),
    /// Nowhere: not added yet, or deleted.
    Nowhere,
}

impl Stood {
    /// Where a session that only its planners know is planned, if it is there.
    fn in_place(details: Option<&Details>) -> Self {
        details.map_or(Self::Nowhere, |details| Self::Session(Box::new(details.clone())))
    }
}

impl Step {
    /// How a session became another of which nobody was told: from not being there when it was added, to that when it was
    /// deleted.
    pub fn in_place(session: SessionId, before: Option<&Details>, after: Option<&Details>) -> Self {
        Self { session, before: Stood::in_place(before), after: Stood::in_place(after) }
    }
}

impl Sitting {
    /// Whether a plan can be laid over it: what nobody was told of is planned where it stands.
    pub fn takes_plan(&self) -> bool {
        self.announced
    }

    fn planned_as(
        &self,
        details: Details,
        cancel_reason: Option<String>,
        event: &Event,
    ) -> Result<Self, Vec<Violation>> {
        if self.state == State::Held {
            let detail = "The session was held; what took place cannot be planned. Correct the session itself.";
            return Err(vec![Violation::new("/session", "session_was_held", detail)]);
        }
        let next = self.edited(details, event)?;
        let state = match (&cancel_reason, next.slot) {
            (Some(_), _) => State::Cancelled,
            (None, Some(_)) => State::Scheduled,
            (None, None) => State::Draft,
        };
        Ok(Self { state, cancel_reason, ..next })
    }

    /// Who may see what is planned of it: planners who may see it both as it is and as it shall be.
    pub fn planners(&self, shall: &Self) -> Disclosure {
        let (now, then) = (self.plan_disclosure(), shall.plan_disclosure());
        Disclosure {
            visibility: now.visibility.max(then.visibility),
            tlp: now.tlp.max(then.tlp),
            audience: None,
            event_audience: None,
        }
    }

    fn plan_disclosure(&self) -> Disclosure {
        let planners = self.details.disclosure_as_it_stands(false);
        Disclosure { visibility: planners.visibility.max(Visibility::Chairs), ..planners }
    }

    /// What the next release makes of a session for which there is no plan: what was never announced and has a time is
    /// announced, everything else stays.
    pub fn released(&self) -> Self {
        match (self.state, self.slot) {
            (State::Draft, Some(_)) => Self { state: State::Scheduled, announced: true, ..self.clone() },
            _ => self.clone(),
        }
    }
}

/// The members that `after` says otherwise than `before`, by its value; null for what it does not say.
pub(super) fn differing(before: &Details, after: &Details) -> Result<Map<String, Value>, Vec<Violation>> {
    let (before, after) = (members(before)?, members(after)?);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    Ok(changed.map(|name| (name.clone(), after.get(name).cloned().unwrap_or_default())).collect())
}

fn members(details: &Details) -> Result<Map<String, Value>, Vec<Violation>> {
    match serde_json::to_value(details).map_err(unreadable)? {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

/// A plan that an earlier version wrote in words this one does not know.
fn unreadable(error: serde_json::Error) -> Vec<Violation> {
    let detail = format!("What was planned cannot be read any more ({error}). Take the plan back and make it anew.");
    vec![Violation::new("/session", "plan_unreadable", detail)]
}
