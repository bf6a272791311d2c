//! Table `delegation_reminders`.

use sea_orm::entity::prelude::*;

/// A reminder that was sent, so that it is sent once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation_reminders")]
pub struct Model {
    /// Primary key; rises with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The delegation.
    pub delegation_id: Uuid,
    /// What it was about.
    #[sea_orm(column_type = "Text")]
    pub about: String,
    /// The last day it spoke of.
    pub deadline: Date,
    /// How many days before.
    pub days_before: i32,
    /// When it was sent.
    pub sent_at: DateTimeUtc,
    /// To how many people.
    pub recipients: i32,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
