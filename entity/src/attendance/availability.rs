//! Table `availabilities`.

use sea_orm::entity::prelude::*;

/// When a delegate, or a delegation as a whole, can come to sessions.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "availabilities")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The event of the delegate or the delegation.
    pub event_id: Uuid,
    /// The delegate; nothing where it is said of a delegation.
    #[sea_orm(unique)]
    pub delegate_id: Option<Uuid>,
    /// The delegation; nothing where it is said of a delegate.
    #[sea_orm(unique)]
    pub delegation_id: Option<Uuid>,
    /// Windows by start; nothing once they were forgotten.
    pub windows: Option<Json>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
