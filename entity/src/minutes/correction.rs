//! Table `corrections`.

use sea_orm::entity::prelude::*;

/// What a delegation would have corrected in minutes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "corrections")]
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
    /// Minutes id.
    pub minutes_id: Uuid,
    /// Session id.
    pub session_id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Delegation id.
    pub delegation_id: Uuid,
    /// In which part.
    #[sea_orm(column_type = "Text")]
    pub part: String,
    /// What should stand there.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// What became of it.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// What was answered.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
