//! Table `passkey_challenges`.

use sea_orm::entity::prelude::*;

/// What a browser was given to be signed by a passkey. Used once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey_challenges")]
pub struct Model {
    /// SHA-256 of the challenge.
    #[sea_orm(primary_key, auto_increment = false)]
    #[sea_orm(column_type = "Text")]
    pub challenge_hash: String,
    /// SHA-256 of the cookie of the browser it was given to.
    #[sea_orm(column_type = "Text")]
    pub browser_hash: String,
    /// The account that a passkey is being made for; none where somebody signs in.
    pub account_id: Option<Uuid>,
    /// Expires at.
    pub expires_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
