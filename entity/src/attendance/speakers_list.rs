//! Table `speakers_lists`.

use sea_orm::entity::prelude::*;

/// The speakers' list of an item of an agenda.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "speakers_lists")]
pub struct Model {
    /// Which item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agenda_item_id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// Rises by one with every write; 0 before the first. The ETag.
    pub version: i32,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// How it is run.
    pub settings: Json,
    /// How many seconds more everybody has.
    pub extra_seconds: i32,
    /// Chance, by which lots were drawn.
    #[sea_orm(column_type = "Text", nullable)]
    pub draw_seed: Option<String>,
    /// When they were.
    pub drawn_at: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
