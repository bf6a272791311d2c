//! Queries of imports, and the writing of many rows at once.

use ::entity::attendance::{
    delegate, delegation,
    import::{ActiveModel, Column, Entity},
    waiting_delegate,
};
use domain::{
    attendance::{DelegateState, Invitation, Nomination, Participation, State, import::grid::Grid},
    identifier::{DelegationId, EventId, Handle, OrganisationId},
    moment::Moment,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

use super::{Import, apply::Amended};
use crate::{
    attendance::{delegates, delegations},
    context::Ctx,
    db::{self, Tx, chunks, from_chrono, from_json, to_chrono, to_json},
    error::Error,
};

/// Keeps a preview with its table.
pub async fn import_insert(tx: &Tx, import: &Import, grid: &Grid) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(import.id),
        event_id: Set(import.event_id.0),
        kind: Set(import.preview.kind.to_string()),
        grid: Set(to_json(grid)?),
        preview: Set(to_json(&import.preview)?),
        author_id: Set(tx.author_id()),
        created_at: Set(to_chrono(tx.now())),
        expires_at: Set(to_chrono(import.expires_at.0)),
        committed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// An import of the caller's own that is not forgotten, with its table while that is not carried out.
pub async fn import_find(
    connection: &impl ConnectionTrait,
    ctx: &Ctx,
    handle: &Handle,
) -> Result<(Import, Option<Grid>), Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let select = Entity::find_by_id(*id).filter(Column::ExpiresAt.gt(to_chrono(ctx.now)));
    let own = match ctx.author_id() {
        Some(author) => select.filter(Column::AuthorId.eq(author)),
        None => select.filter(Column::AuthorId.is_null()),
    };
    let row = own.one(connection).await?.ok_or(Error::NotFound)?;
    let import = Import {
        id: row.id,
        event_id: EventId(row.event_id),
        expires_at: Moment(from_chrono(row.expires_at)),
        committed_at: row.committed_at.map(|at| Moment(from_chrono(at))),
        preview: from_json(row.preview)?,
    };
    Ok((import, from_json(row.grid)?))
}

/// Notes that it was carried out, and forgets its table. Whoever comes second finds that it was.
pub async fn import_commit(tx: &Tx, id: Uuid) -> Result<(), Error> {
    let done = Entity::update_many()
        .col_expr(Column::CommittedAt, Expr::value(Some(to_chrono(tx.now()))))
        .col_expr(Column::Grid, Expr::value(Value::Null))
        .filter(Column::Id.eq(id))
        .filter(Column::CommittedAt.is_null())
        .exec(tx.connection())
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::conflict("import_committed", "This import has been carried out already."));
    }
    Ok(())
}

/// Holds all delegations of an event until the transaction ends: nobody else writes them or their delegates. Gives
/// where each organisation's stands.
pub async fn delegations_hold(
    tx: &Tx,
    event: EventId,
) -> Result<HashMap<OrganisationId, (DelegationId, State)>, Error> {
    let rows = delegation::Entity::find()
        .filter(delegation::Column::EventId.eq(event.0))
        .filter(delegation::Column::DeletedAt.is_null())
        .order_by_asc(delegation::Column::Id)
        .lock_exclusive()
        .all(tx.connection())
        .await?;
    let held = |row: delegation::Model| {
        let state = db::word(&row.state, State::parse)?;
        Ok((OrganisationId(row.organisation_id), (DelegationId(row.id), state)))
    };
    rows.into_iter().map(held).collect()
}

/// Adds many delegations; gives their ids in order.
pub async fn delegations_insert(
    tx: &Tx,
    event: EventId,
    new: &[(OrganisationId, Invitation)],
) -> Result<Vec<Uuid>, Error> {
    let (mut ids, mut rows) = (vec![], vec![]);
    for (organisation, invitation) in new {
        let id = tx.new_id()?;
        ids.push(id);
        rows.push(delegations::store::row(tx, id, event, *organisation, invitation, State::Invited)?);
    }
    for rows in chunks(rows) {
        delegation::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(ids)
}

/// Changes many delegations, which are held; gives the id and the new version of each by its organisation.
pub async fn delegations_change(
    tx: &Tx,
    event: EventId,
    changed: &HashMap<OrganisationId, Invitation>,
) -> Result<HashMap<OrganisationId, (Uuid, i32)>, Error> {
    use delegation::Column as Own;
    let held = delegation::Entity::find()
        .filter(Own::EventId.eq(event.0))
        .filter(Own::OrganisationId.is_in(changed.keys().map(|id| id.0)))
        .filter(Own::DeletedAt.is_null())
        .all(tx.connection())
        .await?;
    let (mut written, mut rows) = (HashMap::new(), vec![]);
    for row in held {
        let organisation = OrganisationId(row.organisation_id);
        let Some(invitation) = changed.get(&organisation) else { continue };
        written.insert(organisation, (row.id, row.version + 1));
        rows.push(delegations::store::changed(tx, row, invitation)?);
    }
    let replaced = [
        Own::Version,
        Own::ChangedAt,
        Own::Category,
        Own::InvitationReference,
        Own::ReplyDue,
        Own::QuotaInPerson,
        Own::QuotaOnline,
        Own::QuotaOverflow,
    ];
    for rows in chunks(rows) {
        let conflict = OnConflict::column(Own::Id).update_columns(replaced).to_owned();
        delegation::Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(tx.connection()).await?;
    }
    Ok(written)
}

/// Adds many delegates; gives their ids in order.
pub async fn delegates_insert(tx: &Tx, event: EventId, new: &[Nomination]) -> Result<Vec<Uuid>, Error> {
    let (mut ids, mut rows) = (vec![], vec![]);
    for nomination in new {
        let id = tx.new_id()?;
        ids.push(id);
        rows.push(delegate_row(tx, id, event, nomination)?);
    }
    for rows in chunks(rows) {
        delegate::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(ids)
}

/// Changes many delegates of held delegations; gives their new versions.
pub async fn delegates_change(tx: &Tx, changed: &HashMap<Uuid, Amended>) -> Result<Vec<(Uuid, i32)>, Error> {
    use delegate::Column as Own;
    let held = delegate::Entity::find()
        .filter(Own::Id.is_in(changed.keys().copied()))
        .order_by_asc(Own::Id)
        .all(tx.connection())
        .await?;
    let (mut versions, mut rows) = (vec![], vec![]);
    for row in held {
        let Some(amended) = changed.get(&row.id) else { continue };
        versions.push((row.id, row.version + 1));
        rows.push(delegate_changed(tx, row, amended)?);
    }
    let said = [
        Own::Function,
        Own::Position,
        Own::Level,
        Own::Participation,
        Own::UsualCapacities,
        Own::MaySpeak,
        Own::MayVote,
        Own::MaySubmitText,
        Own::MayRequestBilaterals,
        Own::MaySeeRestricted,
        Own::NameOnId,
        Own::Diet,
        Own::AccessNeeds,
        Own::ArrivesOn,
        Own::DepartsOn,
        Own::NotListed,
        Own::LateReason,
    ];
    let replaced = [Own::Version, Own::ChangedAt, Own::State].into_iter().chain(said);
    let conflict = OnConflict::column(Own::Id).update_columns(replaced).to_owned();
    for rows in chunks(rows) {
        let insert = delegate::Entity::insert_many(rows).on_conflict(conflict.clone());
        insert.exec_without_returning(tx.connection()).await?;
    }
    Ok(versions)
}

/// A new row, for those who add many; the nomination holds resolved ids.
fn delegate_row(tx: &Tx, id: Uuid, event: EventId, input: &Nomination) -> Result<delegate::ActiveModel, Error> {
    let unresolved = || Error::internal("a nomination without resolved ids");
    let resolved = |handle: Option<&Handle>| handle.and_then(Handle::id).ok_or_else(unresolved);
    Ok(delegate::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(event.0),
        delegation_id: Set(resolved(Some(&input.delegation_id))?),
        person_id: Set(resolved(input.person_id.as_ref())?),
        state: Set(DelegateState::default().to_string()),
        state_reason: Set(None),
        substituted_by: Set(None),
        ..delegates::store::columns(tx, input)?
    })
}

/// The row with what is said of the delegate now, one version on. Whoever was approved and is described differently is
/// looked at again.
fn delegate_changed(tx: &Tx, row: delegate::Model, amended: &Amended) -> Result<delegate::ActiveModel, Error> {
    let state = db::word(&row.state, DelegateState::parse)?;
    let state = if amended.after.describes_as(&amended.before) { state } else { state.redescribed() };
    Ok(delegate::ActiveModel {
        id: Set(row.id),
        version: Set(row.version + 1),
        created_at: Set(row.created_at),
        deleted_at: Set(row.deleted_at),
        event_id: Set(row.event_id),
        delegation_id: Set(row.delegation_id),
        person_id: Set(row.person_id),
        state: Set(state.to_string()),
        state_reason: Set(row.state_reason),
        substituted_by: Set(row.substituted_by),
        ..delegates::store::columns(tx, &amended.after)?
    })
}

/// How many places of each kind are held at `now` for those of an event who were offered one.
pub async fn places_offered(
    connection: &impl ConnectionTrait,
    event: EventId,
    now: Timestamp,
) -> Result<HashMap<(OrganisationId, Participation), u32>, Error> {
    let of = waiting_delegate::Entity::belongs_to(delegation::Entity)
        .from(waiting_delegate::Column::DelegationId)
        .to(delegation::Column::Id);
    let rows: Vec<(Uuid, String)> = waiting_delegate::Entity::find()
        .select_only()
        .column(delegation::Column::OrganisationId)
        .column(waiting_delegate::Column::Participation)
        .join(JoinType::InnerJoin, of.into())
        .filter(delegation::Column::EventId.eq(event.0))
        .filter(waiting_delegate::Column::OfferedUntil.gt(to_chrono(now)))
        .into_tuple()
        .all(connection)
        .await?;
    let mut offered = HashMap::new();
    for (organisation, participation) in rows {
        let kind = db::word(&participation, Participation::parse)?;
        *offered.entry((OrganisationId(organisation), kind)).or_default() += 1;
    }
    Ok(offered)
}

/// Takes delegates off whatever lists they are on.
pub async fn waiting_remove(tx: &Tx, delegates: impl IntoIterator<Item = Uuid>) -> Result<(), Error> {
    let who = waiting_delegate::Column::DelegateId.is_in(delegates);
    waiting_delegate::Entity::delete_many().filter(who).exec(tx.connection()).await?;
    Ok(())
}
