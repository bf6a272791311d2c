//! Entries of a speakers' list, their states, and who has the floor.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Settings, time};
use crate::{
    Check, Code, Text, Violation,
    identifier::{AgendaItemId, DelegationId, GroupId, Handle, OrganisationId, SpeakerId},
    language::check_line,
    schedule::agenda::Period,
};

crate::words! {
    /// What the floor is asked for; those named first have it first.
    #[derive(Default)]
    #[schemars(rename = "SpeakerKind")]
    pub enum Kind {
        /// A point of order. It takes the floor from whoever has it, and gives it back.
        PointOfOrder = "point_of_order",
        /// A statement on behalf of a group of delegations.
        GroupStatement = "group_statement",
        /// A statement of a delegation.
        #[default]
        Statement = "statement",
        /// A reply to what was said of the delegation.
        RightOfReply = "right_of_reply",
    }
}

crate::words! {
    /// At which level a delegation speaks, the highest first.
    #[derive(Default)]
    #[schemars(rename = "SpeakerLevel")]
    pub enum Level {
        /// A head of state.
        HeadOfState = "head_of_state",
        /// A head of government.
        HeadOfGovernment = "head_of_government",
        /// A minister.
        Minister = "minister",
        /// A deputy minister or state secretary.
        DeputyMinister = "deputy_minister",
        /// An ambassador.
        Ambassador = "ambassador",
        /// The head of the delegation, where that is none of the above.
        HeadOfDelegation = "head_of_delegation",
        /// Anybody else.
        #[default]
        Other = "other",
    }
}

crate::words! {
    /// Where an entry stands.
    #[derive(Default)]
    #[schemars(rename = "SpeakerState")]
    pub enum SpeakerState {
        /// It has its place on the list.
        #[default]
        Waiting = "waiting",
        /// It has the floor; no other of the list has.
        Speaking = "speaking",
        /// It was begun and waits to go on.
        Paused = "paused",
        /// It is through.
        Done = "done",
        /// The delegation does not wish to speak any more.
        Withdrawn = "withdrawn",
        /// Nobody was there when the floor was given.
        Absent = "absent",
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSpeaker {
    /// The delegation, by id or the code of its organisation.
    pub delegation_id: Handle,
    /// Who of it speaks; may be said when the floor is given, or never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegate_id: Option<Handle>,
    /// What for.
    #[serde(default)]
    pub kind: Kind,
    /// At which level it speaks.
    #[serde(default)]
    pub level: Level,
    /// The group on whose behalf it speaks, by id or code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Handle>,
    /// On whose behalf it speaks, where that is no group known here: "the Nordic states".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub on_behalf_of: Option<String>,
}

impl NewSpeaker {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(whom) = &self.on_behalf_of {
            check.take(check_line(whom, "/on_behalf_of", 200));
        }
        let whom = usize::from(self.group_id.is_some()) + usize::from(self.on_behalf_of.is_some());
        check.require(
            whom == usize::from(self.kind == Kind::GroupStatement),
            "/on_behalf_of",
            "out_of_place",
            "A group statement names the group, by group_id or in words, and nothing else does.",
        );
        check.finish()
    }
}

/// A step asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SpeakerTransition")]
pub struct Step {
    /// The state wanted.
    pub to: SpeakerState,
    /// Who of the delegation speaks, where that was not said before or somebody else does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegate_id: Option<Handle>,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Speaker {
    /// The item.
    pub agenda_item_id: AgendaItemId,
    /// The delegation.
    pub delegation_id: DelegationId,
    /// Who of it speaks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate_id: Option<Handle>,
    /// What for.
    pub kind: Kind,
    /// At which level.
    pub level: Level,
    /// The group on whose behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// Where it stands.
    pub state: SpeakerState,
    /// The lot that was drawn for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<i32>,
    /// When it had the floor.
    pub periods: Vec<Period>,
    /// The point of order that took the floor from it and will give it back.
    #[serde(skip)]
    pub interrupted_by: Option<SpeakerId>,
    /// Orders it among those of its kind.
    #[serde(skip)]
    pub rank: i32,
}

/// An entry with its id.
pub type Entry = (SpeakerId, Speaker);

/// An entry of a speakers' list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Speaker")]
pub struct SpeakerShown {
    /// The item.
    pub agenda_item_id: AgendaItemId,
    /// The delegation.
    pub delegation_id: DelegationId,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// The code of that.
    pub organisation_code: Code,
    /// Its name in a list, as it was when the event began.
    pub organisation_name: Text,
    /// Who of it speaks; told to those who run the event and to the delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate_id: Option<Handle>,
    /// What for.
    pub kind: Kind,
    /// At which level.
    pub level: Level,
    /// The group on whose behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// Where it stands.
    pub state: SpeakerState,
    /// Which it is among those that wait, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
    /// The lot that was drawn for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<i32>,
    /// When it was given the floor first (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// How many seconds it had the floor until now, pauses left out.
    pub used_seconds: i64,
    /// How many it may have, extra time included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_seconds: Option<i64>,
    /// By how many it is over that; 0 where it is not.
    pub over_seconds: i64,
}

/// Why something was refused. The text is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The step does not start from this state.
    #[error("An entry that is {state} cannot become {to}; it must be {} first.", either(from))]
    WrongState {
        /// The state wanted.
        to: SpeakerState,
        /// Where it stands.
        state: SpeakerState,
        /// The states the step starts from.
        from: &'static [SpeakerState],
    },
    /// Another one has the floor.
    #[error("Somebody else has the floor. End or pause that first; only a point of order interrupts.")]
    SomebodySpeaks,
    /// The item is not being dealt with.
    #[error("The floor is given while the item is open. Open it first.")]
    ItemNotOpen,
    /// The list takes no requests.
    #[error("The list is closed. Ask the secretariat or the chair.")]
    Closed,
    /// It is on the list already.
    #[error("The delegation waits on the list for this already. Withdraw that first.")]
    ListedAlready,
    /// It has no reply left.
    #[error("The delegation has had its {0} rights of reply on this item.")]
    RepliesSpent(
        /// How many a delegation has.
        u8,
    ),
    /// It is not there.
    #[error(
        "Only delegations that are present in the session ask for the floor. Let the delegation be recorded first."
    )]
    NotPresent,
    /// Only what waits for the same has a place to change.
    #[error("Only entries that wait, and for the same kind of speech, change places.")]
    OtherQueue,
    /// There is nothing to draw lots among.
    #[error("No statement waits on the list. Take requests before drawing lots.")]
    NothingToDraw,
}

impl Refusal {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::SomebodySpeaks => "somebody_speaks",
            Self::ItemNotOpen => "item_not_open",
            Self::Closed => "list_closed",
            Self::ListedAlready => "listed_already",
            Self::RepliesSpent(_) => "replies_spent",
            Self::NotPresent => "not_present",
            Self::OtherQueue => "other_queue",
            Self::NothingToDraw => "nothing_to_draw",
        }
    }
}

impl Speaker {
    /// Whether a delegation may ask for this on a list that stands so; `own` says that it does so itself.
    pub fn admitted(&self, list: &[Entry], settings: &Settings, own: bool, present: bool) -> Result<(), Refusal> {
        if own && settings.state != super::ListState::Open && self.kind != Kind::PointOfOrder {
            return Err(Refusal::Closed);
        }
        if settings.present_only && !present {
            return Err(Refusal::NotPresent);
        }
        let alike = || {
            let theirs = list.iter().filter(|(_, other)| other.delegation_id == self.delegation_id);
            theirs.filter(|(_, other)| other.kind == self.kind)
        };
        if alike().any(|(_, other)| other.state == SpeakerState::Waiting) {
            return Err(Refusal::ListedAlready);
        }
        let taken = alike().filter(|(_, other)| other.state != SpeakerState::Withdrawn).count();
        match settings.replies_per_delegation {
            Some(most) if self.kind == Kind::RightOfReply && taken >= most.into() => Err(Refusal::RepliesSpent(most)),
            _ => Ok(()),
        }
    }

    fn must_be(&self, to: SpeakerState, from: &'static [SpeakerState]) -> Result<(), Refusal> {
        if from.contains(&self.state) { Ok(()) } else { Err(Refusal::WrongState { to, state: self.state, from }) }
    }

    /// The same in another state: a period of speech begins or ends with it.
    fn turned(&self, state: SpeakerState, now: Timestamp) -> Self {
        let mut periods = self.periods.clone();
        match (periods.last_mut(), state) {
            (last, SpeakerState::Speaking) => {
                let earliest = last.and_then(|last| last.to).unwrap_or(now);
                periods.push(Period { from: now.max(earliest), to: None });
            }
            (Some(last), _) if last.to.is_none() => last.to = Some(now.max(last.from)),
            _ => {}
        }
        Self { state, periods, ..self.clone() }
    }

    /// The entry as answers give it.
    pub fn present(
        self,
        (organisation_id, organisation_code, organisation_name): (OrganisationId, Code, Text),
        position: Option<usize>,
        (settings, extra): (&Settings, i32),
        now: Timestamp,
    ) -> SpeakerShown {
        let used_seconds = time::used(&self.periods, now).as_secs();
        let limit_seconds = settings.limits.of(self.kind).map(|limit| (i64::from(limit) + i64::from(extra)).max(0));
        SpeakerShown {
            agenda_item_id: self.agenda_item_id,
            delegation_id: self.delegation_id,
            organisation_id,
            organisation_code,
            organisation_name,
            delegate_id: self.delegate_id,
            kind: self.kind,
            level: self.level,
            group_id: self.group_id,
            on_behalf_of: self.on_behalf_of,
            state: self.state,
            position,
            lot: self.lot,
            started_at: self.periods.first().map(|first| first.from),
            used_seconds,
            limit_seconds,
            over_seconds: limit_seconds.map_or(0, |limit| (used_seconds - limit).max(0)),
        }
    }
}

/// Takes an entry the step to `to` at `now`; gives every entry that changes by it, that one first. A point of order that
/// is given the floor takes it from whoever has it, and gives it back when it is done.
pub fn step(list: &[Entry], id: SpeakerId, to: SpeakerState, now: Timestamp) -> Result<Vec<Entry>, Refusal> {
    use SpeakerState::{Absent, Done, Paused, Speaking, Waiting, Withdrawn};
    let Some((_, own)) = list.iter().find(|(other, _)| *other == id) else { return Ok(vec![]) };
    own.must_be(
        to,
        match to {
            Speaking => &[Waiting, Paused],
            Paused => &[Speaking],
            Done => &[Speaking, Paused],
            Withdrawn => &[Waiting, Absent],
            Absent => &[Waiting],
            Waiting => &[Absent, Withdrawn],
        },
    )?;
    let mut turned = own.turned(to, now);
    turned.interrupted_by = None;
    if to == Waiting {
        turned.rank = super::order::last_rank(list, own.kind);
        turned.lot = None;
    }
    let mut changed = vec![(id, turned)];
    if to == Speaking
        && let Some((other, speaking)) = list.iter().find(|(_, other)| other.state == Speaking)
    {
        if own.kind != Kind::PointOfOrder || speaking.kind == Kind::PointOfOrder {
            return Err(Refusal::SomebodySpeaks);
        }
        changed.push((*other, Speaker { interrupted_by: Some(id), ..speaking.turned(Paused, now) }));
    }
    // Whoever paused by themselves since waits to be called.
    let waits = |(_, other): &&Entry| other.interrupted_by == Some(id) && other.state == Paused;
    let free = list.iter().all(|(other, speaker)| *other == id || speaker.state != Speaking);
    if to == Done
        && free
        && let Some((other, interrupted)) = list.iter().find(waits)
    {
        changed.push((*other, Speaker { interrupted_by: None, ..interrupted.turned(Speaking, now) }));
    }
    Ok(changed)
}

fn either(states: &[SpeakerState]) -> String {
    states.iter().map(|state| state.as_str()).collect::<Vec<_>>().join(" or ")
}
