//! Table `busy_addresses`.

use sea_orm::entity::prelude::*;

/// The address of a calendar from which it is read when somebody is busy.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "busy_addresses")]
pub struct Model {
    /// Whose it is, and where the busy times go.
    #[sea_orm(primary_key, auto_increment = false)]
    pub availability_id: Uuid,
    /// The event, after which it is forgotten.
    pub event_id: Uuid,
    /// Rises with every address that is given or taken back.
    pub version: i32,
    /// Instant of the last such write.
    pub changed_at: DateTimeUtc,
    /// The address, encrypted; nothing once it was taken back or forgotten.
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    /// Its host.
    #[sea_orm(column_type = "Text", nullable)]
    pub host: Option<String>,
    /// The reading that is next; a job for another one has been overtaken.
    pub turn: Uuid,
    /// When it was last tried to be read.
    pub read_at: Option<DateTimeUtc>,
    /// What became of that.
    #[sea_orm(column_type = "Text", nullable)]
    pub result: Option<String>,
    /// Lines of the calendar that were not read.
    pub not_read: Json,
    /// Readings that failed since one that worked.
    pub failures: i32,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
