//! Table `waiting_delegates`.

use sea_orm::entity::prelude::*;

/// Somebody who waits for a place.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "waiting_delegates")]
pub struct Model {
    /// The delegate; the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub delegate_id: Uuid,
    /// The delegation.
    pub delegation_id: Uuid,
    /// The kind of place.
    #[sea_orm(column_type = "Text")]
    pub participation: String,
    /// Who has the lowest is next.
    pub rank: i32,
    /// First instant at which the place offered is offered no more.
    pub offered_until: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
