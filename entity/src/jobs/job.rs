//! Table `jobs`.

use sea_orm::entity::prelude::*;

/// Work to be done in the background.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Which kind it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Payload.
    pub payload: Json,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Run at.
    pub run_at: DateTimeUtc,
    /// Attempts.
    pub attempts: i32,
    /// Lease until.
    pub lease_until: Option<DateTimeUtc>,
    /// Rises with every lease; a late worker is told apart by it.
    pub fence: i64,
    /// Last error.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
