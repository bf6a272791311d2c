//! Ids of objects in partner systems: shared by every kind of root object, told apart by `kind`.

use std::collections::{BTreeSet, HashMap};

use ::entity::organisations::external_id as row;
use domain::external::ExternalId;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Tx, transaction::chunks};
use crate::error::Error;

/// The object a partner knows by `system` and `id`.
pub async fn object_by_external(
    connection: &impl ConnectionTrait,
    kind: &str,
    external: &ExternalId,
) -> Result<Option<Uuid>, Error> {
    let key = (kind.to_owned(), external.system.clone(), external.id.clone());
    Ok(row::Entity::find_by_id(key).one(connection).await?.map(|row| row.object_id))
}

/// What became of writing an object that a partner named by its own id; nothing where it is not for this caller to see:
/// the answer is then the same as if the id were free.
pub fn if_seen<T>(written: Result<T, Error>) -> Result<Option<T>, Error> {
    match written {
        Err(Error::NotFound) => Ok(None),
        written => written.map(Some),
    }
}

/// The external ids of many objects at once.
pub async fn external_ids_of(
    connection: &impl ConnectionTrait,
    kind: &str,
    objects: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<ExternalId>>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::Kind.eq(kind))
        .filter(row::Column::ObjectId.is_in(objects))
        .order_by_asc(row::Column::System)
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, Vec<ExternalId>> = HashMap::new();
    for row in rows {
        found.entry(row.object_id).or_default().push(ExternalId { system: row.system, id: row.value });
    }
    Ok(found)
}

/// The external ids of all objects of a kind.
pub async fn external_ids_of_kind(
    connection: &impl ConnectionTrait,
    kind: &str,
) -> Result<HashMap<Uuid, Vec<ExternalId>>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::Kind.eq(kind))
        .order_by_asc(row::Column::System)
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, Vec<ExternalId>> = HashMap::new();
    for row in rows {
        found.entry(row.object_id).or_default().push(ExternalId { system: row.system, id: row.value });
    }
    Ok(found)
}

/// The objects that partners know by these ids, each with the id.
pub async fn objects_by_external(
    connection: &impl ConnectionTrait,
    kind: &str,
    ids: &[ExternalId],
) -> Result<Vec<Uuid>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::Kind.eq(kind))
        .filter(row::Column::System.is_in(ids.iter().map(|id| id.system.as_str()).collect::<BTreeSet<_>>()))
        .filter(row::Column::Value.is_in(ids.iter().map(|id| id.id.as_str())))
        .all(connection)
        .await?;
    let wanted = |row: &row::Model| ids.iter().any(|id| id.system == row.system && id.id == row.value);
    Ok(rows.into_iter().filter(wanted).map(|row| row.object_id).collect())
}

/// Gives external ids to objects that have none yet.
pub async fn external_ids_insert(
    tx: &Tx,
    kind: &str,
    ids: impl IntoIterator<Item = (Uuid, ExternalId)>,
) -> Result<(), Error> {
    let rows = ids.into_iter().map(|(object, id)| row::ActiveModel {
        kind: Set(kind.to_owned()),
        system: Set(id.system),
        value: Set(id.id),
        object_id: Set(object),
    });
    for rows in chunks(rows.collect()) {
        row::Entity::insert_many(rows).exec_without_returning(tx.connection()).await.map_err(|error| {
            let detail = "Another object is already known by one of the external ids.";
            Error::on_unique(error, || Error::conflict("external_id_taken", detail))
        })?;
    }
    Ok(())
}

/// Makes `ids` the external ids of `object`.
pub async fn external_ids_replace(tx: &Tx, kind: &str, object: Uuid, ids: &[ExternalId]) -> Result<(), Error> {
    row::Entity::delete_many()
        .filter(row::Column::Kind.eq(kind))
        .filter(row::Column::ObjectId.eq(object))
        .exec(tx.connection())
        .await?;
    for external in ids {
        let row = row::ActiveModel {
            kind: Set(kind.to_owned()),
            system: Set(external.system.clone()),
            value: Set(external.id.clone()),
            object_id: Set(object),
        };
        row::Entity::insert(row).exec_without_returning(tx.connection()).await.map_err(|error| {
            Error::on_unique(error, || {
                let detail = format!("Another object is already known as {}/{}.", external.system, external.id);
                Error::conflict("external_id_taken", detail)
            })
        })?;
    }
    Ok(())
}
