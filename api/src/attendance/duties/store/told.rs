//! Who was written to about a duty, and who has it no more.

use std::collections::{HashMap, HashSet};

use ::entity::{
    attendance::{
        delegation,
        session_duty::{Column, Entity, Model},
    },
    schedule::session,
};
use domain::{
    attendance::{Answer, Part},
    identifier::{DelegationId, EventId, OrganisationId, PersonId, ReleaseId, SessionId},
    schedule::{Place, State},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    db::{Tx, chunks, to_chrono},
    error::Error,
};

/// A duty that somebody was written to about and has no more.
#[derive(Debug, Clone, Copy)]
pub struct Lost {
    /// The event.
    pub event: EventId,
    /// The session, or the sitting if it was one in that only.
    pub session: SessionId,
    /// Who had it, if it was a person.
    pub person: Option<PersonId>,
    /// Who had it, if it was a delegation.
    pub delegation: Option<DelegationId>,
    /// The release of which they were written to last.
    pub told_in: ReleaseId,
    /// Whether it was the session that went, and not the duty.
    pub off: bool,
}

/// Keeps that a release was written of to somebody, in person and for an organisation: of the duties they have in these
/// sessions, and where those are off, that they know.
pub async fn duties_told(
    tx: &Tx,
    event: EventId,
    (person, organisation): (Option<PersonId>, Option<OrganisationId>),
    sessions: &[SessionId],
    release: Option<ReleaseId>,
) -> Result<(), Error> {
    let of_organisation = organisation.map(|own| {
        let own = Query::select()
            .column(delegation::Column::Id)
            .from(delegation::Entity)
            .and_where(delegation::Column::OrganisationId.eq(own.0))
            .and_where(delegation::Column::EventId.eq(event.0))
            .to_owned();
        Column::DelegationId.in_subquery(own)
    });
    let whose = Condition::any().add_option(person.map(|person| Column::PersonId.eq(person.0)));
    let whose = whose.add_option(of_organisation);
    if sessions.is_empty() || (person.is_none() && organisation.is_none()) {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::ToldIn, Expr::value(release.map(|release| release.0)))
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Answer.ne(Answer::Declined.as_str()))
        .filter(whose)
        .filter(in_sittings(sessions))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Duties in these sittings, in themselves or in all of their session.
fn in_sittings(sessions: &[SessionId]) -> Condition {
    let leading = Query::select()
        .column(session::Column::SittingOf)
        .from(session::Entity)
        .and_where(session::Column::Id.is_in(sessions.iter().map(|id| id.0)))
        .and_where(session::Column::SittingOf.is_not_null())
        .to_owned();
    let of_session = Condition::all().add(Column::SittingOnly.eq(false)).add(Column::SessionId.in_subquery(leading));
    Condition::any().add(Column::SessionId.is_in(sessions.iter().map(|id| id.0))).add(of_session)
}

/// Who was never written to about what they have to do in sittings still to come of which people know; the further
/// sittings of a session with it.
pub async fn untold(
    connection: &impl ConnectionTrait,
    event: EventId,
    now: Timestamp,
) -> Result<Vec<(SessionId, Option<PersonId>, Option<DelegationId>)>, Error> {
    let select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::ToldIn.is_null())
        .filter(Condition::any().add(Column::PersonId.is_not_null()).add(Column::Duty.ne(Part::Optional.as_str())))
        .filter(Column::Answer.ne(Answer::Declined.as_str()));
    let duties = select.all(connection).await?;
    if duties.is_empty() {
        return Ok(vec![]);
    }
    let ahead =
        Condition::any().add(session::Column::StartsAt.is_null()).add(session::Column::StartsAt.gt(to_chrono(now)));
    let sittings: Vec<(Uuid, Option<Uuid>)> = session::Entity::find()
        .select_only()
        .columns([session::Column::Id, session::Column::SittingOf])
        .filter(session::Column::EventId.eq(event.0))
        .filter(session::Column::DeletedAt.is_null())
        .filter(session::Column::Announced.eq(true))
        .filter(session::Column::State.ne(State::Cancelled.as_str()))
        .filter(ahead)
        .into_tuple()
        .all(connection)
        .await?;
    let mut untold = vec![];
    for duty in duties {
        let whose = (duty.person_id.map(PersonId), duty.delegation_id.map(DelegationId));
        let there = sittings.iter().filter(|sitting| holds_in(&duty, **sitting));
        untold.extend(there.map(|(id, _)| (SessionId(*id), whose.0, whose.1)));
    }
    Ok(untold)
}

/// Whether a duty is one in a sitting, which belongs to a session that another may lead.
fn holds_in(row: &Model, (sitting, of): (Uuid, Option<Uuid>)) -> bool {
    let place = Place::of(SessionId(row.session_id), row.sitting_only);
    place.includes(SessionId(sitting), SessionId(of.unwrap_or(sitting)))
}

/// Who was never written to about what they have to do in these sittings, each with the sitting.
pub async fn told_nothing(
    connection: &impl ConnectionTrait,
    event: EventId,
    sessions: &[SessionId],
) -> Result<HashSet<(SessionId, PersonId)>, Error> {
    if sessions.is_empty() {
        return Ok(HashSet::new());
    }
    let select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::PersonId.is_not_null())
        .filter(in_sittings(sessions));
    let rows = select.all(connection).await?;
    let ids = sessions.iter().map(|id| id.0);
    let leading: Vec<(Uuid, Option<Uuid>)> = session::Entity::find()
        .select_only()
        .columns([session::Column::Id, session::Column::SittingOf])
        .filter(session::Column::Id.is_in(ids))
        .into_tuple()
        .all(connection)
        .await?;
    let (mut told, mut all) = (HashSet::new(), HashSet::new());
    for (sitting, of) in leading {
        for row in rows.iter().filter(|row| holds_in(row, (sitting, of))) {
            let Some(person) = row.person_id else { continue };
            let list = if row.told_in.is_some() { &mut told } else { &mut all };
            list.insert((SessionId(sitting), PersonId(person)));
        }
    }
    Ok(all.difference(&told).copied().collect())
}

/// The duties that are lost since somebody was written to about them; they count as told from then on. Who has the same
/// again, or had declined, lost nothing.
pub async fn duties_lost(tx: &Tx) -> Result<Vec<Lost>, Error> {
    let nothing_left = Expr::exists(sittings_left()).not();
    let gone = Condition::any().add(Column::DeletedAt.is_not_null()).add(nothing_left);
    let select = Entity::find().filter(Column::ToldIn.is_not_null()).filter(gone).order_by_asc(Column::Id);
    let rows = select.lock_exclusive().all(tx.connection()).await?;
    for ids in chunks(rows.iter().map(|row| row.id).collect()) {
        Entity::update_many()
            .col_expr(Column::ToldIn, Expr::value(None::<Uuid>))
            .filter(Column::Id.is_in(ids))
            .exec(tx.connection())
            .await?;
    }
    let off = sessions_off(tx, &rows).await?;
    let again = given_again(tx, &rows).await?;
    let lost = |row: Model| {
        let declined = row.answer == Answer::Declined.as_str();
        let told_in = row.told_in.filter(|_| !declined && !again.contains(&key(&row)))?;
        Some(Lost {
            event: EventId(row.event_id),
            session: SessionId(row.session_id),
            person: row.person_id.map(PersonId),
            delegation: row.delegation_id.map(DelegationId),
            told_in: ReleaseId(told_in),
            off: off.get(&row.session_id).copied().unwrap_or(true),
        })
    };
    Ok(rows.into_iter().filter_map(lost).collect())
}

/// The sittings of a duty that are not deleted and not called off.
fn sittings_left() -> SelectStatement {
    let own = Expr::col((session::Entity, session::Column::Id)).equals((Entity, Column::SessionId));
    let further = Expr::col((session::Entity, session::Column::SittingOf)).equals((Entity, Column::SessionId));
    let further = further.and(Expr::col((Entity, Column::SittingOnly)).eq(false));
    Query::select()
        .expr(Expr::val(1))
        .from(session::Entity)
        .and_where(own.or(further))
        .and_where(Expr::col((session::Entity, session::Column::DeletedAt)).is_null())
        .and_where(Expr::col((session::Entity, session::Column::State)).ne(State::Cancelled.as_str()))
        .to_owned()
}

/// Of the sessions of these duties, whether they are deleted or called off.
async fn sessions_off(tx: &Tx, rows: &[Model]) -> Result<HashMap<Uuid, bool>, Error> {
    let mut off = HashMap::new();
    for ids in chunks(rows.iter().map(|row| row.session_id).collect()) {
        let select = session::Entity::find().select_only().column(session::Column::Id);
        let select = select.column(session::Column::State).filter(session::Column::Id.is_in(ids));
        let live: Vec<(Uuid, String)> =
            select.filter(session::Column::DeletedAt.is_null()).into_tuple().all(tx.connection()).await?;
        off.extend(live.into_iter().map(|(id, state)| (id, state == State::Cancelled.as_str())));
    }
    Ok(off)
}

type Key = (Uuid, Option<Uuid>, Option<Uuid>, String);

fn key(row: &Model) -> Key {
    (row.session_id, row.person_id, row.delegation_id, row.duty.clone())
}

/// Those of these duties that whoever had them has again.
async fn given_again(tx: &Tx, rows: &[Model]) -> Result<HashSet<Key>, Error> {
    let mut again = HashSet::new();
    for ids in chunks(rows.iter().filter(|row| row.deleted_at.is_some()).map(|row| row.id).collect()) {
        let same = Query::select().column(Column::SessionId).from(Entity).and_where(Column::Id.is_in(ids)).to_owned();
        let select = Entity::find().filter(Column::SessionId.in_subquery(same)).filter(Column::DeletedAt.is_null());
        again.extend(select.all(tx.connection()).await?.iter().map(key));
    }
    Ok(again)
}
