//! Table `events`.

use sea_orm::entity::prelude::*;

/// An occasion with dates, place and time zone.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
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
    /// Title per language.
    pub title: Json,
    /// Description.
    pub description: Json,
    /// Group id.
    pub group_id: Option<Uuid>,
    /// Which meeting of the group this is.
    pub ordinal: Option<i32>,
    /// The hosting organisation.
    pub host_id: Option<Uuid>,
    /// Name of the city per language, with case forms.
    pub city: Json,
    /// The state where it takes place.
    pub country_id: Option<Uuid>,
    /// IANA name.
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    /// Starts on.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Date,
    /// Language tags.
    pub languages: Json,
    /// Tracks.
    pub tracks: Json,
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
    /// SEQUENCE of its calendar entry.
    pub sequence: i32,
    /// The calendar entry, rendered.
    #[sea_orm(column_type = "Text", nullable)]
    pub vevent: Option<String>,
    /// All names folded for searching.
    #[sea_orm(column_type = "Text")]
    pub search_key: String,
    /// What lists are ordered by: the first day.
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
