//! Table `date_polls`.

use sea_orm::entity::prelude::*;

/// A poll among organisations about when to meet.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "date_polls")]
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
    /// Its event.
    pub event_id: Uuid,
    /// The group that is to sit.
    pub group_id: Option<Uuid>,
    /// Language tag to text.
    pub title: Json,
    /// Language tag to text; null is none.
    pub description: Json,
    /// IANA name of the zone its times are meant in.
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    /// What can be chosen, by start.
    pub options: Json,
    /// How many organisations have to be able to come.
    pub quorum: Option<i32>,
    /// Wall-clock time in `time_zone` at which it closes.
    pub closes_local: Option<DateTime>,
    /// The instant derived from closes_local.
    pub closes_at: Option<DateTimeUtc>,
    /// Whether answers are kept from the others until it closes.
    pub answers_hidden: bool,
    /// Where it stands, whatever the time.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Why it was called off.
    #[sea_orm(column_type = "Text", nullable)]
    pub cancel_reason: Option<String>,
    /// The option that was chosen.
    pub chosen_option: Option<Uuid>,
    /// Why that one.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// The session it became.
    pub session_id: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
