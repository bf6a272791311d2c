//! Table `provider_sign_ins`.

use sea_orm::entity::prelude::*;

/// A sign-in that was made at a provider of identities, who may end it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_sign_ins")]
pub struct Model {
    /// The sign-in.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sign_in_id: Uuid,
    /// By whom.
    pub identity_id: Uuid,
    /// The provider's session it began with.
    #[sea_orm(column_type = "Text", nullable)]
    pub sid: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
