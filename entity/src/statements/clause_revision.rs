//! Table `clause_revisions`.

use sea_orm::entity::prelude::*;

/// What a clause once said; never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clause_revisions")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Clause id.
    pub clause_id: Uuid,
    /// Statement id.
    pub statement_id: Uuid,
    /// Its place in the life of the clause, from 1.
    pub revision: i32,
    /// Text.
    pub text: Json,
    /// Where the words come from.
    pub provenance: Json,
    /// Author.
    #[sea_orm(column_type = "Text")]
    pub author: String,
    /// The account or key of the author.
    pub author_id: Option<Uuid>,
    /// Reason.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Sha256.
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
