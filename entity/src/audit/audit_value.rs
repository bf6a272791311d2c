//! Table `audit_values`.

use sea_orm::entity::prelude::*;

/// A value of an audit entry that is about a person; never changed, and deleted when that person is erased.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_values")]
pub struct Model {
    /// Number of the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_seq: i64,
    /// What it is there.
    #[sea_orm(primary_key, auto_increment = false)]
    #[sea_orm(column_type = "Text")]
    pub field: String,
    /// Whom it is about.
    pub subject: Uuid,
    /// What makes its hash unguessable, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub salt: String,
    /// The value.
    pub value: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
