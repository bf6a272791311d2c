//! Table `group_seals`.

use sea_orm::entity::prelude::*;

/// The seal on a group, and the request to break it, if one is running.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_seals")]
pub struct Model {
    /// The group.
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    /// The account of whoever sealed it.
    pub sealed_by: Uuid,
    /// When it was sealed.
    pub sealed_at: DateTimeUtc,
    /// The account of the administrator who asked for it to be broken.
    pub asked_by: Option<Uuid>,
    /// When that was asked.
    pub asked_at: Option<DateTimeUtc>,
    /// Why it was asked.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
