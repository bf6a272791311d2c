//! Marks: who said of whom, and when, whether they were there. Staff says it of anybody, an organisation of its own
//! people, people of themselves by the code on the screen, the platform by its log, and a door by what it scans. What
//! follows from all of it is a rule of the domain; the sheet shows it.

pub mod codes;
pub mod platform;
pub mod resource;
pub mod scans;
pub mod store;

use std::collections::{HashMap, HashSet};

use domain::{
    Check,
    access::Resource,
    attendance::{
        Level, Sheet, Status,
        marks::{Mark, Presence, Source, presence},
        sheet::MarksInput,
    },
    events::Event,
    identifier::{DelegateId, DelegationId, EventId, Handle},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use sea_orm::ConnectionTrait;
use serde::Serialize;

use super::{
    roster,
    sheet::{self, store::Place},
    target,
};
use crate::{
    context::Ctx,
    db::{Page, Paging, Tx, Visible},
    error::Error,
    events,
};
use store::{Attendee, Marked};

/// A mark on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttendanceMark")]
pub struct Recorded {
    /// In which order it was recorded, from 1.
    pub number: i64,
    /// The delegation.
    pub delegation_id: DelegationId,
    /// Whom it is about; absent where it is about the delegation as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate_id: Option<DelegateId>,
    /// What it says.
    pub status: Status,
    /// Who says so.
    pub source: Source,
    /// The instant it is made for (UTC).
    pub at: Timestamp,
    /// Whom staff named as sitting for the delegation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub represented_by: Option<DelegateId>,
    /// At what level, where staff said that it was another than that of who sat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

/// Something that is said, before it has a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    pub delegation: DelegationId,
    pub delegate: Option<DelegateId>,
    pub status: Status,
    pub source: Source,
    pub at: Timestamp,
    pub represented_by: Option<DelegateId>,
    pub level: Option<Level>,
}

impl Said {
    /// What is said of one person.
    pub(super) fn of(
        (delegation, delegate): (DelegationId, DelegateId),
        status: Status,
        source: Source,
        at: Timestamp,
    ) -> Self {
        Self { delegation, delegate: Some(delegate), status, source, at, represented_by: None, level: None }
    }
}

/// What is on record of a session.
pub(super) struct Register {
    marks: Vec<Marked>,
    pub(super) attendees: HashMap<DelegateId, Attendee>,
    /// The number of the last mark of the session.
    last: i64,
}

impl Register {
    /// Reads all of it; who leads a delegation is as of `at`.
    pub(super) async fn read(connection: &impl ConnectionTrait, place: Place, at: Timestamp) -> Result<Self, Error> {
        let marks = store::mark_list(connection, place.session).await?;
        let last = marks.last().map_or(0, |last| last.mark.number);
        Ok(Self { marks, attendees: store::attendees(connection, place.event, at).await?, last })
    }

    /// Reads what is on record of these delegations, for writing: a scan at a door does not go through the others.
    pub(super) async fn read_of(
        connection: &impl ConnectionTrait,
        place: Place,
        at: Timestamp,
        delegations: &[DelegationId],
    ) -> Result<Self, Error> {
        Ok(Self {
            marks: store::mark_list_of(connection, place.session, delegations).await?,
            attendees: store::attendees_of(connection, delegations, at).await?,
            last: store::mark_last(connection, place.session).await?,
        })
    }

    /// The rank at which a delegation is represented: what was said of it, else that of who sits for it.
    pub(super) fn level(&self, presence: &Presence) -> Option<Level> {
        let sits = || presence.represented_by.and_then(|delegate| self.attendees.get(&delegate)?.level);
        presence.level.or_else(sits)
    }

    /// What held at `at`, by delegation.
    pub(super) fn presences(&self, at: Timestamp) -> HashMap<DelegationId, Presence> {
        let mut by_delegation: HashMap<DelegationId, Vec<Mark>> = HashMap::new();
        for marked in &self.marks {
            by_delegation.entry(marked.delegation).or_default().push(marked.mark);
        }
        let function = |delegate: DelegateId| {
            self.attendees.get(&delegate).map_or(domain::attendance::Function::Accompanying, |known| known.function)
        };
        by_delegation.into_iter().map(|(id, marks)| (id, presence(&marks, at, function))).collect()
    }

    /// Who was there at all until `at`, by delegation: whoever left before the end was there.
    pub(super) fn attended(&self, at: Timestamp) -> HashMap<DelegationId, Presence> {
        let left =
            |mark: &Mark| mark.status == Status::Absent && matches!(mark.source, Source::PlatformLog | Source::Scan);
        let marks = self.marks.iter().filter(|marked| !left(&marked.mark)).copied().collect();
        let stayed = Self { marks, attendees: self.attendees.clone(), last: self.last };
        stayed.presences(at)
    }

    /// Writes down what was said and is not on record word for word; the session must be held. Gives how much that was.
    pub(super) async fn add(&mut self, tx: &Tx, place: Place, said: &[Said]) -> Result<usize, Error> {
        let mut new = vec![];
        for (said, number) in said.iter().zip(self.last + 1..) {
            let Said { delegation, delegate, status, source, at, represented_by, level } = *said;
            let mark = Mark { delegate, status, source, at, number, represented_by, level, id: tx.new_id()? };
            self.last = number;
            new.push(Marked { delegation, mark });
        }
        store::marks_insert(tx, place.session, &new).await?;
        let count = new.len();
        self.marks.extend(new);
        Ok(count)
    }

    /// What the log of the platform has said already.
    fn known_to_platform(&self) -> HashSet<(Option<DelegateId>, Status, Timestamp)> {
        let said = self.marks.iter().map(|marked| marked.mark).filter(|mark| mark.source == Source::PlatformLog);
        said.map(|mark| (mark.delegate, mark.status, mark.at)).collect()
    }
}

/// One page of the marks of a session, for those who run its event.
pub async fn list(ctx: &Ctx, session: &Handle, paging: &Paging) -> Result<Page<Recorded>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    roster::admit(ctx, &event_of(ctx, place).await?).await?;
    store::mark_page(connection, place.session, paging).await?.try_map(|Marked { delegation, mark }| {
        Ok(Recorded {
            number: mark.number,
            delegation_id: delegation,
            delegate_id: mark.delegate,
            status: mark.status,
            source: mark.source,
            at: mark.at,
            represented_by: mark.represented_by,
            level: mark.level,
        })
    })
}

/// Marks people: staff anybody, an organisation its own people.
pub async fn mark(ctx: &Ctx, session: &Handle, input: MarksInput) -> Result<Sheet, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    let event = event_of(ctx, place).await?;
    let attendees = store::attendees(ctx.read(Resource::Attendance)?, place.event, ctx.now).await?;
    let (source, permit) = match ctx.actor.permit(Resource::Attendance, target(&event, None)) {
        Ok(permit) => (Source::Staff, permit),
        Err(_) => {
            let own = roster::own_delegations(ctx, place.event).await?;
            let own = own.first().map(|(_, organisation)| *organisation);
            (Source::Own, ctx.actor.permit(Resource::Attendance, target(&event, own))?)
        }
    };
    input.check(source == Source::Own)?;
    let tx = ctx.write(permit).await?;
    sheet::store::session_lock(&tx, place.session).await?;
    let lines = sheet::store::line_list(tx.connection(), &ctx.actor, place).await?;
    let known: HashSet<DelegationId> = lines
        .iter()
        .filter(|stored| source == Source::Staff || ctx.actor.acts_for(stored.line.organisation_id, place.event))
        .map(|stored| stored.line.delegation_id)
        .collect();
    let said = said_of_people(&input, &attendees, &known, source, tx.now())?;
    sheet::settle(&tx, place, &event, lines, &said).await?;
    tx.commit().await?;
    sheet::get(ctx, session, None).await
}

/// What is said of people who are in the delegations the caller speaks of.
fn said_of_people(
    input: &MarksInput,
    attendees: &HashMap<DelegateId, Attendee>,
    known: &HashSet<DelegationId>,
    source: Source,
    at: Timestamp,
) -> Result<Vec<Said>, Error> {
    let mut check = Check::new();
    let mut said = vec![];
    for (place, mark) in input.marks.iter().enumerate() {
        let delegate = mark.delegate_id.id().map(DelegateId);
        let found = delegate.and_then(|id| Some((id, attendees.get(&id)?)));
        let found = found.filter(|(_, attendee)| attendee.stays && known.contains(&attendee.delegation));
        let Some((delegate, attendee)) = found else {
            let detail = "Name a delegate at this event by id, one of yours unless you keep the record.";
            let pointer = format!("/marks/{place}/delegate_id");
            check.add(domain::Violation::new(pointer, "unknown_delegate", detail));
            continue;
        };
        said.push(Said::of((attendee.delegation, delegate), mark.status, source, at));
    }
    check.finish()?;
    Ok(said)
}

pub(super) async fn event_of(ctx: &Ctx, place: Place) -> Result<Visible<Event>, Error> {
    let EventId(event) = place.event;
    events::get(ctx, &Handle::Id(event)).await
}
