//! Table `releases`.

use sea_orm::entity::prelude::*;

/// A programme as it was released.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "releases")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// The first of an event is 1.
    pub number: i32,
    /// What people call it.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The name folded for comparison.
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    /// What is to be known of it, per language.
    pub comment: Json,
    /// When it was released.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
