//! Table `session_requests`.

use sea_orm::entity::prelude::*;

/// A session that a group asks for.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_requests")]
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
    /// The group that asks.
    pub group_id: Uuid,
    /// How far it got.
    #[sea_orm(column_type = "Text")]
    pub stage: String,
    /// When the last step was taken.
    pub since_at: DateTimeUtc,
    /// What was said with it.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// The session made of it.
    pub session_id: Option<Uuid>,
    /// What the group asks for, without the groups it sits with and the persons it needs.
    pub details: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
