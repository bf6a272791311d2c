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
    /// The name of an actor that is no person; others stand among the values.
    #[sea_orm(column_type = "Text", nullable)]
    pub actor_name: Option<String>,
    /// On behalf of.
    pub on_behalf_of: Option<Uuid>,
    /// Via.
    #[sea_orm(column_type = "Text")]
    pub via: String,
    /// Which server of several.
    #[sea_orm(column_type = "Text")]
    pub instance: String,
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
    /// The organisation it belongs to.
    pub organisation_id: Option<Uuid>,
    /// Who could see it then.
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    /// Whom it named then.
    pub audience_id: Option<Uuid>,
    /// Whom its event named then.
    pub event_audience_id: Option<Uuid>,
    /// Its label then.
    #[sea_orm(column_type = "Text")]
    pub tlp: String,
    /// What changed, without what is about a person.
    pub diff: Json,
    /// Salted hashes of the values that stand beside the entry, by field.
    pub personal: Json,
    /// Request id.
    #[sea_orm(column_type = "Text", nullable)]
    pub request_id: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
