//! Table `attendances`.

use sea_orm::entity::prelude::*;

/// Who was represented in a session, how and by whom.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendances")]
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
    /// Delegation id.
    pub delegation_id: Uuid,
    /// Status.
    #[sea_orm(column_type = "Text")]
    pub status: String,
    /// The delegate who sat for the delegation.
    pub represented_by: Option<Uuid>,
    /// The rank at which it was represented, where that is another than that of who sat for it.
    #[sea_orm(column_type = "Text", nullable)]
    pub level: Option<String>,
    /// Note.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
