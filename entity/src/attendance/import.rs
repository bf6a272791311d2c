//! Table `imports`.

use sea_orm::entity::prelude::*;

/// A table that was sent, and what importing it would do.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// What is imported.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// The table; null once it was committed.
    pub grid: Json,
    /// What importing it would do, as it was shown.
    pub preview: Json,
    /// The account or key of whoever sent it.
    pub author_id: Option<Uuid>,
    /// When it was sent.
    pub created_at: DateTimeUtc,
    /// When it is forgotten.
    pub expires_at: DateTimeUtc,
    /// When it was carried out.
    pub committed_at: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
