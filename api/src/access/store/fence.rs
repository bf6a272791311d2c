//! The fence around sealed groups: who is not admitted to one sees nothing of it nor of its events, whatever else opens
//! them. Being admitted opens nothing by itself.
//!
//! Only an account is admitted, and only in person: neither its keys nor the console pass. A seal covers the group and
//! not its subgroups. Seals themselves are made and broken in `groups::seals`.

use std::collections::HashSet;

use ::entity::{
    access::api_key,
    events::event,
    groups::{group, seal, seal_admission},
};
use domain::access::{Actor, AudienceId, Disclosure, Tlp, Visibility};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    db::{Change, Tx, word},
    error::Error,
};

/// What is of no sealed group, or of one the actor is admitted to. `group` is the object's column.
pub fn unsealed<C: ColumnTrait>(actor: &Actor, group: C) -> Condition {
    Condition::any().add(group.is_null()).add(group.not_in_subquery(sealed_groups(actor)))
}

/// What is of no event of a sealed group, or of one the actor is admitted to. `event` is the object's column.
pub fn event_unsealed<C: ColumnTrait>(actor: &Actor, event: C) -> Condition {
    Condition::any().add(event.is_null()).add(event.not_in_subquery(sealed_events(actor)))
}

/// The sealed groups that the actor is not admitted to.
pub fn sealed_groups(actor: &Actor) -> SelectStatement {
    let mut sealed = Query::select();
    sealed.column(seal::Column::GroupId).from(seal::Entity);
    if let Some(account) = actor.in_person() {
        let admitted = Query::select()
            .column(seal_admission::Column::GroupId)
            .from(seal_admission::Entity)
            .and_where(seal_admission::Column::AccountId.eq(account))
            .to_owned();
        sealed.and_where(seal::Column::GroupId.not_in_subquery(admitted));
    }
    sealed.to_owned()
}

/// Their events.
pub fn sealed_events(actor: &Actor) -> SelectStatement {
    Query::select()
        .column(event::Column::Id)
        .from(event::Entity)
        .and_where(event::Column::GroupId.in_subquery(sealed_groups(actor)))
        .to_owned()
}

/// Which of these groups and events are kept from the actor by a seal.
pub async fn sealed_among(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashSet<Uuid>, Error> {
    let ids: HashSet<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    let groups = group::Entity::find().select_only().column(group::Column::Id);
    let groups = groups.filter(group::Column::Id.in_subquery(sealed_groups(actor)));
    let groups = groups.filter(group::Column::Id.is_in(ids.iter().copied()));
    let events = event::Entity::find().select_only().column(event::Column::Id);
    let events = events.filter(event::Column::GroupId.in_subquery(sealed_groups(actor)));
    let events = events.filter(event::Column::Id.is_in(ids));
    let mut found: HashSet<Uuid> = groups.into_tuple().all(connection).await?.into_iter().collect();
    found.extend(events.into_tuple::<Uuid>().all(connection).await?);
    Ok(found)
}

/// Whether the account is admitted to any sealed group.
pub async fn account_admitted(connection: &impl ConnectionTrait, account: Uuid) -> Result<bool, Error> {
    let select = seal_admission::Entity::find().select_only().column(seal_admission::Column::GroupId);
    let select = select.filter(seal_admission::Column::AccountId.eq(account)).limit(1);
    Ok(select.into_tuple::<Uuid>().one(connection).await?.is_some())
}

/// The keys of these accounts, those out of use too.
pub async fn keys_of(connection: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let select = api_key::Entity::find().select_only().column(api_key::Column::Id);
    let select = select.filter(api_key::Column::OwnerId.is_in(accounts.iter().copied()));
    Ok(select.into_tuple().all(connection).await?)
}

/// Takes an account that is gone out of all sealed groups. Their seals stay, even where nobody is left.
pub async fn admissions_end(tx: &Tx, account: Uuid) -> Result<(), Error> {
    let gone = seal_admission::Entity::delete_many()
        .filter(seal_admission::Column::AccountId.eq(account))
        .exec_with_returning(tx.connection())
        .await?;
    for admission in gone {
        let diff = serde_json::json!({ "account_id": account });
        tx.record(Change { diff, ..seal_change(tx.connection(), "seal.withdrawn", admission.group_id).await? });
    }
    Ok(())
}

/// A change of the seal on a group, known to those who see the group.
pub async fn seal_change(connection: &impl ConnectionTrait, kind: &'static str, group: Uuid) -> Result<Change, Error> {
    let row = group::Entity::find_by_id(group).one(connection).await?.ok_or(Error::NotFound)?;
    let disclosure = Disclosure {
        visibility: word(&row.visibility, Visibility::parse)?,
        tlp: word(&row.tlp, Tlp::parse)?,
        audience: row.audience_id.map(AudienceId),
        event_audience: None,
    };
    Ok(Change { group: Some(group), disclosure, ..Change::new(kind, group, 0) })
}
