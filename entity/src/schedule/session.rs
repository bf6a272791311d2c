//! Table `sessions`.

use sea_orm::entity::prelude::*;

/// One sitting within an event, and its placement.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
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
    /// Event id.
    pub event_id: Uuid,
    /// Human number within the event.
    pub number: i32,
    /// Which kind it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Title per language.
    pub title: Json,
    /// Description.
    pub description: Json,
    /// Track.
    #[sea_orm(column_type = "Text", nullable)]
    pub track: Option<String>,
    /// Group id.
    pub group_id: Option<Uuid>,
    /// The groups that sit with that one.
    pub joint_groups: Json,
    /// Which set of groups these are, as audiences are known; none where there are none.
    pub joint_groups_id: Option<Uuid>,
    /// The session that leads, of one of its further sittings.
    pub sitting_of: Option<Uuid>,
    /// Room id.
    pub room_id: Option<Uuid>,
    /// Wall-clock time in the zone of the event.
    pub starts_local: Option<DateTime>,
    /// Ends local.
    pub ends_local: Option<DateTime>,
    /// The instant derived from starts_local.
    pub starts_at: Option<DateTimeUtc>,
    /// Ends at.
    pub ends_at: Option<DateTimeUtc>,
    /// Language tags.
    pub languages: Json,
    /// What it needs of its room and of those who serve it.
    pub requirements: Json,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Whether people were ever told of it.
    pub announced: bool,
    /// Why it was cancelled.
    #[sea_orm(column_type = "Text", nullable)]
    pub cancel_reason: Option<String>,
    /// Who may see it once it was announced.
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    /// Who may see it as it stands.
    #[sea_orm(column_type = "Text")]
    pub shown_to: String,
    /// Ids of those whom it names.
    pub audience: Json,
    /// Which audience these are; none where it names nobody.
    pub audience_id: Option<Uuid>,
    /// Label of the Traffic Light Protocol.
    #[sea_orm(column_type = "Text")]
    pub tlp: String,
    /// SEQUENCE of RFC 5545, 3.8.7.4.
    pub sequence: i32,
    /// The rendered VEVENT in full detail.
    #[sea_orm(column_type = "Text", nullable)]
    pub vevent: Option<String>,
    /// The entry for calendars that get nothing amber; only of what is amber.
    #[sea_orm(column_type = "Text", nullable)]
    pub restricted_vevent: Option<String>,
    /// All names folded for searching.
    #[sea_orm(column_type = "Text")]
    pub search_key: String,
    /// What lists are ordered by: the UTC start and the number, unplaced sessions last.
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
