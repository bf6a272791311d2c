//! Table `agenda_items`.

use sea_orm::entity::prelude::*;

/// An item of an agenda.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agenda_items")]
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
    /// Its session.
    pub session_id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// The item above it.
    pub parent_id: Option<Uuid>,
    /// Orders it among its siblings.
    pub rank: i32,
    /// The number it has for good, once the agenda is adopted.
    #[sea_orm(column_type = "Text", nullable)]
    pub number: Option<String>,
    /// A number given by hand.
    #[sea_orm(column_type = "Text", nullable)]
    pub manual_number: Option<String>,
    /// What it is called.
    pub title: Json,
    /// What it is for.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Who sees it.
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    /// How long it is planned to take.
    pub planned_minutes: i32,
    /// Where it stands.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// When it was dealt with.
    pub periods: Json,
    /// What has to be on the table.
    pub documents: Json,
    /// The person who introduces it.
    pub lead_person_id: Option<Uuid>,
    /// The organisation that introduces it.
    pub lead_organisation_id: Option<Uuid>,
    /// What shall come of it.
    pub expected_outcome: Option<Json>,
    /// What came of it.
    pub outcome: Option<Json>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
