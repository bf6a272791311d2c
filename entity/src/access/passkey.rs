//! Table `passkeys`.

use sea_orm::entity::prelude::*;

/// A passkey, by which its account is signed in to. Holds nothing secret: the key is the public half.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    /// Names it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// What its owner calls it.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// What the authenticator calls it, in base64url.
    #[sea_orm(column_type = "Text")]
    pub credential_id: String,
    /// Its public key, as COSE in base64url.
    #[sea_orm(column_type = "Text")]
    pub public_key: String,
    /// How often it has signed; 0 where it does not count.
    pub sign_count: i64,
    /// Whether a service may keep it.
    pub backup_eligible: bool,
    /// When it was registered.
    pub created_at: DateTimeUtc,
    /// When it was last used.
    pub last_used_at: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
