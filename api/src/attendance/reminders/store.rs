//! Queries of reminders. The predicate of who may see which stands here and nowhere else.

use std::collections::HashSet;

use ::entity::{
    attendance::{
        delegation,
        delegation_reminder::{ActiveModel, Column, Entity, Model},
    },
    events::event,
};
use domain::{
    access::Actor,
    attendance::{Deadline, Reminder, State},
    identifier::{DelegationId, EventId, Handle, OrganisationId},
};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, sea_query::Query,
};

use super::{Due, Filter};
use crate::{
    access::store::inside_event_visible,
    db::{self, Cursor, Page, Paging, Tx, cut, date_from_chrono, date_to_chrono, from_chrono, keyset, to_chrono},
    error::Error,
};

/// A delegation that has a deadline to meet.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    /// Which.
    pub id: DelegationId,
    /// Its version.
    pub version: i32,
    /// Its event.
    pub event: EventId,
    /// Its organisation.
    pub organisation: OrganisationId,
    /// What it has to do.
    pub about: Deadline,
    /// The last day for its reply.
    pub reply_due: Option<Date>,
    /// Whether it is known where its invitation was sent.
    pub has_address: bool,
    /// When it was last written.
    pub changed_at: Timestamp,
}

/// The delegations that have a deadline to meet, at events that are not over.
pub async fn pending_list(connection: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<Pending>, Error> {
    // Somewhere it is still yesterday.
    let day = (now - SignedDuration::from_hours(24)).to_zoned(TimeZone::UTC).date();
    let owing = State::ALL.iter().filter(|state| Deadline::of(**state).is_some());
    let events = delegation::Entity::belongs_to(event::Entity).from(delegation::Column::EventId).to(event::Column::Id);
    let rows = delegation::Entity::find()
        .join(JoinType::InnerJoin, events.into())
        .filter(event::Column::DeletedAt.is_null())
        .filter(event::Column::EndsOn.gte(date_to_chrono(day)))
        .filter(delegation::Column::DeletedAt.is_null())
        .filter(delegation::Column::State.is_in(owing.map(|state| state.as_str())))
        .order_by_asc(delegation::Column::Id)
        .all(connection)
        .await?;
    let pending = |row: delegation::Model| {
        let Some(about) = Deadline::of(db::word(&row.state, State::parse)?) else { return Ok(None) };
        Ok(Some(Pending {
            id: DelegationId(row.id),
            version: row.version,
            event: EventId(row.event_id),
            organisation: OrganisationId(row.organisation_id),
            about,
            reply_due: row.reply_due.map(date_from_chrono),
            has_address: row.invitation_email.is_some(),
            changed_at: from_chrono(row.changed_at),
        }))
    };
    rows.into_iter().filter_map(|row| pending(row).transpose()).collect()
}

/// What these delegations were reminded of: what about, of which day, and how many days before.
pub async fn reminders_sent(
    connection: &impl ConnectionTrait,
    delegations: impl Iterator<Item = DelegationId>,
) -> Result<HashSet<(DelegationId, Deadline, Date, u16)>, Error> {
    let select = Entity::find().filter(Column::DelegationId.is_in(delegations.map(|id| id.0)));
    let rows = select.all(connection).await?.into_iter().map(content);
    rows.map(|row| row.map(|sent| (sent.delegation_id, sent.about, sent.deadline, sent.days_before))).collect()
}

/// Adds a row.
pub(super) async fn reminder_insert(tx: &Tx, due: &Due, recipients: usize) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        delegation_id: Set(due.delegation.id.0),
        about: Set(due.delegation.about.to_string()),
        deadline: Set(date_to_chrono(due.deadline)),
        days_before: Set(i32::from(due.days_before)),
        sent_at: Set(to_chrono(tx.now())),
        recipients: Set(i32::try_from(recipients).map_err(Error::internal)?),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// One page of an event, in the order in which they went out.
pub async fn reminder_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Reminder>, Error> {
    let own = |organisation: OrganisationId| delegation::Column::OrganisationId.eq(organisation.0);
    let seen = inside_event_visible(actor, delegation::Column::EventId, |organisation| {
        Condition::all().add(own(organisation))
    });
    let delegations = Query::select()
        .column(delegation::Column::Id)
        .from(delegation::Entity)
        .and_where(delegation::Column::EventId.eq(event.0))
        .cond_where(seen)
        .to_owned();
    let select = Entity::find()
        .filter(Column::DelegationId.in_subquery(delegations))
        .apply_if(filter.delegation.as_ref().map(Handle::id), |select, id| {
            select.filter(Column::DelegationId.eq(id.unwrap_or_default()))
        })
        .apply_if(filter.reached, |select, reached| {
            select.filter(if reached { Column::Recipients.gt(0) } else { Column::Recipients.eq(0) })
        });
    let rows = keyset(select, None::<Column>, Column::Id, paging).all(connection).await?;
    cut(rows, paging, |row| Cursor { key: String::new(), id: row.id })?.try_map(content)
}

fn content(row: Model) -> Result<Reminder, Error> {
    Ok(Reminder {
        delegation_id: DelegationId(row.delegation_id),
        about: db::word(&row.about, Deadline::parse)?,
        deadline: date_from_chrono(row.deadline),
        days_before: u16::try_from(row.days_before).map_err(Error::internal)?,
        sent_at: from_chrono(row.sent_at),
        recipients: u32::try_from(row.recipients).map_err(Error::internal)?,
    })
}
