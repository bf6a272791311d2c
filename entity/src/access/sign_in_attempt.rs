//! Table `sign_in_attempts`.

use sea_orm::entity::prelude::*;

/// A sign-in that has begun and whose person is at the provider now. Used once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_attempts")]
pub struct Model {
    /// SHA-256 of what the provider gives back.
    #[sea_orm(primary_key, auto_increment = false)]
    #[sea_orm(column_type = "Text")]
    pub state_hash: String,
    /// SHA-256 of the cookie of the browser it began in.
    #[sea_orm(column_type = "Text")]
    pub browser_hash: String,
    /// Code of the provider.
    #[sea_orm(column_type = "Text")]
    pub provider: String,
    /// What the ID token must repeat.
    #[sea_orm(column_type = "Text")]
    pub nonce: String,
    /// Proof to the provider that who fetches the token began the sign-in (RFC 7636).
    #[sea_orm(column_type = "Text")]
    pub verifier: String,
    /// Page to show afterwards.
    #[sea_orm(column_type = "Text")]
    pub return_to: String,
    /// Expires at.
    pub expires_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
