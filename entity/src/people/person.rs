//! Table `persons`.

use sea_orm::entity::prelude::*;

/// A human being; may or may not have an account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "persons")]
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
    /// The name as it is to be shown.
    #[sea_orm(column_type = "Text")]
    pub display_name: String,
    /// Family name.
    #[sea_orm(column_type = "Text", nullable)]
    pub family_name: Option<String>,
    /// Given name.
    #[sea_orm(column_type = "Text", nullable)]
    pub given_name: Option<String>,
    /// Honorific.
    #[sea_orm(column_type = "Text", nullable)]
    pub honorific: Option<String>,
    /// Language tags.
    pub languages: Json,
    /// Email.
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    /// Email key.
    #[sea_orm(column_type = "Text", nullable)]
    pub email_key: Option<String>,
    /// Where the person comes from.
    pub organisation_id: Option<Uuid>,
    /// Function at home, per language.
    pub position: Json,
    /// Names before this one, each with the instant it ended.
    pub former_names: Json,
    /// Shown by function only.
    pub protected: bool,
    /// Set when the person was erased; nothing but the number is left then.
    pub erased_at: Option<DateTimeUtc>,
    /// All names folded for searching.
    #[sea_orm(column_type = "Text")]
    pub search_key: String,
    /// What lists are ordered by.
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
