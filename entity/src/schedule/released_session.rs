//! Table `released_sessions`.

use sea_orm::entity::prelude::*;

/// A session as it stood from one release on, up to the one that said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "released_sessions")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// Which session.
    pub session_id: Uuid,
    /// Number of the first release that has it so.
    pub from_release: i32,
    /// Number of the first release that no longer has it so; none while the last one does.
    pub to_release: Option<i32>,
    /// What the first release did to it.
    #[sea_orm(column_type = "Text")]
    pub novelty: String,
    /// Human number within the event.
    pub number: i32,
    /// What was said of it.
    pub details: Json,
    /// Where it stood in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Why it was cancelled.
    #[sea_orm(column_type = "Text", nullable)]
    pub cancel_reason: Option<String>,
    /// SEQUENCE of RFC 5545, 3.8.7.4.
    pub sequence: i32,
    /// Wall-clock time in the zone of the event as it was.
    pub starts_local: Option<DateTime>,
    /// Ends local.
    pub ends_local: Option<DateTime>,
    /// The instant of the start.
    pub starts_at: Option<DateTimeUtc>,
    /// Ends at.
    pub ends_at: Option<DateTimeUtc>,
    /// The zone of the event as it was.
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    /// Its place as calendars showed it.
    #[sea_orm(column_type = "Text", nullable)]
    pub location: Option<String>,
    /// Who might see it.
    #[sea_orm(column_type = "Text")]
    pub shown_to: String,
    /// Which audience it named.
    pub audience_id: Option<Uuid>,
    /// Label of the Traffic Light Protocol.
    #[sea_orm(column_type = "Text")]
    pub tlp: String,
    /// What lists are ordered by.
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
