//! Table `session_plans`.

use sea_orm::entity::prelude::*;

/// What shall become of a session with the next release.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_plans")]
pub struct Model {
    /// Which session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    /// Its event.
    pub event_id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// What differs from the session; none where it shall stay as it is.
    pub planned: Option<Json>,
    /// Who may see it.
    #[sea_orm(column_type = "Text")]
    pub shown_to: String,
    /// Whom it names: nobody.
    pub audience_id: Option<Uuid>,
    /// Label of the Traffic Light Protocol.
    #[sea_orm(column_type = "Text")]
    pub tlp: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
