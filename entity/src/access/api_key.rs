//! Table `api_keys`.

use sea_orm::entity::prelude::*;

/// A key of a partner system or a member of staff; only a hash of its secret is kept.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
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
    /// Its name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The public part by which the key is found.
    #[sea_orm(column_type = "Text")]
    pub prefix: String,
    /// SHA-256 of the secret part, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// Role.
    #[sea_orm(column_type = "Text")]
    pub role: String,
    /// Scopes.
    pub scopes: Json,
    /// The narrowest label it sees.
    #[sea_orm(column_type = "Text")]
    pub tlp_ceiling: String,
    /// Networks it works from.
    pub networks: Json,
    /// The account it belongs to.
    pub owner_id: Uuid,
    /// The id of the first of the keys that replaced one another.
    pub lineage_id: Uuid,
    /// On whose behalf a delegate acts.
    pub organisation_id: Option<Uuid>,
    /// Expires at.
    pub expires_at: DateTimeUtc,
    /// To the hour.
    pub last_used_at: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
