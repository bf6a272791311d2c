//! Table `credentials`.

use sea_orm::entity::prelude::*;

/// A paper by which an organisation says who speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credentials")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// Set when the object was deleted; it then is a tombstone.
    pub deleted_at: Option<DateTimeUtc>,
    /// Delegation id.
    pub delegation_id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// What sort of paper.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Who issued it.
    #[sea_orm(column_type = "Text")]
    pub issuer: String,
    /// Name of the issuing authority.
    #[sea_orm(column_type = "Text", nullable)]
    pub issuer_name: Option<String>,
    /// Number or reference on the paper.
    #[sea_orm(column_type = "Text", nullable)]
    pub reference: Option<String>,
    /// The day it bears.
    pub issued_on: Date,
    /// Whether the secretariat has had the original in hands.
    pub original_seen: bool,
    /// What it empowers to.
    pub powers: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
