//! Table `roles`.

use sea_orm::entity::prelude::*;

/// A person in a group on behalf of an organisation, from - to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
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
    /// Group id.
    pub group_id: Uuid,
    /// Person id.
    pub person_id: Uuid,
    /// Organisation id.
    pub organisation_id: Option<Uuid>,
    /// Function.
    #[sea_orm(column_type = "Text")]
    pub function: String,
    /// Acting.
    pub acting: bool,
    /// Whether it also holds in the subgroups.
    pub in_subgroups: bool,
    /// Valid from.
    pub valid_from: DateTimeUtc,
    /// First instant at which it no longer holds.
    pub valid_to: Option<DateTimeUtc>,
    /// What lists are ordered by.
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
