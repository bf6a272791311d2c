//! Table `check_types`.

use sea_orm::entity::prelude::*;

/// What is checked at a door.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_types")]
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
    /// Event id.
    pub event_id: Uuid,
    /// Name.
    pub name: Json,
    /// How often one delegate may pass.
    #[sea_orm(column_type = "Text")]
    pub rule: String,
    /// The zone behind the door.
    #[sea_orm(column_type = "Text", nullable)]
    pub zone: Option<String>,
    /// The session it is for.
    pub session_id: Option<Uuid>,
    /// The categories that may pass.
    pub categories: Json,
    /// From when, by the clocks of the place.
    pub opens_local: Option<DateTime>,
    /// Until when, by the same clocks.
    pub closes_local: Option<DateTime>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
