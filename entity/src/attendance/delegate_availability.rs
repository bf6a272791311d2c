//! Table `delegate_availability`.

use sea_orm::entity::prelude::*;

/// When a delegate can come to sessions.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegate_availability")]
pub struct Model {
    /// The delegate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub delegate_id: Uuid,
    /// The event of the delegate.
    pub event_id: Uuid,
    /// Windows by start; nothing once they were forgotten.
    pub windows: Option<Json>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
