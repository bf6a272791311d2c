//! Table `checks`.

use sea_orm::entity::prelude::*;

/// One scan of a code, and what was said.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checks")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Check type id.
    pub check_type_id: Uuid,
    /// The badge, where one was known; nothing once its holder was forgotten.
    pub badge_id: Option<Uuid>,
    /// Its holder.
    pub delegate_id: Option<Uuid>,
    /// In which order the checks of this delegate at this check type were recorded.
    pub number: i32,
    /// Which way.
    #[sea_orm(column_type = "Text")]
    pub direction: String,
    /// What was said.
    #[sea_orm(column_type = "Text")]
    pub result: String,
    /// What the device said by itself.
    #[sea_orm(column_type = "Text", nullable)]
    pub told: Option<String>,
    /// Whether the holder passed.
    pub passed: bool,
    /// Whether somebody let the holder pass.
    pub forced: bool,
    /// Whether it does not go together with the others.
    pub conflict: bool,
    /// The key, or the account, that sent it.
    pub device_id: Uuid,
    /// What the device is called.
    #[sea_orm(column_type = "Text")]
    pub device: String,
    /// Made by the device, once.
    #[sea_orm(column_type = "Text")]
    pub nonce: String,
    /// When, by the clock of the device.
    pub scanned_at: DateTimeUtc,
    /// When, by that clock put right.
    pub happened_at: DateTimeUtc,
    /// When the server was told.
    pub received_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
