//! Table `statement_versions`.

use sea_orm::entity::prelude::*;

/// A frozen text; never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statement_versions")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Statement id.
    pub statement_id: Uuid,
    /// Number.
    pub number: i32,
    /// Label.
    #[sea_orm(column_type = "Text")]
    pub label: String,
    /// Content.
    pub content: Json,
    /// Sha256.
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
    /// Comment.
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    /// Created by.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// The account or key of whoever froze it.
    pub author_id: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
