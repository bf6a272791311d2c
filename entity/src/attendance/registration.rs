//! Table `registrations`.

use sea_orm::entity::prelude::*;

/// What an event asks of those who come.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registrations")]
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
    /// Never set: what an event asks ends with the event.
    pub deleted_at: Option<DateTimeUtc>,
    /// The event.
    #[sea_orm(unique)]
    pub event_id: Uuid,
    /// The last day on which organisations name delegates.
    pub nominate_by: Option<Date>,
    /// The last day on which they can with a reason.
    pub confirm_by: Option<Date>,
    /// Places in the room for each delegation.
    pub quota_in_person: Option<i32>,
    /// Places online.
    pub quota_online: Option<i32>,
    /// Places in the overflow room.
    pub quota_overflow: Option<i32>,
    /// How long a free place is held for the next in line, in hours.
    pub offer_hours: i32,
    /// Days before a deadline on which those are reminded who have not met it.
    pub remind_days_before: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
