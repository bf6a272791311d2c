//! Queries of the roster. It is for whoever runs the event; [`event_is_run`] says who does.

use ::entity::{attendance::delegation, events::event, organisations::organisation};
use domain::{
    Code,
    access::Actor,
    attendance::{Category, State, finding::Found},
    identifier::{DelegationId, EventId, OrganisationId},
    organisations::Names,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, prelude::Json,
};
use uuid::Uuid;

use crate::{access::store::inside_event_visible, db, error::Error, organisations::names_at};

/// A delegation as those see it who run the event.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The delegation.
    pub delegation_id: DelegationId,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// Code of its organisation.
    pub organisation_code: Code,
    /// The names its organisation had when the event began.
    pub names: Names,
    /// In what capacity it comes.
    pub category: Category,
    /// Where it stands.
    pub state: State,
    /// What was last found of its credentials.
    pub found: Option<Found>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    organisation_id: Uuid,
    category: String,
    state: String,
    code: String,
    names: Json,
    former_names: Json,
}

/// Whether the actor runs the event, or audits those who do.
pub async fn event_is_run(connection: &impl ConnectionTrait, actor: &Actor, event: Uuid) -> Result<bool, Error> {
    let nobodys = |_| Condition::all().add(event::Column::Id.is_null());
    let select =
        event::Entity::find_by_id(event).filter(inside_event_visible(actor, event::Column::Id, nobodys)).select_only();
    let found: Option<Uuid> = select.column(event::Column::Id).into_tuple().one(connection).await?;
    Ok(found.is_some())
}

/// The delegations at the event for which the actor acts.
pub async fn delegation_own(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
) -> Result<Vec<(DelegationId, OrganisationId)>, Error> {
    let seats = actor.offices.seats.iter().filter(|seat| seat.event == event);
    let acting = actor.organisation.into_iter().chain(seats.map(|seat| seat.organisation));
    let found: Vec<(Uuid, Uuid)> = delegation::Entity::find()
        .select_only()
        .columns([delegation::Column::Id, delegation::Column::OrganisationId])
        .filter(delegation::Column::EventId.eq(event.0))
        .filter(delegation::Column::DeletedAt.is_null())
        .filter(delegation::Column::OrganisationId.is_in(acting.map(Uuid::from)))
        .order_by_asc(delegation::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|(id, organisation)| (DelegationId(id), OrganisationId(organisation))).collect())
}

/// All delegations of an event, by the codes of their organisations.
pub async fn entry_list(
    connection: &impl ConnectionTrait,
    event: EventId,
    begin: Timestamp,
) -> Result<Vec<Entry>, Error> {
    let organisations = delegation::Entity::belongs_to(organisation::Entity)
        .from(delegation::Column::OrganisationId)
        .to(organisation::Column::Id);
    let rows = delegation::Entity::find()
        .select_only()
        .columns([
            delegation::Column::Id,
            delegation::Column::OrganisationId,
            delegation::Column::Category,
            delegation::Column::State,
        ])
        .columns([organisation::Column::Code, organisation::Column::Names, organisation::Column::FormerNames])
        .join(JoinType::InnerJoin, organisations.into())
        .filter(delegation::Column::EventId.eq(event.0))
        .filter(delegation::Column::DeletedAt.is_null())
        .order_by_asc(organisation::Column::SortKey)
        .into_model::<Row>()
        .all(connection)
        .await?;
    rows.into_iter().map(|row| entry(row, begin)).collect()
}

fn entry(row: Row, begin: Timestamp) -> Result<Entry, Error> {
    Ok(Entry {
        delegation_id: DelegationId(row.id),
        organisation_id: OrganisationId(row.organisation_id),
        organisation_code: Code::try_from(row.code).map_err(Error::internal)?,
        names: names_at(row.names, row.former_names, begin)?,
        category: db::word(&row.category, Category::parse)?,
        state: db::word(&row.state, State::parse)?,
        found: None,
    })
}
