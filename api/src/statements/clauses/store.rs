//! Queries of clauses and their revisions. Who may see them is decided where their statement is found.

use ::entity::statements::{
    clause::{ActiveModel, Column, Entity, Model},
    clause_revision as revision,
};
use domain::{
    identifier::ClauseId,
    statements::{Clause, ClauseState, Part, Revision},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use uuid::Uuid;

use super::{PastWords, Standing};
use crate::{
    db::{self, Page, Paging, Tx, Visible, from_chrono, from_json, page_by_number, to_chrono, to_json},
    error::Error,
};

/// The statement of a clause, deleted ones included.
pub async fn clause_statement(connection: &impl ConnectionTrait, id: Uuid) -> Result<Uuid, Error> {
    Ok(Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound)?.statement_id)
}

/// All clauses of a statement that are not deleted.
pub async fn clause_list(connection: &impl ConnectionTrait, statement: Uuid) -> Result<Vec<Visible<Clause>>, Error> {
    let rows = Entity::find()
        .filter(Column::StatementId.eq(statement))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    rows.into_iter().map(visible).collect()
}

/// Adds a clause and its first revision.
pub async fn clause_insert(tx: &Tx, statement: Uuid, clause: &Clause, reason: Option<&str>) -> Result<(), Error> {
    let row = ActiveModel {
        id: Set(clause.id.0),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        statement_id: Set(statement),
        ..columns(tx, clause)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    revision_insert(tx, statement, clause, reason).await
}

/// Replaces a clause, if its version is still that of `current`; other words are another revision.
pub async fn clause_update(
    tx: &Tx,
    current: &Visible<Clause>,
    next: &Clause,
    reason: Option<&str>,
) -> Result<(), Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, next)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await?;
    let row = rows.into_iter().next().ok_or(Error::Stale(None))?;
    if next.revision.number() != current.content.revision.number() {
        revision_insert(tx, row.statement_id, next, reason).await?;
    }
    Ok(())
}

/// Gives the clauses of one part their places: the order of `clauses`. Their versions stay, for what they say stays.
pub async fn clause_order(tx: &Tx, clauses: &[ClauseId]) -> Result<(), Error> {
    for (clause, position) in clauses.iter().zip(1_i32..) {
        Entity::update_many()
            .col_expr(Column::Position, Expr::value(position))
            .filter(Column::Id.eq(clause.0))
            .filter(Column::Position.ne(position))
            .exec(tx.connection())
            .await?;
    }
    Ok(())
}

/// Turns the clause into a tombstone; gives its version.
pub async fn clause_delete(tx: &Tx, current: &Visible<Standing>) -> Result<i32, Error> {
    let at = to_chrono(tx.now());
    let row = ActiveModel {
        version: Set(current.version + 1),
        changed_at: Set(at),
        deleted_at: Set(Some(at)),
        state: Set(ClauseState::Deleted.to_string()),
        ..Default::default()
    };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(current.version + 1)
}

/// One page of the revisions of a clause, oldest first; or `only` that one.
pub async fn revision_list(
    connection: &impl ConnectionTrait,
    clause: Uuid,
    only: Option<u32>,
    paging: &Paging,
) -> Result<Page<PastWords>, Error> {
    let mut select = revision::Entity::find().filter(revision::Column::ClauseId.eq(clause));
    if let Some(only) = only {
        select = select.filter(revision::Column::Revision.eq(only));
    }
    let page = page_by_number(connection, select, revision::Column::Revision, paging, |row| (row.revision, row.id));
    page.await?.try_map(|row: revision::Model| {
        Ok(PastWords {
            clause_id: ClauseId(row.clause_id),
            revision: u32::try_from(row.revision).map_err(Error::internal)?,
            text: from_json(row.text)?,
            provenance: from_json(row.provenance)?,
            author: Some(row.author),
            reason: row.reason,
            sha256: row.sha256,
            created_at: from_chrono(row.created_at),
        })
    })
}

async fn revision_insert(tx: &Tx, statement: Uuid, clause: &Clause, reason: Option<&str>) -> Result<(), Error> {
    let row = revision::ActiveModel {
        id: Set(tx.new_id()?),
        clause_id: Set(clause.id.0),
        statement_id: Set(statement),
        revision: Set(i32::try_from(clause.revision.number()).map_err(Error::internal)?),
        text: Set(to_json(clause.revision.text())?),
        provenance: Set(to_json(clause.revision.provenance())?),
        author: Set(tx.author()),
        author_id: Set(tx.author_id()),
        reason: Set(reason.map(str::to_owned)),
        sha256: Set(clause.revision.sha256()),
        created_at: Set(to_chrono(tx.now())),
    };
    revision::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

fn columns(tx: &Tx, clause: &Clause) -> Result<ActiveModel, Error> {
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        part: Set(clause.part.to_string()),
        position: Set(clause.position),
        state: Set(clause.state.to_string()),
        revision: Set(i32::try_from(clause.revision.number()).map_err(Error::internal)?),
        text: Set(to_json(clause.revision.text())?),
        provenance: Set(to_json(clause.revision.provenance())?),
        ..Default::default()
    })
}

fn visible(row: Model) -> Result<Visible<Clause>, Error> {
    let number = u32::try_from(row.revision).map_err(Error::internal)?;
    let content = Clause {
        id: ClauseId(row.id),
        part: db::word(&row.part, Part::parse)?,
        position: row.position,
        state: db::word(&row.state, ClauseState::parse)?,
        revision: Revision::new(number, from_json(row.text)?, from_json(row.provenance)?),
    };
    Ok(Visible {
        id: row.id,
        version: row.version,
        created_at: from_chrono(row.created_at),
        changed_at: from_chrono(row.changed_at),
        content,
    })
}
