//! Table `calendar_states`.

use sea_orm::entity::prelude::*;

/// What a calendar held when a client synchronised.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_states")]
pub struct Model {
    /// The feed that is the calendar.
    #[sea_orm(primary_key, auto_increment = false)]
    pub feed_id: Uuid,
    /// The tag of the feed at that time, which the client holds.
    #[sea_orm(primary_key, auto_increment = false)]
    #[sea_orm(column_type = "Text")]
    pub tag: String,
    /// When it was kept.
    pub kept_at: DateTimeUtc,
    /// Its entries: a digest of each by its name.
    pub entries: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
