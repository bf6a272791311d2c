//! Table `delegates`.

use sea_orm::entity::prelude::*;

/// A person in a delegation, with a function.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegates")]
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
    /// Delegation id.
    pub delegation_id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Person id.
    pub person_id: Uuid,
    /// Function.
    #[sea_orm(column_type = "Text")]
    pub function: String,
    /// Position.
    pub position: Json,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
