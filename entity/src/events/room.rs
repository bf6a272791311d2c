//! Table `rooms`.

use sea_orm::entity::prelude::*;

/// A room in a venue.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rooms")]
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
    /// Its name.
    pub name: Json,
    /// Venue.
    pub venue: Json,
    /// Neutral label for the door and for those who may not know more.
    pub public_label: Json,
    /// Persons at most.
    pub capacity: Option<i32>,
    /// Persons by layout.
    pub layouts: Json,
    /// Part of the venue.
    #[sea_orm(column_type = "Text", nullable)]
    pub zone: Option<String>,
    /// Floor; 0 is the ground floor.
    pub floor: Option<i32>,
    /// Latitude and longitude.
    #[sea_orm(column_type = "Text", nullable)]
    pub position: Option<String>,
    /// IANA name of its zone.
    #[sea_orm(column_type = "Text", nullable)]
    pub time_zone: Option<String>,
    /// Windows of the week.
    pub opening_hours: Json,
    /// Whether its use has to be approved.
    pub needs_approval: bool,
    /// Whether several sessions may use it at once.
    pub shared: bool,
    /// The group whose chairs decide who gets it.
    pub owner_group_id: Option<Uuid>,
    /// Features.
    pub features: Json,
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
