//! Table `door_keys`.

use sea_orm::entity::prelude::*;

/// A key by which badges of an event are signed; its public half.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "door_keys")]
pub struct Model {
    /// Event id, part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// 32 bytes in hexadecimal, part of the primary key.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub public_key: String,
    /// When it was first used.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
