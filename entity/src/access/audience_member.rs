//! Table `audience_members`.

use sea_orm::entity::prelude::*;

/// An organisation or a person among those whom objects name. An audience is its members: rows are added and never
/// changed, so that what was recorded with it keeps its meaning.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audience_members")]
pub struct Model {
    /// The audience: a hash of its members' ids.
    #[sea_orm(primary_key, auto_increment = false)]
    pub audience_id: Uuid,
    /// The organisation or the person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: Uuid,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
