//! Table `idempotency_records`.

use sea_orm::entity::prelude::*;

/// The answer to a POST, kept for its repetition.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_records")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    #[sea_orm(column_type = "Text")]
    pub principal: String,
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// SHA-256 of method, path and body.
    #[sea_orm(column_type = "Text")]
    pub fingerprint: String,
    /// Status.
    pub status: Option<i32>,
    /// Headers.
    pub headers: Json,
    /// Body.
    #[sea_orm(column_type = "Text", nullable)]
    pub body: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Expires at.
    pub expires_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
