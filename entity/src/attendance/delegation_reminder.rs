//! Table `delegation_reminders`.

use sea_orm::entity::prelude::*;

/// A reminder that was sent, so that it is sent once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation_reminders")]
pub struct Model {
    /// The delegation; part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub delegation_id: Uuid,
    /// What it was about; part of the primary key.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub about: String,
    /// The last day it spoke of; part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub deadline: Date,
    /// How many days before; part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub days_before: i32,
    /// When it was sent.
    pub sent_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
