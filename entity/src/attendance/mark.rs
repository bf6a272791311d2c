//! Table `attendance_marks`.

use sea_orm::entity::prelude::*;

/// Who or what said of somebody that they were in a session; never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance_marks")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Session id.
    pub session_id: Uuid,
    /// In which order marks of the session were recorded.
    pub number: i32,
    /// Delegation id.
    pub delegation_id: Uuid,
    /// Whom it is about; none is the delegation as a whole.
    pub delegate_id: Option<Uuid>,
    /// What it says.
    #[sea_orm(column_type = "Text")]
    pub status: String,
    /// Who says so.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// The instant it is made for.
    pub at: DateTimeUtc,
    /// Whom staff named as sitting for the delegation.
    pub represented_by: Option<Uuid>,
    /// At what level, where that is another than that of who sat.
    #[sea_orm(column_type = "Text", nullable)]
    pub level: Option<String>,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
