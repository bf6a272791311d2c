//! Table `outbox_messages`.

use sea_orm::entity::prelude::*;

/// What has to leave the server, written with the change that caused it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_messages")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Topic.
    #[sea_orm(column_type = "Text")]
    pub topic: String,
    /// Payload.
    pub payload: Json,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Attempts.
    pub attempts: i32,
    /// Next at.
    pub next_at: DateTimeUtc,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
