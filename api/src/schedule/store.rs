//! Finding sessions: the only queries of sessions that callers see, so all of them hold the visibility predicate.

use ::entity::{
    access::audience_member::{Column as MemberColumn, Entity as Member},
    events::{event, room},
    groups::group,
    schedule::session::{Column, Entity},
};
use domain::{
    Code,
    access::Actor,
    identifier::{Handle, SessionId},
    schedule::{Sitting, State},
    time::Bound,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query,
};
use uuid::Uuid;

use crate::{
    access::store::in_event_visible,
    db::{self, Page, Paging, Tx, Visible, external_ids_of, local_to_chrono, page_of, refers_to, to_chrono},
    error::Error,
    events::sittings::{self, KIND, Row},
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this event.
    pub event: Option<Handle>,
    /// Only of this group: its own sittings, and what belongs to its events.
    pub group: Option<Handle>,
    /// Only the sittings of the session that this one leads.
    pub sittings_of: Option<SessionId>,
    /// Only in this room.
    pub room: Option<Handle>,
    /// Only of the track of this code.
    pub track: Option<Code>,
    /// Only in this state.
    pub state: Option<State>,
    /// Only what is not over yet.
    pub from: Option<Bound>,
    /// Only what begins before.
    pub to: Option<Bound>,
    /// Words in a title or description, without regard to case and diacritics.
    pub q: Option<String>,
}

/// One page of what the actor may see, by start.
pub async fn session_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Sitting>>, Error> {
    let select = Entity::find()
        .filter(Column::DeletedAt.is_null())
        .filter(in_event_visible(actor, Column::EventId, sittings::SHOWN_TO))
        .filter(narrowed(filter));
    let page =
        page_of(connection, select, (Some(Column::SortKey), Column::Id), paging, |row: &Row| (&row.sort_key, row.id))
            .await?;
    let mut external = external_ids_of(connection, KIND, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let ids = external.remove(&row.id).unwrap_or_default();
        row.read(ids)
    })
}

fn narrowed(filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if let Some(event) = &filter.event {
        all = all.add(refers_to(Column::EventId, event, event::Entity, event::Column::Id, event::Column::CodeKey));
    }
    if let Some(group) = &filter.group {
        all = all.add(of_group(group));
    }
    if let Some(leading) = filter.sittings_of {
        all = all.add(Condition::any().add(Column::Id.eq(leading.0)).add(Column::SittingOf.eq(leading.0)));
    }
    if let Some(room) = &filter.room {
        all = all.add(refers_to(Column::RoomId, room, room::Entity, room::Column::Id, room::Column::CodeKey));
    }
    if let Some(track) = &filter.track {
        all = all.add(Column::Track.eq(track.as_str()));
    }
    if let Some(state) = filter.state {
        all = all.add(Column::State.eq(state.as_str()));
    }
    match filter.from {
        Some(Bound::Local(local)) => all = all.add(Column::EndsLocal.gt(local_to_chrono(local))),
        Some(Bound::Instant(at)) => all = all.add(Column::EndsAt.gt(to_chrono(at))),
        None => {}
    }
    match filter.to {
        Some(Bound::Local(local)) => all = all.add(Column::StartsLocal.lt(local_to_chrono(local))),
        Some(Bound::Instant(at)) => all = all.add(Column::StartsAt.lt(to_chrono(at))),
        None => {}
    }
    match &filter.q {
        Some(q) => all.add(db::contains(Column::SearchKey, q)),
        None => all,
    }
}

fn of_group(group: &Handle) -> Condition {
    let named = |column| refers_to(column, group, group::Entity, group::Column::Id, group::Column::CodeKey);
    let events = refers_to(event::Column::GroupId, group, group::Entity, group::Column::Id, group::Column::CodeKey);
    let events = Query::select().column(event::Column::Id).from(event::Entity).cond_where(events).to_owned();
    let joint = refers_to(MemberColumn::MemberId, group, group::Entity, group::Column::Id, group::Column::CodeKey);
    let joint = Query::select().column(MemberColumn::AudienceId).from(Member).cond_where(joint).to_owned();
    Condition::any()
        .add(named(Column::GroupId))
        .add(Column::JointGroupsId.in_subquery(joint))
        .add(Column::EventId.in_subquery(events))
}

/// The only finder of one session.
pub async fn session_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Sitting>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let select = Entity::find_by_id(*id).filter(in_event_visible(actor, Column::EventId, sittings::SHOWN_TO));
    let row = select.into_partial_model::<Row>().one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let ids = external_ids_of(connection, KIND, [row.id]).await?.remove(&row.id).unwrap_or_default();
    row.read(ids)
}

/// A session that was deleted, if the actor might see it were it there; without external ids, which it has none of.
pub async fn session_deleted(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: SessionId,
) -> Result<Option<Visible<Sitting>>, Error> {
    let seen = in_event_visible(actor, Column::EventId, sittings::SHOWN_TO);
    let select = Entity::find_by_id(id.0).filter(seen).filter(Column::DeletedAt.is_not_null());
    let row = select.into_partial_model::<Row>().one(connection).await?;
    row.map(|row| row.read(vec![])).transpose()
}

/// Every session that has a time and was neither held nor cancelled, whoever asks: for what is derived from its time on
/// the wall, never for an answer. Without external ids.
pub async fn sessions_ahead(connection: &impl ConnectionTrait) -> Result<Vec<Visible<Sitting>>, Error> {
    let select = Entity::find()
        .filter(Column::DeletedAt.is_null())
        .filter(Column::StartsAt.is_not_null())
        .filter(Column::State.is_in([State::Draft.as_str(), State::Scheduled.as_str()]))
        .order_by_asc(Column::EventId)
        .order_by_asc(Column::Number);
    let rows = select.into_partial_model::<Row>().all(connection).await?;
    rows.into_iter().map(|row| row.read(vec![])).collect()
}

/// The next number in an event whose row is locked; numbers of deleted sessions are not given again.
pub async fn session_number_next(tx: &Tx, event: Uuid) -> Result<i32, Error> {
    let last: Option<Option<i32>> = Entity::find()
        .select_only()
        .column_as(Column::Number.max(), "last")
        .filter(Column::EventId.eq(event))
        .into_tuple()
        .one(tx.connection())
        .await?;
    Ok(last.flatten().unwrap_or(0) + 1)
}
