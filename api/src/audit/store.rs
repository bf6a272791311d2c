//! Queries of the audit log.

use std::collections::HashMap;

use ::entity::audit::{audit_entry, audit_seal, audit_value, counter};
use domain::{
    access::Actor,
    audit::{Counted, Entry, Kept, Mac, Seal},
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    access::store::{Disclosed, change_visible},
    db::{Cursor, Page, Paging, Tx, cut, from_chrono, to_chrono},
    error::Error,
};

/// One page of the audit log, in commit order. The cursor's key is the number of the last entry given.
pub async fn entry_page(
    connection: &impl ConnectionTrait,
    object: Option<Uuid>,
    paging: &Paging,
) -> Result<Page<Entry>, Error> {
    let mut select = audit_entry::Entity::find();
    if let Some(object) = object {
        select = select.filter(audit_entry::Column::ObjectId.eq(object));
    }
    page(connection, select, paging).await
}

/// One page of what was done to an object, as far as the actor could know of it when it happened.
pub async fn history_page(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    object: Uuid,
    paging: &Paging,
) -> Result<Page<Entry>, Error> {
    let select = audit_entry::Entity::find().filter(audit_entry::Column::ObjectId.eq(object));
    let visible = change_visible(
        actor,
        [audit_entry::Column::EventId, audit_entry::Column::GroupId, audit_entry::Column::OrganisationId],
        Disclosed {
            visibility: audit_entry::Column::Visibility,
            audience: audit_entry::Column::AudienceId,
            tlp: audit_entry::Column::Tlp,
            session: Some(audit_entry::Column::ObjectId),
        },
        (audit_entry::Column::EventAudienceId, audit_entry::Column::At),
    );
    page(connection, select.filter(visible), paging).await
}

async fn page(
    connection: &impl ConnectionTrait,
    select: Select<audit_entry::Entity>,
    paging: &Paging,
) -> Result<Page<Entry>, Error> {
    let mut select = select;
    if let Some(after) = &paging.after {
        // A cursor of another list has no number; begin at the start then, as for any cursor that points nowhere.
        select = select.filter(audit_entry::Column::Seq.gt(after.key.parse::<i64>().unwrap_or_default()));
    }
    let rows = select.order_by_asc(audit_entry::Column::Seq).limit(paging.limit + 1).all(connection).await?;
    cut(rows, paging, |row| Cursor { key: row.seq.to_string(), id: row.id })?.try_map(|row| Ok(entry(row)))
}

/// Whether this was done to the object after `since`.
pub async fn entry_since(
    connection: &impl ConnectionTrait,
    action: &str,
    object: Uuid,
    since: Timestamp,
) -> Result<bool, Error> {
    let select = audit_entry::Entity::find()
        .select_only()
        .column(audit_entry::Column::Seq)
        .filter(audit_entry::Column::ObjectId.eq(object))
        .filter(audit_entry::Column::Action.eq(action))
        .filter(audit_entry::Column::At.gt(to_chrono(since)));
    Ok(select.limit(1).into_tuple::<i64>().one(connection).await?.is_some())
}

/// What was done to these objects, in the order of commits.
pub async fn entries_on(
    connection: &impl ConnectionTrait,
    objects: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Entry>, Error> {
    let select = audit_entry::Entity::find().filter(audit_entry::Column::ObjectId.is_in(objects));
    Ok(select.order_by_asc(audit_entry::Column::Seq).all(connection).await?.into_iter().map(entry).collect())
}

/// What these accounts and keys did to accounts and keys: made one, or changed an account.
pub async fn entries_on_access(connection: &impl ConnectionTrait, actors: &[Uuid]) -> Result<Vec<Entry>, Error> {
    let select = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.is_in(["account.created", "account.updated", "key.created"]))
        .filter(audit_entry::Column::ActorId.is_in(actors.iter().copied()))
        .order_by_asc(audit_entry::Column::Seq);
    Ok(select.all(connection).await?.into_iter().map(entry).collect())
}

/// The values beside these entries, by number.
pub async fn values_of(connection: &impl ConnectionTrait, entries: &[Entry]) -> Result<HashMap<i64, Vec<Kept>>, Error> {
    let numbers = entries.iter().map(|entry| entry.seq);
    let rows = audit_value::Entity::find().filter(audit_value::Column::EntrySeq.is_in(numbers)).all(connection).await?;
    let mut found: HashMap<i64, Vec<Kept>> = HashMap::new();
    for row in rows {
        found.entry(row.entry_seq).or_default().push(kept(row));
    }
    Ok(found)
}

/// The last numbers given to entries and to seals.
pub async fn counted(connection: &impl ConnectionTrait) -> Result<Counted, DbErr> {
    let rows = counter::Entity::find().all(connection).await?;
    let value = |name: &str| rows.iter().find(|row| row.name == name).map_or(0, |row| row.value);
    Ok(Counted { entries: value("changes"), seals: value("seals") })
}

/// The next entries after number `after`.
pub async fn entries_after(connection: &impl ConnectionTrait, after: i64, limit: u64) -> Result<Vec<Entry>, DbErr> {
    let select = audit_entry::Entity::find().filter(audit_entry::Column::Seq.gt(after));
    let rows = select.order_by_asc(audit_entry::Column::Seq).limit(limit).all(connection).await?;
    Ok(rows.into_iter().map(entry).collect())
}

/// The seals after number `after`, up to and with `last` if there is one.
pub async fn seals_between(
    connection: &impl ConnectionTrait,
    after: i64,
    last: Option<i64>,
) -> Result<Vec<Seal>, DbErr> {
    let mut select = audit_seal::Entity::find().filter(audit_seal::Column::Seq.gt(after));
    if let Some(last) = last {
        select = select.filter(audit_seal::Column::Seq.lte(last));
    }
    let rows = select.order_by_asc(audit_seal::Column::Seq).all(connection).await?;
    // What is no code at all is none that fits any entry, like the one before the first.
    Ok(rows.into_iter().map(|row| Seal { seq: row.seq, mac: Mac::parse(&row.mac).unwrap_or(Mac::START) }).collect())
}

/// The values beside the entries after number `after`, up to and with `last` if there is one.
pub async fn values_between(
    connection: &impl ConnectionTrait,
    after: i64,
    last: Option<i64>,
) -> Result<Vec<Kept>, DbErr> {
    let mut select = audit_value::Entity::find().filter(audit_value::Column::EntrySeq.gt(after));
    if let Some(last) = last {
        select = select.filter(audit_value::Column::EntrySeq.lte(last));
    }
    let rows = select.order_by_asc(audit_value::Column::EntrySeq).all(connection).await?;
    Ok(rows.into_iter().map(kept).collect())
}

/// The number of the last seal. Held by this transaction until it ends: other sealers wait here.
pub async fn seals_lock(tx: &Tx) -> Result<i64, Error> {
    seals_advance(tx, 0).await
}

/// Adds the next seals.
pub async fn seals_insert(tx: &Tx, seals: &[Seal]) -> Result<(), Error> {
    let rows = seals.iter().map(|seal| audit_seal::ActiveModel { seq: Set(seal.seq), mac: Set(seal.mac.to_string()) });
    audit_seal::Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    seals_advance(tx, i64::try_from(seals.len()).map_err(Error::internal)?).await?;
    Ok(())
}

async fn seals_advance(tx: &Tx, by: i64) -> Result<i64, Error> {
    let counter = counter::Entity::update_many()
        .col_expr(counter::Column::Value, Expr::col(counter::Column::Value).add(by))
        .filter(counter::Column::Name.eq("seals"))
        .exec_with_returning(tx.connection())
        .await?;
    counter.first().map(|row| row.value).ok_or_else(|| Error::internal("the counter of seals is missing"))
}

fn entry(row: audit_entry::Model) -> Entry {
    Entry {
        seq: row.seq,
        id: row.id,
        position: row.position,
        at: from_chrono(row.at),
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        on_behalf_of: row.on_behalf_of,
        via: row.via,
        instance: row.instance,
        action: row.action,
        object_kind: row.object_kind,
        object_id: row.object_id,
        event_id: row.event_id,
        group_id: row.group_id,
        organisation_id: row.organisation_id,
        visibility: row.visibility,
        audience_id: row.audience_id,
        event_audience_id: row.event_audience_id,
        tlp: row.tlp,
        diff: row.diff,
        personal: row.personal,
        request_id: row.request_id,
    }
}

fn kept(row: audit_value::Model) -> Kept {
    Kept { seq: row.entry_seq, field: row.field, subject: row.subject, salt: row.salt, value: row.value }
}
