//! The states of an item, the steps between them, and when it was taken up.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

crate::words! {
    /// Where an item stands.
    #[derive(Default)]
    #[schemars(rename = "AgendaItemState")]
    pub enum ItemState {
        /// It is still to come.
        #[default]
        Planned = "planned",
        /// It is being dealt with; no other of the session is.
        Open = "open",
        /// It was begun and is to be resumed.
        Suspended = "suspended",
        /// It is done.
        Closed = "closed",
        /// It is put off to another session.
        Deferred = "deferred",
        /// It was taken off the agenda.
        Withdrawn = "withdrawn",
    }
}

/// A step asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AgendaItemTransition")]
pub struct Transition {
    /// The state wanted.
    pub to: ItemState,
}

/// A time during which an item was dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// When it was opened or resumed.
    pub from: Timestamp,
    /// When it was left; none while it is open.
    pub to: Option<Timestamp>,
}

impl Period {
    /// How long it lasted until `now`.
    pub fn length(&self, now: Timestamp) -> SignedDuration {
        self.to.unwrap_or(now).duration_since(self.from).max(SignedDuration::ZERO)
    }
}

/// Why a step was refused. The text is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The step does not start from this state.
    #[error("An item that is {state} cannot become {to}; it must be {} first.", either(from))]
    WrongState {
        /// The state wanted.
        to: ItemState,
        /// Where the item stands.
        state: ItemState,
        /// The states the step starts from.
        from: &'static [ItemState],
    },
    /// Another one is open.
    #[error("Another item of the session is open{}. Suspend or close it first.", named(.0.as_deref()))]
    AnotherOpen(
        /// Its number.
        Option<String>,
    ),
    /// It is not on the agenda that people have.
    #[error("A hidden item is not dealt with. Make it internal or common first.")]
    Hidden,
    /// The session does not sit.
    #[error("Items are opened in a session that is scheduled. Schedule the session first.")]
    NotSitting,
    /// The agenda has as many items as it may have.
    #[error("The agenda has {} items, which is the most. Delete some, or use another session.", super::MOST_ITEMS)]
    Full,
    /// The numbers are those of the adopted agenda.
    #[error("The agenda is adopted: its numbers do not change any more.")]
    Adopted,
    /// It has items below it.
    #[error("There are items below this one. Move or delete them first.")]
    HasItems,
    /// There is nothing to adopt or to keep.
    #[error("The agenda has no items that the meeting shares. Add some first.")]
    Empty,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::AnotherOpen(_) => "another_item_open",
            Self::Hidden => "hidden_item",
            Self::NotSitting => "session_not_scheduled",
            Self::Full => "agenda_full",
            Self::Adopted => "agenda_adopted",
            Self::HasItems => "has_items",
            Self::Empty => "agenda_empty",
        }
    }
}

impl ItemState {
    /// The step to `to`.
    pub fn step(self, to: Self) -> Result<Self, Refusal> {
        use ItemState::{Closed, Deferred, Open, Planned, Suspended, Withdrawn};
        let from: &'static [Self] = match to {
            Planned => &[Deferred, Withdrawn],
            // A closed item is taken up again where somebody has it reconsidered, or has closed it by mistake.
            Open => &[Planned, Suspended, Deferred, Closed],
            Suspended => &[Open],
            Closed => &[Open, Suspended],
            Deferred => &[Planned, Open, Suspended],
            Withdrawn => &[Planned, Suspended, Deferred],
        };
        if from.contains(&self) { Ok(to) } else { Err(Refusal::WrongState { to, state: self, from }) }
    }

    /// Whether it still takes time of the sitting.
    pub fn lies_ahead(self) -> bool {
        matches!(self, Self::Planned | Self::Open | Self::Suspended)
    }

    /// Whether it has left the agenda of the sitting.
    pub fn has_left(self) -> bool {
        matches!(self, Self::Deferred | Self::Withdrawn)
    }
}

/// `periods` after a step to `to` at `now`. Clocks of several servers may differ a little: no period ends before it
/// begins, or begins before the one before it ended.
pub(super) fn after(periods: &[Period], to: ItemState, now: Timestamp) -> Vec<Period> {
    let mut periods = periods.to_vec();
    let last = periods.last_mut();
    let ended = last.as_ref().and_then(|last| last.to);
    match (to, last) {
        (ItemState::Open, _) => {
            periods.push(Period { from: ended.map_or(now, |ended| ended.max(now)), to: None });
        }
        (_, Some(last)) if last.to.is_none() => last.to = Some(last.from.max(now)),
        _ => {}
    }
    periods
}

fn either(states: &[ItemState]) -> String {
    states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" or ")
}

fn named(number: Option<&str>) -> String {
    number.map(|number| format!(" ({number})")).unwrap_or_default()
}
