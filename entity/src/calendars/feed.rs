//! Table `feeds`.

use sea_orm::entity::prelude::*;

/// A calendar subscription.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feeds")]
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
    /// Which kind it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Object id.
    pub object_id: Uuid,
    /// Its name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Detail.
    #[sea_orm(column_type = "Text")]
    pub detail: String,
    /// Language.
    #[sea_orm(column_type = "Text", nullable)]
    pub language: Option<String>,
    /// public or token.
    #[sea_orm(column_type = "Text")]
    pub access: String,
    /// Minutes before each session at which programs remind.
    pub alarm_minutes: Option<i32>,
    /// Whether what was called off is left out.
    pub without_cancelled: bool,
    /// Whether a person's duties are left out.
    pub without_duties: bool,
    /// Whether what a person follows is left out.
    pub without_followed: bool,
    /// Token id.
    #[sea_orm(column_type = "Text", nullable)]
    pub token_id: Option<String>,
    /// SHA-256 of the secret part, in hexadecimal.
    #[sea_orm(column_type = "Text", nullable)]
    pub token_hash: Option<String>,
    /// Token id of the address before this one.
    #[sea_orm(column_type = "Text", nullable)]
    pub former_token_id: Option<String>,
    /// SHA-256 of the secret part of the address before this one, in hexadecimal.
    #[sea_orm(column_type = "Text", nullable)]
    pub former_token_hash: Option<String>,
    /// Until when the address before this one works too.
    pub former_ends_at: Option<DateTimeUtc>,
    /// The key it belongs to.
    pub owner_key_id: Option<Uuid>,
    /// The account it belongs to, where no key made it.
    pub owner_account_id: Option<Uuid>,
    /// Last fetched at.
    pub last_fetched_at: Option<DateTimeUtc>,
    /// Last agent.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_agent: Option<String>,
    /// Revoked at.
    pub revoked_at: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
