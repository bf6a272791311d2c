//! How far a request got, the steps between, and the reasons a step is refused.
//!
//! `draft -> submitted -> approved`, then whatever its session does: `scheduled -> announced -> held`, or `cancelled`. A
//! request is declined with a reason, withdrawn, or turned into the answer that the group will not meet. What was not
//! approved can be taken up again as a draft, and so can what was approved and then cancelled.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Check, language::check_line, schedule::State};

crate::words! {
    /// How far a request itself got.
    #[derive(Default)]
    #[schemars(rename = "SessionRequestStage")]
    pub enum RequestStage {
        /// Being written by the group.
        #[default]
        Draft = "draft",
        /// Waiting for the secretariat to decide.
        Submitted = "submitted",
        /// A session was made of it.
        Approved = "approved",
        /// The secretariat said no, and why.
        Declined = "declined",
        /// The group took it back.
        Withdrawn = "withdrawn",
        /// The group says that it will not meet at this event.
        NotMeeting = "not_meeting",
    }
}

crate::words! {
    /// Where a request stands, its session included.
    #[schemars(rename = "SessionRequestState")]
    pub enum RequestState {
        /// Being written by the group.
        Draft = "draft",
        /// Waiting for the secretariat to decide.
        Submitted = "submitted",
        /// A session was made of it, which has no time yet.
        Approved = "approved",
        /// Its session has a time in the draft of the programme.
        Scheduled = "scheduled",
        /// People were told of its session.
        Announced = "announced",
        /// Its session took place.
        Held = "held",
        /// The secretariat said no, and why.
        Declined = "declined",
        /// The group took it back.
        Withdrawn = "withdrawn",
        /// The group says that it will not meet at this event.
        NotMeeting = "not_meeting",
        /// Its session was called off.
        Cancelled = "cancelled",
    }
}

crate::words! {
    /// Who has to do something about a request.
    #[schemars(rename = "SessionRequestSide")]
    pub enum Side {
        /// Those who ask for the group: its chairs, co-chairs and secretaries.
        Group = "group",
        /// The secretariat of the event.
        Secretariat = "secretariat",
    }
}

/// Where a sitting of the session of a request stands, as far as the request goes by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// Its state; none of one that was deleted.
    pub state: Option<State>,
    /// Whether it has a time.
    pub placed: bool,
    /// Rises with every write of it.
    pub version: i32,
}

impl Stand {
    /// Of one that was just made.
    pub const NEW: Self = Self { state: Some(State::Draft), placed: false, version: 1 };
}

impl RequestState {
    /// Where a request stands that got to `stage`, and the sittings of whose session, if it has one, stand there.
    pub fn of(stage: RequestStage, sittings: &[Stand]) -> Self {
        match stage {
            RequestStage::Draft => Self::Draft,
            RequestStage::Submitted => Self::Submitted,
            RequestStage::Approved => Self::of_session(sittings),
            RequestStage::Declined => Self::Declined,
            RequestStage::Withdrawn => Self::Withdrawn,
            RequestStage::NotMeeting => Self::NotMeeting,
        }
    }

    /// Where an approved request stands by the sittings of its session: as far as the one that got least far, those that
    /// were called off left aside.
    pub fn of_session(sittings: &[Stand]) -> Self {
        let live = sittings.iter().filter_map(|sitting| match sitting.state {
            None | Some(State::Cancelled) => None,
            Some(State::Held) => Some(Self::Held),
            Some(State::Scheduled) => Some(Self::Announced),
            Some(State::Draft) if sitting.placed => Some(Self::Scheduled),
            Some(State::Draft) => Some(Self::Approved),
        });
        let ends = if sittings.is_empty() { Self::Approved } else { Self::Cancelled };
        live.min().unwrap_or(ends)
    }

    /// Who has to do something next; nobody where it is over, and where the programme takes its course.
    pub fn waits_for(self) -> Option<Side> {
        match self {
            Self::Draft => Some(Side::Group),
            Self::Submitted | Self::Approved | Self::Scheduled => Some(Side::Secretariat),
            _ => None,
        }
    }

    /// Whether it can be deleted: nobody waits for it, and there is no session of it.
    pub fn can_go(self) -> bool {
        !matches!(self, Self::Submitted | Self::Approved | Self::Scheduled | Self::Announced | Self::Held)
    }

    /// Whether those of this side may still change what it says. The secretariat corrects what goes on counting for the
    /// programme; what a group wants otherwise after the decision, it asks the secretariat for.
    pub fn is_open_to(self, side: Side) -> bool {
        match self {
            Self::Draft | Self::Submitted => true,
            Self::Approved | Self::Scheduled | Self::Announced => side == Side::Secretariat,
            _ => false,
        }
    }
}

/// A step asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SessionRequestTransition")]
pub struct RequestTransition {
    /// How far it shall be.
    pub to: RequestStage,
    /// Why, in plain words: needed to decline it, welcome with every other step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 500))]
    pub note: Option<String>,
}

impl RequestTransition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<crate::Violation>> {
        let mut check = Check::new();
        if let Some(note) = &self.note {
            check.take(check_line(note, "/note", 500));
        }
        check.require(
            self.note.is_some() || self.to != RequestStage::Declined,
            "/note",
            "required",
            "Say why the request is declined.",
        );
        check.finish()
    }
}

/// Why a step was refused. The text is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RequestRefusal {
    /// The step does not start there.
    #[error("A request that is {state} cannot become {to}; it must be {} first.", either(from))]
    WrongState {
        /// How far it was to get.
        to: RequestStage,
        /// Where it stands.
        state: RequestState,
        /// Where the step starts.
        from: &'static [RequestState],
    },
    /// The session that was made of it stands in the way.
    #[error("A session was made of this request. Ask the secretariat to cancel that first.")]
    SessionMade,
    /// The session of the request took place.
    #[error("The session of this request was held. Make a new request, as last time.")]
    Held,
}

impl RequestRefusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::SessionMade => "session_made",
            Self::Held => "session_was_held",
        }
    }
}

impl RequestStage {
    /// Who takes a request there. The secretariat may do for a group what the group may.
    pub fn taken_by(self) -> Side {
        match self {
            Self::Approved | Self::Declined => Side::Secretariat,
            Self::Draft | Self::Submitted | Self::Withdrawn | Self::NotMeeting => Side::Group,
        }
    }
}

impl RequestState {
    /// The step to `to`.
    pub fn step(self, to: RequestStage) -> Result<RequestStage, RequestRefusal> {
        match to {
            RequestStage::Draft => self.reopen(),
            RequestStage::Submitted => self.submit(),
            RequestStage::Approved => self.approve(),
            RequestStage::Declined => self.decline(),
            RequestStage::Withdrawn => self.withdraw(),
            RequestStage::NotMeeting => self.will_not_meet(),
        }
    }

    /// Takes it up again, or back from the secretariat.
    pub fn reopen(self) -> Result<RequestStage, RequestRefusal> {
        self.must_be(
            &[Self::Submitted, Self::Declined, Self::Withdrawn, Self::NotMeeting, Self::Cancelled],
            RequestStage::Draft,
        )
    }

    /// Hands it to the secretariat.
    pub fn submit(self) -> Result<RequestStage, RequestRefusal> {
        self.must_be(&[Self::Draft], RequestStage::Submitted)
    }

    /// Says yes.
    pub fn approve(self) -> Result<RequestStage, RequestRefusal> {
        self.must_be(&[Self::Submitted], RequestStage::Approved)
    }

    /// Says no.
    pub fn decline(self) -> Result<RequestStage, RequestRefusal> {
        self.must_be(&[Self::Submitted], RequestStage::Declined)
    }

    /// Takes it back for good.
    pub fn withdraw(self) -> Result<RequestStage, RequestRefusal> {
        self.must_be(&[Self::Draft, Self::Submitted], RequestStage::Withdrawn)
    }

    /// Says that the group will not meet.
    pub fn will_not_meet(self) -> Result<RequestStage, RequestRefusal> {
        self.must_be(&[Self::Draft, Self::Submitted], RequestStage::NotMeeting)
    }

    fn must_be(self, from: &'static [Self], to: RequestStage) -> Result<RequestStage, RequestRefusal> {
        match self {
            state if from.contains(&state) => Ok(to),
            Self::Approved | Self::Scheduled | Self::Announced if to.taken_by() == Side::Group => {
                Err(RequestRefusal::SessionMade)
            }
            Self::Held => Err(RequestRefusal::Held),
            state => Err(RequestRefusal::WrongState { to, state, from }),
        }
    }
}

fn either(states: &[RequestState]) -> String {
    states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" or ")
}
