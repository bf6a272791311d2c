//! Table `agenda_editions`.

use sea_orm::entity::prelude::*;

/// An agenda as it stood.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agenda_editions")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its session.
    pub session_id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// Which edition of that agenda it is.
    pub number: i32,
    /// What it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// A remark for its readers.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// Its items in their order.
    pub items: Json,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
