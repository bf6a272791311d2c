//! Queries of check types. The predicate of who may see which stands here and nowhere else.

use ::entity::{
    attendance::check_type::{ActiveModel, Column, Entity, Model},
    schedule::session,
};
use domain::{
    access::Actor,
    attendance::door::{CheckType, CheckTypeDetails, Rule},
    identifier::{EventId, Handle},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{IntoCondition, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{in_event_visible, inside_event_visible},
    db::{
        self, Page, Paging, Tx, Visible, from_chrono, from_json, local_from_chrono, local_to_chrono, page_of,
        reference, to_chrono, to_json,
    },
    error::Error,
    events::sittings,
};

/// One page of an event, in the order in which they were made.
pub async fn check_type_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    paging: &Paging,
) -> Result<Page<Visible<CheckType>>, Error> {
    let select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(check_type_visible(actor));
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    page.try_map(visible)
}

/// The only finder of one check type.
pub async fn check_type_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<CheckType>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(check_type_visible(actor)).one(connection).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    visible(row)
}

/// Every check type of an event that was not taken away, for those at its doors.
pub async fn check_types_of(
    connection: &impl ConnectionTrait,
    event: EventId,
) -> Result<Vec<Visible<CheckType>>, Error> {
    let select = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::DeletedAt.is_null());
    select.order_by_asc(Column::Id).all(connection).await?.into_iter().map(visible).collect()
}

/// Those of `ids` that are, or were, check types of the event; and whether they still are.
pub async fn check_types_known(
    connection: &impl ConnectionTrait,
    event: EventId,
    ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, CheckTypeDetails, bool)>, Error> {
    let select = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::Id.is_in(ids));
    let rows = select.all(connection).await?;
    let known = |row: Model| {
        let open = row.deleted_at.is_none();
        let found = visible(row)?;
        Ok((found.id, found.content.details, open))
    };
    rows.into_iter().map(known).collect()
}

/// Adds a row.
pub async fn check_type_insert(tx: &Tx, event: EventId, input: &CheckTypeDetails) -> Result<Visible<CheckType>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(event.0),
        ..columns(tx, input)?
    };
    visible(Entity::insert(row).exec_with_returning(tx.connection()).await?)
}

/// Replaces the row, if its version is still that of `current`.
pub async fn check_type_update(
    tx: &Tx,
    current: &Visible<CheckType>,
    input: CheckTypeDetails,
) -> Result<Visible<CheckType>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, &input)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await?;
    visible(rows.into_iter().next().ok_or(Error::Stale(None))?)
}

/// Turns the row into a tombstone; gives its version.
pub async fn check_type_delete(tx: &Tx, current: &Visible<CheckType>) -> Result<i32, Error> {
    let (at, version) = (to_chrono(tx.now()), current.version + 1);
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// Those who run the event see its check types: staff within their limits, and the chairs of the group that meets. That
/// of a session is seen by whoever sees the session.
fn check_type_visible(actor: &Actor) -> Condition {
    let nobody = |_| Column::Id.is_null().into_condition();
    let sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .cond_where(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .to_owned();
    let shown = Condition::any().add(Column::SessionId.is_null()).add(Column::SessionId.in_subquery(sessions));
    Condition::all().add(inside_event_visible(actor, Column::EventId, nobody)).add(shown)
}

fn columns(tx: &Tx, input: &CheckTypeDetails) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        name: Set(to_json(&input.name)?),
        rule: Set(input.rule.to_string()),
        zone: Set(input.zone.clone()),
        session_id: Set(reference(input.session_id.as_ref())),
        categories: Set(to_json(&input.categories)?),
        opens_local: Set(input.opens.map(local_to_chrono)),
        closes_local: Set(input.closes.map(local_to_chrono)),
        ..Default::default()
    })
}

fn visible(row: Model) -> Result<Visible<CheckType>, Error> {
    let details = CheckTypeDetails {
        name: from_json(row.name)?,
        rule: db::word(&row.rule, Rule::parse)?,
        zone: row.zone,
        session_id: row.session_id.map(Handle::Id),
        categories: from_json(row.categories)?,
        opens: row.opens_local.map(local_from_chrono),
        closes: row.closes_local.map(local_from_chrono),
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: CheckType { details, event_id: EventId(row.event_id) },
    })
}
