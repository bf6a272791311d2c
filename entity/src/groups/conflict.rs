//! Table `group_conflicts`.

use sea_orm::entity::prelude::*;

/// With which groups a group never wants to sit at the same time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_conflicts")]
pub struct Model {
    /// Which group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// The other groups, with the tier.
    pub conflicts: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
