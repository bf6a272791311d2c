//! Table `session_request_groups`.

use sea_orm::entity::prelude::*;

/// A group that a request is of: the one that asks, and those that sit together with it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_request_groups")]
pub struct Model {
    /// Which request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    /// Which group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
