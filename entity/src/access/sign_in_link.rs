//! Table `sign_in_links`.

use sea_orm::entity::prelude::*;

/// A link to sign in with; only a hash of its secret is kept, and the row goes when the link is used.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_links")]
pub struct Model {
    /// Names it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The public part, by which the row is found.
    #[sea_orm(column_type = "Text")]
    pub prefix: String,
    /// SHA-256 of the secret part.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// Who signs in by it.
    pub account_id: Uuid,
    /// How it reaches them.
    #[sea_orm(column_type = "Text")]
    pub method: String,
    /// SHA-256 of the cookie of the browser that asked for it; only that one may use it.
    #[sea_orm(column_type = "Text", nullable)]
    pub browser_hash: Option<String>,
    /// The path to go to afterwards.
    #[sea_orm(column_type = "Text")]
    pub return_to: String,
    /// When it ends.
    pub expires_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
