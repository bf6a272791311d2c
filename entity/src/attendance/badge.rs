//! Table `badges`.

use sea_orm::entity::prelude::*;

/// What opens the doors of an event to one delegate.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "badges")]
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
    /// Delegate id.
    pub delegate_id: Uuid,
    /// The number printed on it.
    pub serial: i32,
    /// Which printing of that number it is.
    pub printing: i32,
    /// SHA-256 of its token; nothing once its holder was erased.
    #[sea_orm(column_type = "Text", nullable)]
    pub token_hash: Option<String>,
    /// The zones it opens.
    pub zones: Json,
    /// Whether it opens anything.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// With which others it was picked up, if it was.
    pub collection_id: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
