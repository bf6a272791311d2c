//! Table `sign_in_sessions`.

use sea_orm::entity::prelude::*;

/// A browser that is signed in; only a hash of its cookie is kept, and the row goes when the sign-in ends.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_sessions")]
pub struct Model {
    /// Names it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The public part of the cookie, by which the row is found.
    #[sea_orm(column_type = "Text")]
    pub prefix: String,
    /// SHA-256 of the secret part.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// Whose it is.
    pub account_id: Uuid,
    /// How it was made.
    #[sea_orm(column_type = "Text")]
    pub method: String,
    /// Program and system, coarsely.
    #[sea_orm(column_type = "Text", nullable)]
    pub agent: Option<String>,
    /// When it was made.
    pub signed_in_at: DateTimeUtc,
    /// When it was last used, to about a minute.
    pub last_used_at: DateTimeUtc,
    /// When it ends at the latest.
    pub expires_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
