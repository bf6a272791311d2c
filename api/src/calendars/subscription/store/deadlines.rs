//! The deadlines of an event that a subscriber has to meet, or to see met.

use ::entity::{
    attendance::{delegation, registration},
    schedule::date_poll,
};
use domain::{
    access::Actor,
    attendance::State,
    calendars::{By, Due},
    identifier::OrganisationId,
    schedule::poll,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};
use uuid::Uuid;

use crate::{
    access::store::inside_event_visible,
    db::{date_from_chrono, from_chrono, from_json},
    error::Error,
    schedule::polls::poll_visible,
};

/// A deadline, and the row that it comes from.
#[derive(Debug)]
pub struct Deadline {
    /// What has to be done.
    pub due: Due,
    /// Until when.
    pub by: By,
    /// The delegation, the event or the poll.
    pub id: Uuid,
    /// The version of the row.
    pub version: i32,
    /// When it was entered.
    pub created: Timestamp,
    /// When it was last written.
    pub changed: Timestamp,
}

/// Those of an event that `viewer` may know of: of its replies one's own, of date polls those that one is asked in.
pub async fn deadline_list(
    connection: &impl ConnectionTrait,
    viewer: &Actor,
    event: Uuid,
) -> Result<Vec<Deadline>, Error> {
    let mut all = nominations(connection, viewer, event).await?;
    all.extend(replies(connection, viewer, event).await?);
    all.extend(polls(connection, viewer, event).await?);
    Ok(all)
}

async fn nominations(connection: &impl ConnectionTrait, viewer: &Actor, event: Uuid) -> Result<Vec<Deadline>, Error> {
    use registration::{Column, Entity};
    let own = |organisation: OrganisationId| {
        let comes = delegation::Entity::find()
            .select_only()
            .column(delegation::Column::EventId)
            .filter(delegation::Column::OrganisationId.eq(organisation.0))
            .filter(delegation::Column::DeletedAt.is_null())
            .into_query();
        Condition::all().add(Column::EventId.in_subquery(comes))
    };
    let rules = Entity::find()
        .filter(Column::EventId.eq(event))
        .filter(Column::DeletedAt.is_null())
        .filter(inside_event_visible(viewer, Column::EventId, own))
        .one(connection)
        .await?;
    let Some(row) = rules else { return Ok(vec![]) };
    let days = [(Due::Nomination, row.nominate_by), (Due::Confirmation, row.confirm_by)];
    let deadline = |(due, day): (Due, Option<_>)| {
        Some(Deadline {
            due,
            by: By::Day(date_from_chrono(day?)),
            id: event,
            version: row.version,
            created: from_chrono(row.created_at),
            changed: from_chrono(row.changed_at),
        })
    };
    Ok(days.into_iter().filter_map(deadline).collect())
}

/// Those who run an event invite many, each until another day perhaps: for them there are lists.
async fn replies(connection: &impl ConnectionTrait, viewer: &Actor, event: Uuid) -> Result<Vec<Deadline>, Error> {
    use delegation::{Column, Entity};
    if viewer.sees_everything() {
        return Ok(vec![]);
    }
    let own = |organisation: OrganisationId| Condition::all().add(Column::OrganisationId.eq(organisation.0));
    let rows = Entity::find()
        .filter(Column::EventId.eq(event))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::ReplyDue.is_not_null())
        .filter(Column::State.ne(State::Closed.as_str()))
        .filter(inside_event_visible(viewer, Column::EventId, own))
        .all(connection)
        .await?;
    let deadline = |row: delegation::Model| {
        Some(Deadline {
            due: Due::Reply,
            by: By::Day(date_from_chrono(row.reply_due?)),
            id: row.id,
            version: row.version,
            created: from_chrono(row.created_at),
            changed: from_chrono(row.changed_at),
        })
    };
    Ok(rows.into_iter().filter_map(deadline).collect())
}

async fn polls(connection: &impl ConnectionTrait, viewer: &Actor, event: Uuid) -> Result<Vec<Deadline>, Error> {
    use date_poll::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::EventId.eq(event))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::State.ne(poll::State::Cancelled.as_str()))
        .filter(Column::ClosesAt.is_not_null())
        .filter(poll_visible(viewer))
        .all(connection)
        .await?;
    let deadline = |row: date_poll::Model| {
        let Some(closes_at) = row.closes_at else { return Ok(None) };
        Ok(Some(Deadline {
            due: Due::Poll(from_json(row.title)?),
            by: By::Instant(from_chrono(closes_at)),
            id: row.id,
            version: row.version,
            created: from_chrono(row.created_at),
            changed: from_chrono(row.changed_at),
        }))
    };
    rows.into_iter().filter_map(|row| deadline(row).transpose()).collect()
}

/// The writes of all of them, each under this `scope`.
pub(super) fn writes(event: Uuid, scope: &str) -> [SelectStatement; 3] {
    let rules = registration::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(registration::Column::Version.sum(), "writes")
        .column_as(registration::Column::ChangedAt.max(), "changed_at")
        .filter(registration::Column::EventId.eq(event));
    let delegations = delegation::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(delegation::Column::Version.sum(), "writes")
        .column_as(delegation::Column::ChangedAt.max(), "changed_at")
        .filter(delegation::Column::EventId.eq(event));
    let polls = date_poll::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(date_poll::Column::Version.sum(), "writes")
        .column_as(date_poll::Column::ChangedAt.max(), "changed_at")
        .filter(date_poll::Column::EventId.eq(event));
    [rules.into_query(), delegations.into_query(), polls.into_query()]
}
