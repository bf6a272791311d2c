//! Table `throttles`.

use sea_orm::entity::prelude::*;

/// How often something was tried that may be tried only so often, by all instances together.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "throttles")]
pub struct Model {
    /// What was tried, and by whom; no address of a person in the clear.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    /// How often, in the present window.
    pub count: i32,
    /// When the window ends.
    pub ends_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
