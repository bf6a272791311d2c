//! Queries of credentials. The predicate of who may see which stands here and nowhere else.

use std::collections::HashMap;

use ::entity::attendance::{
    credential::{ActiveModel, Column, Entity, Model},
    credential_delegate as named, delegation,
};
use domain::{
    access::Actor,
    attendance::{
        Credential, Delegation,
        credentials::{Issuer, Kind, Submitted},
    },
    identifier::{DelegationId, EventId, Handle},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Query,
};
use uuid::Uuid;

use crate::{
    access::store::inside_event_visible,
    db::{
        self, Page, Paging, Tx, Visible, date_from_chrono, date_to_chrono, from_chrono, from_json, page_of, to_chrono,
        to_json,
    },
    error::Error,
};

/// One page of a delegation, in the order in which they came.
pub async fn credential_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    delegation: DelegationId,
    paging: &Paging,
) -> Result<Page<Visible<Submitted>>, Error> {
    let select = Entity::find()
        .filter(Column::DelegationId.eq(delegation.0))
        .filter(Column::DeletedAt.is_null())
        .filter(credential_visible(actor));
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    let mut names = names_of(connection, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| visible(row, &mut names))
}

/// The only finder of one credential.
pub async fn credential_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Submitted>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(credential_visible(actor)).one(connection).await?;
    let row = row.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let mut names = names_of(connection, [row.id]).await?;
    visible(row, &mut names)
}

/// All papers of a delegation, for whoever judges them; whom they name is left out.
pub async fn credential_all(tx: &Tx, delegation: DelegationId) -> Result<Vec<Credential>, Error> {
    let select = Entity::find().filter(Column::DelegationId.eq(delegation.0)).filter(Column::DeletedAt.is_null());
    let rows = select.order_by_asc(Column::Id).all(tx.connection()).await?;
    rows.into_iter().map(|row| Ok(visible(row, &mut HashMap::new())?.content.credential)).collect()
}

/// Adds a row; gives its id.
pub async fn credential_insert(
    tx: &Tx,
    delegation: &Delegation,
    id_of: DelegationId,
    input: &Credential,
) -> Result<Uuid, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        delegation_id: Set(id_of.0),
        event_id: Set(delegation.event_id.0),
        ..columns(tx, input)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    names_insert(tx, id, &input.delegate_ids).await?;
    Ok(id)
}

/// Whom each of these papers names.
async fn names_of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Handle>>, Error> {
    let select = named::Entity::find().filter(named::Column::CredentialId.is_in(ids));
    let mut names: HashMap<Uuid, Vec<Handle>> = HashMap::new();
    for row in select.order_by_asc(named::Column::DelegateId).all(connection).await? {
        names.entry(row.credential_id).or_default().push(Handle::Id(row.delegate_id));
    }
    Ok(names)
}

async fn names_insert(tx: &Tx, id: Uuid, names: &[Handle]) -> Result<(), Error> {
    if names.is_empty() {
        return Ok(());
    }
    let rows = names
        .iter()
        .filter_map(Handle::id)
        .map(|delegate| named::ActiveModel { credential_id: Set(id), delegate_id: Set(delegate) });
    named::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Replaces what the row says by `next`, if its version is still that of `current`.
pub async fn credential_update(
    tx: &Tx,
    current: Visible<Submitted>,
    next: Credential,
) -> Result<Visible<Submitted>, Error> {
    let version = current.version + 1;
    let row = ActiveModel { version: Set(version), ..columns(tx, &next)? };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(current.id));
    let done = update.filter(Column::Version.eq(current.version)).exec(tx.connection()).await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    if next.delegate_ids != current.content.credential.delegate_ids {
        let former = named::Entity::delete_many().filter(named::Column::CredentialId.eq(current.id));
        former.exec(tx.connection()).await?;
        names_insert(tx, current.id, &next.delegate_ids).await?;
    }
    let content = Submitted { credential: next, ..current.content };
    Ok(Visible { version, changed_at: tx.now(), content, ..current })
}

/// Turns the row into a tombstone; gives its version.
pub async fn credential_delete(tx: &Tx, current: &Visible<Submitted>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let version = current.version + 1;
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// Staff see those of all events within their limits, the committee's chairs those of their events, an organisation
/// those of its own delegations.
fn credential_visible(actor: &Actor) -> Condition {
    inside_event_visible(actor, Column::EventId, |own| {
        let delegations = Query::select()
            .column(delegation::Column::Id)
            .from(delegation::Entity)
            .and_where(delegation::Column::OrganisationId.eq(own.0))
            .to_owned();
        Condition::all().add(Column::DelegationId.in_subquery(delegations))
    })
}

fn columns(tx: &Tx, input: &Credential) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        kind: Set(input.kind.to_string()),
        issuer: Set(input.issuer.to_string()),
        issuer_name: Set(input.issuer_name.clone()),
        reference: Set(input.reference.clone()),
        issued_on: Set(date_to_chrono(input.issued_on)),
        original_seen: Set(input.original_seen),
        powers: Set(to_json(&input.powers)?),
        ..Default::default()
    })
}

fn visible(row: Model, names: &mut HashMap<Uuid, Vec<Handle>>) -> Result<Visible<Submitted>, Error> {
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content: Submitted {
            credential: Credential {
                kind: db::word(&row.kind, Kind::parse)?,
                issuer: db::word(&row.issuer, Issuer::parse)?,
                issuer_name: row.issuer_name,
                reference: row.reference,
                issued_on: date_from_chrono(row.issued_on),
                original_seen: row.original_seen,
                delegate_ids: names.remove(&row.id).unwrap_or_default(),
                powers: from_json(row.powers)?,
            },
            delegation_id: DelegationId(row.delegation_id),
            event_id: EventId(row.event_id),
        },
    })
}
