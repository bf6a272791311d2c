//! Table `room_bookings`.

use sea_orm::entity::prelude::*;

/// What is said of a room besides the sessions in it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room_bookings")]
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
    /// Room id.
    pub room_id: Uuid,
    /// The event it is for.
    pub event_id: Option<Uuid>,
    /// The session of that event it is for.
    pub session_id: Option<Uuid>,
    /// Which kind it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Where it stands.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Wall-clock time in `time_zone`.
    pub starts_local: DateTime,
    /// Ends local.
    pub ends_local: DateTime,
    /// The instant derived from starts_local.
    pub starts_at: DateTimeUtc,
    /// Ends at.
    pub ends_at: DateTimeUtc,
    /// IANA name of the zone its times are meant in.
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    /// When a hold ends by itself.
    pub expires_at: Option<DateTimeUtc>,
    /// For whom.
    #[sea_orm(column_type = "Text", nullable)]
    pub booked_for: Option<String>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// Why it was turned down, or on which condition it was approved.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// What lists are ordered by: the UTC start.
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
