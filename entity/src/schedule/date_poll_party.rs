//! Table `date_poll_parties`.

use sea_orm::entity::prelude::*;

/// An organisation that is asked.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "date_poll_parties")]
pub struct Model {
    /// The poll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: Uuid,
    /// The organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Whether it does not go without it.
    pub required: bool,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
