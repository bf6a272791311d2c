//! Table `identities`.

use sea_orm::entity::prelude::*;

/// A person at a provider of identities, and the account that person is here.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identities")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The provider, as it calls itself.
    #[sea_orm(column_type = "Text")]
    pub issuer: String,
    /// What the provider calls the person, for good.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// The account.
    pub account_id: Uuid,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
