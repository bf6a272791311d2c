//! Table `groups`.

use sea_orm::entity::prelude::*;

/// A standing body.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "groups")]
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
    /// Unique short name.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// The code folded for comparison.
    #[sea_orm(column_type = "Text")]
    pub code_key: String,
    /// Which kind it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Its name.
    pub name: Json,
    /// Case forms of the name, per language.
    pub name_forms: Json,
    /// Mandate.
    pub mandate: Json,
    /// Parent id.
    pub parent_id: Option<Uuid>,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Who may see it.
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    /// Ids of those whom it names.
    pub audience: Json,
    /// Which audience these are; none where it names nobody.
    pub audience_id: Option<Uuid>,
    /// Label of the Traffic Light Protocol.
    #[sea_orm(column_type = "Text")]
    pub tlp: String,
    /// Whether calendars show its amber sessions in full.
    pub amber_in_calendars: bool,
    /// Language tags.
    pub languages: Json,
    /// Founded on.
    pub founded_on: Option<Date>,
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
