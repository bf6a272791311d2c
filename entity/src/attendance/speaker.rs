//! Table `speakers`.

use sea_orm::entity::prelude::*;

/// An entry of a speakers' list.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "speakers")]
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
    /// Its item.
    pub agenda_item_id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// Whose it is.
    pub delegation_id: Uuid,
    /// Who speaks.
    pub delegate_id: Option<Uuid>,
    /// What for.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// At which level.
    #[sea_orm(column_type = "Text")]
    pub level: String,
    /// The group on whose behalf.
    pub group_id: Option<Uuid>,
    /// The same in words.
    #[sea_orm(column_type = "Text", nullable)]
    pub on_behalf_of: Option<String>,
    /// Where it stands.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Orders it among those of its kind.
    pub rank: i32,
    /// The lot that was drawn for it.
    pub lot: Option<i32>,
    /// When it had the floor.
    pub periods: Json,
    /// The point of order that took the floor from it.
    pub interrupted_by: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
