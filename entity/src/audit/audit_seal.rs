//! Table `audit_seals`.

use sea_orm::entity::prelude::*;

/// The seal on an audit entry, chained to the one before; append-only.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_seals")]
pub struct Model {
    /// Number of the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Its code, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub mac: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
