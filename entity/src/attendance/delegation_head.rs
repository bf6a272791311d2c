//! Table `delegation_heads`.

use sea_orm::entity::prelude::*;

/// Who leads a delegation from an instant on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation_heads")]
pub struct Model {
    /// The delegation; part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub delegation_id: Uuid,
    /// First instant of the term; of the first term an instant before all others. Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: DateTimeUtc,
    /// The head.
    pub delegate_id: Uuid,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
