//! Table `draft_changes`.

use sea_orm::entity::prelude::*;

/// One change of the draft of an event, until the next release.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_changes")]
pub struct Model {
    /// Its event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// In the order in which they were made.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// What stood before and then, for each session.
    pub steps: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
