//! Table `statements`.

use sea_orm::entity::prelude::*;

/// A negotiated text.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statements")]
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
    /// Event id.
    pub event_id: Uuid,
    /// Where it is negotiated or was adopted.
    pub session_id: Option<Uuid>,
    /// Which kind it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Title per language.
    pub title: Json,
    /// Drafting language.
    #[sea_orm(column_type = "Text")]
    pub drafting_language: String,
    /// Language tags.
    pub languages: Json,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Order policy.
    #[sea_orm(column_type = "Text")]
    pub order_policy: String,
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
    /// Number of the latest version; 0 before the first.
    pub head_version: i32,
    /// The day of adoption, by the calendar of the event's place.
    pub adopted_on: Option<Date>,
    /// The facts its first draft was written from.
    pub facts: Option<Json>,
    /// All names folded for searching.
    #[sea_orm(column_type = "Text")]
    pub search_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
