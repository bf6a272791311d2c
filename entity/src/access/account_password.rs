//! Table `account_passwords`.

use sea_orm::entity::prelude::*;

/// The password of an emergency account, as Argon2id.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_passwords")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// In the PHC string format.
    #[sea_orm(column_type = "Text")]
    pub hash: String,
    /// When it was set.
    pub changed_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
