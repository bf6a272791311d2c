//! Table `app_passwords`.

use sea_orm::entity::prelude::*;

/// A password for one program that reads its owner's calendars.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_passwords")]
pub struct Model {
    /// Names it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// What its owner calls it.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The public part, by which it is found.
    #[sea_orm(column_type = "Text")]
    pub prefix: String,
    /// SHA-256 of the secret part, in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub secret_hash: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last used, to the hour.
    pub last_used_at: Option<DateTimeUtc>,
    /// By which program.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_agent: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
