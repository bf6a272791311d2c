//! Table `changes`.

use sea_orm::entity::prelude::*;

/// The change feed: every committed change, in commit order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "changes")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Id.
    pub id: Uuid,
    /// At.
    pub at: DateTimeUtc,
    /// Event type, such as session.moved.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Object kind.
    #[sea_orm(column_type = "Text")]
    pub object_kind: String,
    /// Object id.
    pub object_id: Uuid,
    /// Object version.
    pub object_version: i32,
    /// Event id.
    pub event_id: Option<Uuid>,
    /// Group id.
    pub group_id: Option<Uuid>,
    /// Organisation id.
    pub organisation_id: Option<Uuid>,
    /// Who may see it.
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    /// Whom it names.
    pub audience_id: Option<Uuid>,
    /// Whom its event names.
    pub event_audience_id: Option<Uuid>,
    /// Label of the Traffic Light Protocol.
    #[sea_orm(column_type = "Text")]
    pub tlp: String,
    /// A tombstone.
    pub deleted: bool,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
