//! Attendance: who was represented in a session. Written by the secretariat, line by line or many lines at once.

pub mod resource;
pub mod store;

use std::collections::HashMap;

use domain::{
    Check,
    access::{Permit, Resource},
    attendance::{
        Counts, Delegate, DelegateState, Line, LinesInput, Record, Sheet, Status,
        marks::{Mark, Source},
        sheet::{PersonLine, check_repeated},
    },
    events::Event,
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId, SessionId},
    moment::Moment,
};
use sea_orm::ConnectionTrait;

use super::{
    change, delegates,
    marks::{Register, Said},
    target,
};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Expected, Tx, Visible, reference},
    error::Error,
    events, schedule,
};
pub use store::Meeting;
use store::{Place, Stored, Written};

/// The lines of a session that the caller may see: staff all of them, a delegate its own delegation's. With `as_of`, as
/// they stood at that instant, without notes.
pub async fn get(ctx: &Ctx, session: &Handle, as_of: Option<Moment>) -> Result<Sheet, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let place = place_of(ctx, session).await?;
    let lines = store::line_list(connection, &ctx.actor, place).await?;
    Ok(sheet(place, with_people(ctx, connection, place, lines, as_of).await?))
}

/// One line, by the id of the delegation or the code of its organisation.
pub async fn line(ctx: &Ctx, session: &Handle, delegation: &Handle) -> Result<Line, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let place = place_of(ctx, session).await?;
    let found = store::line_find(connection, &ctx.actor, place, delegation).await?;
    single(ctx, connection, place, found).await
}

/// The organisations that were represented in a session, or in at least one session of an event, as far as the caller
/// may see; by their codes.
pub async fn represented(ctx: &Ctx, meeting: Meeting) -> Result<Vec<OrganisationId>, Error> {
    store::organisations_represented(ctx.read(Resource::Attendance)?, &ctx.actor, meeting).await
}

/// Sets one line. Once something is recorded the caller must have read it.
pub async fn set(
    ctx: &Ctx,
    session: &Handle,
    delegation: &Handle,
    expected: Expected,
    record: Record,
) -> Result<Line, Error> {
    let (place, event, permit) = writable(ctx, session).await?;
    let mut check = Check::new();
    record.check("", &mut check);
    check.finish()?;
    let tx = ctx.write(permit).await?;
    store::session_lock(&tx, place.session).await?;
    let current = store::line_find(tx.connection(), &ctx.actor, place, delegation).await?;
    let shown = single(ctx, tx.connection(), place, current.clone()).await?;
    expected.check_version(shown.version, &shown)?;
    write(&tx, place, &event, vec![Entry { pointer: String::new(), current, record }]).await?;
    let made = store::line_find(tx.connection(), &ctx.actor, place, delegation).await?;
    let made = single(ctx, tx.connection(), place, made).await?;
    tx.commit().await?;
    Ok(made)
}

/// Sets many lines, or none if there is anything wrong with one. Each states the whole line, so no version is asked
/// for: whoever stands at the door knows better than what was recorded before.
pub async fn set_many(ctx: &Ctx, session: &Handle, input: LinesInput) -> Result<Sheet, Error> {
    let (place, event, permit) = writable(ctx, session).await?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    store::session_lock(&tx, place.session).await?;
    let known = store::line_list(tx.connection(), &ctx.actor, place).await?;
    let entries = entries(known, input)?;
    write(&tx, place, &event, entries).await?;
    let made = store::line_list(tx.connection(), &ctx.actor, place).await?;
    let made = with_people(ctx, tx.connection(), place, made, None).await?;
    tx.commit().await?;
    Ok(sheet(place, made))
}

/// What is to become of one line.
struct Entry {
    /// Where it stands in the body.
    pointer: String,
    /// What is recorded.
    current: Stored,
    /// What shall be recorded.
    record: Record,
}

pub(super) async fn place_of(ctx: &Ctx, session: &Handle) -> Result<Place, Error> {
    let session = schedule::get(ctx, session).await?;
    let event = reference(Some(&session.content.details.event_id));
    let event = event.ok_or_else(|| Error::internal("a session without the id of its event"))?;
    let hidden = Place::hides(session.content.disclosure().visibility);
    Ok(Place { session: SessionId(session.id), event: EventId(event), hidden })
}

async fn writable(ctx: &Ctx, session: &Handle) -> Result<(Place, Visible<Event>, Permit), Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let place = place_of(ctx, session).await?;
    let event = events::get(ctx, &Handle::Id(place.event.0)).await?;
    let permit = ctx.actor.permit(Resource::Attendance, target(&event, None))?;
    Ok((place, event, permit))
}

/// Finds the line of each delegation named in `input`.
fn entries(known: Vec<Stored>, input: LinesInput) -> Result<Vec<Entry>, Error> {
    let mut by_handle: HashMap<Handle, usize> = HashMap::new();
    for (at, stored) in known.iter().enumerate() {
        by_handle.insert(Handle::Id(stored.line.delegation_id.0), at);
        by_handle.insert(Handle::Code(stored.line.organisation_code.key()), at);
    }
    let mut check = Check::new();
    let mut places = vec![];
    for (at, line) in input.lines.iter().enumerate() {
        match by_handle.get(&line.delegation_id) {
            Some(place) => places.push(*place),
            None => {
                check.add(super::delegations::unknown(&format!("/lines/{at}/delegation_id")));
            }
        }
    }
    check.finish()?;
    check_repeated(&places)?;
    let lines = input.lines.into_iter().zip(places).enumerate();
    Ok(lines
        .map(|(at, (line, place))| Entry {
            pointer: format!("/lines/{at}"),
            current: known[place].clone(),
            record: line.record(),
        })
        .collect())
}

/// Records what staff says, unless that is what staff said before.
async fn write(tx: &Tx, place: Place, event: &Visible<Event>, entries: Vec<Entry>) -> Result<(), Error> {
    check_representatives(tx, &entries).await?;
    let mut register = Register::read(tx.connection(), place, tx.now()).await?;
    let before = register.presences(tx.now());
    let (mut said, mut written) = (vec![], vec![]);
    for Entry { current, record, .. } in entries {
        let delegation = current.line.delegation_id;
        let by_staff = before.get(&delegation).and_then(|presence| presence.by_staff);
        let representative = reference(record.represented_by.as_ref()).map(DelegateId);
        let same = by_staff.map_or(Status::Unknown, |mark| mark.status) == record.status
            && by_staff.and_then(|mark| mark.represented_by) == representative
            && by_staff.and_then(|mark| mark.level) == record.level;
        if same && record.note == current.line.record.note {
            continue;
        }
        if !same {
            said.push(Said {
                delegation,
                delegate: None,
                status: record.status,
                source: Source::Staff,
                at: tx.now(),
                represented_by: representative,
                level: record.level,
            });
        }
        written.push((current, record.note));
    }
    register.add(tx, place, &said).await?;
    put(tx, place, event, &register, written).await
}

/// Lets somebody else, or nobody yet, sit for a delegation in a session; whether it is represented stays.
pub(super) async fn represent(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    session: SessionId,
    delegation: DelegationId,
    represented_by: Option<DelegateId>,
) -> Result<(), Error> {
    let place = place_of(ctx, &Handle::Id(session.0)).await?;
    store::session_lock(tx, place.session).await?;
    let line = store::line_find(tx.connection(), &ctx.actor, place, &Handle::Id(delegation.0)).await?;
    let status = line.line.record.status;
    let source = Source::Staff;
    // Whoever comes instead has a rank of their own.
    let said = Said { delegation, delegate: None, status, source, at: tx.now(), represented_by, level: None };
    settle(tx, place, event, vec![line], &[said]).await
}

/// Adds what was said of people, and brings the lines of their delegations up to it.
pub(super) async fn settle(
    tx: &Tx,
    place: Place,
    event: &Visible<Event>,
    lines: Vec<Stored>,
    said: &[Said],
) -> Result<(), Error> {
    let mut delegations: Vec<_> = said.iter().map(|said| said.delegation).collect();
    delegations.sort();
    delegations.dedup();
    let mut register = Register::read_of(tx.connection(), place, tx.now(), &delegations).await?;
    register.add(tx, place, said).await?;
    let concerned = |stored: &Stored| delegations.contains(&stored.line.delegation_id);
    let lines = lines.into_iter().filter(concerned).map(|stored| {
        let note = stored.line.record.note.clone();
        (stored, note)
    });
    put(tx, place, event, &register, lines.collect()).await
}

/// Writes lines as they follow from the register, with these notes; each that differs has a change of its own.
async fn put(
    tx: &Tx,
    place: Place,
    event: &Visible<Event>,
    register: &Register,
    lines: Vec<(Stored, Option<String>)>,
) -> Result<(), Error> {
    let mut presences = register.presences(tx.now());
    let mut written = vec![];
    for (Stored { id, line }, note) in lines {
        let presence = presences.remove(&line.delegation_id).unwrap_or_default();
        let record = Record {
            status: presence.status,
            represented_by: presence.represented_by.map(|delegate| Handle::Id(delegate.0)),
            level: presence.level,
            note,
        };
        let (id, version) = (id.map_or_else(|| tx.new_id(), Ok)?, line.version + 1);
        let diff = audit::diff(&line.record, &record)?;
        let told = change("attendance.updated", (id, version), event, line.organisation_id, diff);
        tx.record(Change { organisation: told.organisation.filter(|_| !place.hidden), ..told });
        written.push(Written { id, version, delegation: line.delegation_id, record });
    }
    store::lines_write(tx, place.session, written).await
}

/// The lines with what is known of their people, now or as it was at an instant.
async fn with_people(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    place: Place,
    lines: Vec<Stored>,
    as_of: Option<Moment>,
) -> Result<Vec<Stored>, Error> {
    let at = as_of.map_or(ctx.now, |moment| moment.0);
    let register = Register::read(connection, place, at).await?;
    let mut presences = register.presences(at);
    let named = delegates::store::delegate_all(connection, &ctx.actor, place.event, DelegateState::ALL).await?;
    let named: HashMap<DelegateId, Delegate> =
        named.into_iter().map(|delegate| (DelegateId(delegate.id), delegate.content)).collect();
    let shown = lines.into_iter().map(|stored| {
        let presence = presences.remove(&stored.line.delegation_id).unwrap_or_default();
        let mut line = stored.line;
        if as_of.is_some() {
            let represented_by = presence.represented_by.map(|delegate| Handle::Id(delegate.0));
            line.record = Record { status: presence.status, represented_by, level: presence.level, note: None };
        }
        line.source = presence.source;
        let people = presence.people.iter();
        line.people = people.filter_map(|(id, mark)| Some(person_line(named.get(id)?, *id, mark))).collect();
        Stored { line, ..stored }
    });
    Ok(shown.collect())
}

/// The same of one line.
async fn single(ctx: &Ctx, connection: &impl ConnectionTrait, place: Place, found: Stored) -> Result<Line, Error> {
    let bare = found.line.clone();
    let shown = with_people(ctx, connection, place, vec![found], None).await?;
    Ok(shown.into_iter().next().map_or(bare, |stored| stored.line))
}

fn person_line(delegate: &Delegate, delegate_id: DelegateId, mark: &Mark) -> PersonLine {
    PersonLine {
        delegate_id,
        display_name: delegate.display_name.clone(),
        function: delegate.nomination.function,
        status: mark.status,
        source: mark.source,
        at: mark.at,
    }
}

/// Refuses a representative from another delegation, or somebody who was withdrawn.
async fn check_representatives(tx: &Tx, entries: &[Entry]) -> Result<(), Error> {
    let named = entries.iter().filter_map(|entry| reference(entry.record.represented_by.as_ref())).map(DelegateId);
    let delegations = delegates::store::delegates_delegation(tx, named).await?;
    let mut check = Check::new();
    for entry in entries {
        let Some(representative) = &entry.record.represented_by else { continue };
        let of = reference(Some(representative)).and_then(|id| delegations.get(&DelegateId(id)));
        check.require(
            of == Some(&entry.current.line.delegation_id),
            &format!("{}/represented_by", entry.pointer),
            "unknown_delegate",
            "Name a delegate of this delegation by id.",
        );
    }
    Ok(check.finish()?)
}

fn sheet(place: Place, lines: Vec<Stored>) -> Sheet {
    let lines: Vec<Line> = lines.into_iter().map(|stored| stored.line).collect();
    let counts = Counts::of(lines.iter().map(|line| line.record.status));
    Sheet { session_id: place.session, event_id: place.event, counts, lines }
}
