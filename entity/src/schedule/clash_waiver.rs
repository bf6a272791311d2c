//! Table `clash_waivers`.

use sea_orm::entity::prelude::*;

/// Somebody has taken a clash upon themselves.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clash_waivers")]
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
    /// Set when it was withdrawn; it then is a tombstone.
    pub deleted_at: Option<DateTimeUtc>,
    /// Its event.
    pub event_id: Uuid,
    /// The clash.
    #[sea_orm(column_type = "Text")]
    pub fingerprint: String,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// The first instant at which it no longer holds.
    pub until_at: Option<DateTimeUtc>,
    /// Who, by name.
    #[sea_orm(column_type = "Text")]
    pub author: String,
    /// The account or key of whoever it was.
    pub author_id: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
