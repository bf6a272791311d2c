//! Table `clauses`.

use sea_orm::entity::prelude::*;

/// A paragraph with a permanent id.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clauses")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// Set when the object was deleted; it then is a tombstone.
    pub deleted_at: Option<DateTimeUtc>,
    /// Statement id.
    pub statement_id: Uuid,
    /// Part.
    #[sea_orm(column_type = "Text")]
    pub part: String,
    /// Order within its part of the statement.
    pub position: i32,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Number of the revision that stands here.
    pub revision: i32,
    /// Its words.
    pub text: Json,
    /// Where the words come from.
    pub provenance: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
