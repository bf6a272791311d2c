//! Table `audit_entries`.

use sea_orm::entity::prelude::*;

/// Who did what, on whose behalf, when, from where; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    /// Place in the order of commits; the number of the change it goes with.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// Groups the entries of one transaction.
    pub position: Uuid,
    /// At.
    pub at: DateTimeUtc,
    /// Actor kind.
    #[sea_orm(column_type = "Text")]
    pub actor_kind: String,
    /// Actor id.
    pub actor_id: Option<Uuid>,
    /// Actor name.
    #[sea_orm(column_type = "Text")]
    pub actor_name: String,
    /// On behalf of.
    pub on_behalf_of: Option<Uuid>,
    /// Via.
    #[sea_orm(column_type = "Text")]
    pub via: String,
    /// Action.
    #[sea_orm(column_type = "Text")]
    pub action: String,
    /// Object kind.
    #[sea_orm(column_type = "Text")]
    pub object_kind: String,
    /// Object id.
    pub object_id: Uuid,
    /// Event id.
    pub event_id: Option<Uuid>,
    /// Group id.
    pub group_id: Option<Uuid>,
    /// Diff.
    pub diff: Json,
    /// Request id.
    #[sea_orm(column_type = "Text", nullable)]
    pub request_id: Option<String>,
    /// Address.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
