//! Queries of who leads which delegation, and when.

use std::collections::HashMap;

use ::entity::attendance::delegation_head::{ActiveModel, Column, Entity};
use domain::{
    attendance::Heads,
    identifier::{DelegateId, DelegationId},
};
use jiff::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::LedBy;
use crate::{
    access::store::beginning,
    db::{Tx, chunks, from_chrono, to_chrono},
    error::Error,
};

/// Who leads each of these delegations, and when.
pub async fn heads_of(
    connection: &impl ConnectionTrait,
    delegations: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<DelegationId, Heads>, Error> {
    let rows = Entity::find().filter(Column::DelegationId.is_in(delegations)).all(connection).await?;
    let mut terms: HashMap<DelegationId, Vec<(Option<Timestamp>, DelegateId)>> = HashMap::new();
    for row in rows {
        let from = (row.valid_from != beginning()).then(|| from_chrono(row.valid_from));
        terms.entry(DelegationId(row.delegation_id)).or_default().push((from, DelegateId(row.delegate_id)));
    }
    Ok(terms.into_iter().map(|(delegation, rows)| (delegation, Heads::of(rows))).collect())
}

/// Who leads this delegation, and when.
pub async fn heads_find(connection: &impl ConnectionTrait, delegation: DelegationId) -> Result<Heads, Error> {
    Ok(heads_of(connection, [delegation.0]).await?.remove(&delegation).unwrap_or_default())
}

/// Replaces the terms of delegations, which must be held.
pub(super) async fn heads_replace(tx: &Tx, changed: &[LedBy]) -> Result<(), Error> {
    let delegations = changed.iter().map(|one| one.delegation.0);
    Entity::delete_many().filter(Column::DelegationId.is_in(delegations)).exec(tx.connection()).await?;
    let row = |delegation: DelegationId, (from, head): (Option<Timestamp>, DelegateId)| ActiveModel {
        delegation_id: Set(delegation.0),
        valid_from: Set(from.map_or(beginning(), to_chrono)),
        delegate_id: Set(head.0),
    };
    let terms = changed.iter().flat_map(|one| one.after.rows().into_iter().map(|term| row(one.delegation, term)));
    for rows in chunks(terms.collect()) {
        Entity::insert_many(rows).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}
