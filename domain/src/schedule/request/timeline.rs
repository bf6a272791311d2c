//! What became of a request, step by step.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{RequestState, Stand};
use crate::{
    identifier::{GroupId, SessionId},
    schedule::State,
};

/// One step of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SessionRequestStep")]
pub struct RequestStep {
    /// When it was taken (UTC).
    pub at: Timestamp,
    /// Where the request stood from then on.
    pub state: RequestState,
    /// Who took it, by name; absent for what followed from the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The group on whose behalf; absent where the secretariat decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of_group_id: Option<GroupId>,
    /// What was said with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The steps of a request with those of the sessions made of it, each kept to the time until the next step of the request
/// itself: what becomes of a session that the request has left is no longer its own.
pub fn merged(own: Vec<(RequestStep, Vec<(Timestamp, RequestState)>)>) -> Vec<RequestStep> {
    let mut until: Vec<Option<Timestamp>> = own.iter().skip(1).map(|(step, _)| Some(step.at)).collect();
    until.push(None);
    let mut all = vec![];
    for ((step, followed), until) in own.into_iter().zip(until) {
        all.push(step);
        let followed = followed.into_iter().filter(|(at, _)| until.is_none_or(|until| *at <= until));
        all.extend(followed.map(|(at, state)| RequestStep {
            at,
            state,
            by: None,
            on_behalf_of_group_id: None,
            note: None,
        }));
    }
    all
}

/// Something that was done to a sitting of the session of a request.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// Which sitting.
    pub sitting: SessionId,
    /// When.
    pub at: Timestamp,
    /// Old and new values.
    pub diff: &'a Value,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// Where a request stood by its session, to whose sittings this was done from the first on. What stays the same is said
/// once, and that it had no time at first is not said at all.
pub fn session_steps<'a>(done: impl IntoIterator<Item = Done<'a>>) -> Vec<(Timestamp, RequestState)> {
    let mut stands: BTreeMap<SessionId, Stand> = BTreeMap::new();
    let mut told = RequestState::Approved;
    let mut steps = vec![];
    for Done { sitting, at, diff, deleted } in done {
        let stand = stands.entry(sitting).or_insert(Stand::NEW);
        stand.change(diff);
        if deleted {
            stand.state = None;
        }
        let all: Vec<Stand> = stands.values().copied().collect();
        let state = RequestState::of_session(&all);
        if state != told {
            steps.push((at, state));
            told = state;
        }
    }
    steps
}

impl Stand {
    fn change(&mut self, diff: &Value) {
        if let Some(state) = diff.get("state").and_then(|change| change.get("new")) {
            self.state = state.as_str().and_then(State::parse).or(self.state);
        }
        if let Some(placement) = diff.get("placement") {
            self.placed = placement.get("new").is_some_and(|new| !new.is_null());
        }
    }
}
