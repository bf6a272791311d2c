//! Table `session_duties`.

use sea_orm::entity::prelude::*;

/// Somebody's part in a session, or a delegation's.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_duties")]
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
    /// Session id.
    pub session_id: Uuid,
    /// Who has it, if it is a person.
    pub person_id: Option<Uuid>,
    /// Who has it, if it is a delegation.
    pub delegation_id: Option<Uuid>,
    /// What it is.
    #[sea_orm(column_type = "Text")]
    pub duty: String,
    /// Whether it is one in this sitting only, and not in all of its session.
    pub sitting_only: bool,
    /// What was said to it.
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    /// The release of which those who have it were written to last; none once they know that they have it no more.
    pub told_in: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
