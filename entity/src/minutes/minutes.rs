//! Table `minutes`.

use sea_orm::entity::prelude::*;

/// The minutes of a session; their text is in their latest revision.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "minutes")]
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
    /// Session id.
    pub session_id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Where they stand.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// The language they are in.
    #[sea_orm(column_type = "Text")]
    pub language: String,
    /// Number of the latest revision.
    pub revision: i32,
    /// When they were circulated.
    pub circulated_at: Option<DateTimeUtc>,
    /// First instant at which no correction is taken any more.
    pub corrections_until: Option<DateTimeUtc>,
    /// The session that adopted them.
    pub adopted_in: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
