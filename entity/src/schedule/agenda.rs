//! Table `agendas`.

use sea_orm::entity::prelude::*;

/// What is said of the agenda of a session as a whole.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agendas")]
pub struct Model {
    /// Which session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// Rises by one with every write; 0 before the first. The ETag.
    pub version: i32,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// How items at the top are counted.
    #[sea_orm(column_type = "Text")]
    pub style: String,
    /// What comes before their numbers.
    #[sea_orm(column_type = "Text", nullable)]
    pub prefix: Option<String>,
    /// When it was first adopted.
    pub adopted_at: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
