//! Table `delegations`.

use sea_orm::entity::prelude::*;

/// One organisation at one event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegations")]
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
    /// Organisation id.
    pub organisation_id: Uuid,
    /// Category.
    #[sea_orm(column_type = "Text")]
    pub category: String,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Invitation reference.
    #[sea_orm(column_type = "Text", nullable)]
    pub invitation_reference: Option<String>,
    /// The address of the office to which the invitation was sent.
    #[sea_orm(column_type = "Text", nullable)]
    pub invitation_email: Option<String>,
    /// The last day on which a reply is expected, by the calendar of the event's place.
    pub reply_due: Option<Date>,
    /// Places in the room; none where the event's number holds.
    pub quota_in_person: Option<i32>,
    /// Places online.
    pub quota_online: Option<i32>,
    /// Places in the overflow room.
    pub quota_overflow: Option<i32>,
    /// Why its answer or its delegates came late.
    #[sea_orm(column_type = "Text", nullable)]
    pub late_reason: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
