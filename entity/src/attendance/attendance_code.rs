//! Table `attendance_codes`.

use sea_orm::entity::prelude::*;

/// The code on the screen of a session.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance_codes")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    /// The code.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// First instant at which it is taken.
    pub opens_at: DateTimeUtc,
    /// First instant at which it is not any more.
    pub closes_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
