//! Table `follows`.

use sea_orm::entity::prelude::*;

/// Something that somebody follows.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follows")]
pub struct Model {
    /// Names it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// Set while it is not followed.
    pub deleted_at: Option<DateTimeUtc>,
    /// Who follows.
    pub person_id: Uuid,
    /// session, group or event.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// The session, group or event.
    pub object_id: Uuid,
    /// Where the changes to its sessions are counted; a scope of `revisions`.
    #[sea_orm(column_type = "Text")]
    pub scope: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
