//! Table `quorum_snapshots`.

use sea_orm::entity::prelude::*;

/// A quorum as it was counted; never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quorum_snapshots")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Session id.
    pub session_id: Uuid,
    /// Which snapshot of the session it is, from 1.
    pub number: i32,
    /// The instant it was counted for.
    pub at: DateTimeUtc,
    /// The rule it was counted by.
    pub rule: Json,
    /// How many are entitled.
    pub entitled: i32,
    /// How many of them are there.
    pub present: i32,
    /// How many must be.
    pub required: i32,
    /// Whether they are.
    pub reached: bool,
    /// Why it was taken.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Who took it.
    #[sea_orm(column_type = "Text")]
    pub taken_by: String,
    /// The account or key of whoever took it.
    pub author_id: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
