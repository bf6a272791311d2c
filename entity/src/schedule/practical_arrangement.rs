//! Table `practical_arrangements`.

use sea_orm::entity::prelude::*;

/// What the host of an event arranges.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "practical_arrangements")]
pub struct Model {
    /// Which event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// What is said.
    pub arrangements: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
