//! Table `accounts`.

use sea_orm::entity::prelude::*;

/// Who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
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
    /// Person id.
    pub person_id: Option<Uuid>,
    /// Email.
    #[sea_orm(column_type = "Text")]
    pub email: String,
    /// Email key.
    #[sea_orm(column_type = "Text")]
    pub email_key: String,
    /// Display name.
    #[sea_orm(column_type = "Text")]
    pub display_name: String,
    /// Role.
    #[sea_orm(column_type = "Text")]
    pub role: String,
    /// On whose behalf it acts.
    pub organisation_id: Option<Uuid>,
    /// The ids of the events and groups it is limited to.
    pub limits: Json,
    /// First instant at which it cannot be used any more.
    pub ends_at: Option<DateTimeUtc>,
    /// active or disabled.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Whether the first sign-in with its address is linked to it.
    pub invited: bool,
    /// Last signed in at.
    pub last_signed_in_at: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
