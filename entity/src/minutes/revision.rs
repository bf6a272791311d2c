//! Table `minutes_revisions`.

use sea_orm::entity::prelude::*;

/// A text that minutes had; never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "minutes_revisions")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Minutes id.
    pub minutes_id: Uuid,
    /// Its number, from 1.
    pub number: i32,
    /// Its parts.
    pub content: Json,
    /// Who wrote it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// The account or key of whoever wrote it.
    pub author_id: Option<Uuid>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
