//! Queries of frozen versions. Who may see them is decided where their statement is found.

use ::entity::statements::statement_version::{ActiveModel, Column, Entity, Model};
use domain::{identifier::StatementId, statements::Label};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Entry, Version};
use crate::{
    db::{Page, Paging, Tx, from_chrono, from_json, page_by_number, to_chrono, to_json},
    error::Error,
};

/// One page of the versions of a statement, oldest first; or `only` that one.
pub async fn version_list(
    connection: &impl ConnectionTrait,
    statement: Uuid,
    only: Option<u32>,
    paging: &Paging,
) -> Result<Page<Entry>, Error> {
    let mut select = Entity::find().filter(Column::StatementId.eq(statement));
    if let Some(only) = only {
        select = select.filter(Column::Number.eq(number(only)?));
    }
    page_by_number(connection, select, Column::Number, paging, |row: &Model| (row.number, row.id))
        .await?
        .try_map(|row| entry(&row))
}

/// One version with its content.
pub async fn version_find(connection: &impl ConnectionTrait, statement: Uuid, wanted: u32) -> Result<Version, Error> {
    let row = Entity::find()
        .filter(Column::StatementId.eq(statement))
        .filter(Column::Number.eq(number(wanted)?))
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Version { entry: entry(&row)?, content: from_json(row.content)? })
}

/// The labels a statement has given already.
pub async fn label_list(connection: &impl ConnectionTrait, statement: Uuid) -> Result<Vec<Label>, Error> {
    let labels: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Label)
        .filter(Column::StatementId.eq(statement))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(labels.iter().filter_map(|label| Label::parse(label)).collect())
}

/// Adds a version; it is never changed.
pub async fn version_insert(tx: &Tx, version: &Version) -> Result<(), Error> {
    let entry = &version.entry;
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        statement_id: Set(entry.statement_id.0),
        number: Set(number(entry.number)?),
        label: Set(entry.label.to_string()),
        content: Set(to_json(&version.content)?),
        sha256: Set(entry.sha256.clone()),
        comment: Set(entry.comment.clone()),
        created_by: Set(tx.author()),
        author_id: Set(tx.author_id()),
        created_at: Set(to_chrono(entry.created_at)),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await.map_err(|error| {
        Error::on_unique(error, || {
            let detail = format!("There is a version '{}' already. Leave the label out to get the next.", entry.label);
            Error::conflict("label_taken", detail)
        })
    })?;
    Ok(())
}

fn number(number: u32) -> Result<i32, Error> {
    i32::try_from(number).map_err(|_| Error::NotFound)
}

fn entry(row: &Model) -> Result<Entry, Error> {
    Ok(Entry {
        statement_id: StatementId(row.statement_id),
        number: u32::try_from(row.number).map_err(Error::internal)?,
        label: Label::try_from(row.label.clone()).map_err(Error::internal)?,
        sha256: row.sha256.clone(),
        comment: row.comment.clone(),
        created_by: Some(row.created_by.clone()),
        created_at: from_chrono(row.created_at),
    })
}
