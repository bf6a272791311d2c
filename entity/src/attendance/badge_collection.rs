//! Table `badge_collections`.

use sea_orm::entity::prelude::*;

/// Badges of a delegation that somebody picked up at once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "badge_collections")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Delegation id.
    pub delegation_id: Uuid,
    /// The delegate who picked them up.
    pub collected_by: Uuid,
    /// When.
    pub collected_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
