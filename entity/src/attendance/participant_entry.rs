//! Table `participant_entries`.

use sea_orm::entity::prelude::*;

/// A person in a published list of participants.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant_entries")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The edition.
    pub edition_id: Uuid,
    /// Which of the edition's organisations, counted from 0.
    pub party: i32,
    /// What the person does in the delegation.
    #[sea_orm(column_type = "Text")]
    pub function: String,
    /// The person; none of whoever was known by function only.
    pub person_id: Option<Uuid>,
    /// The name; none of whoever was known by function only.
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    /// What the person is sorted by.
    #[sea_orm(column_type = "Text", nullable)]
    pub sort: Option<String>,
    /// How the person is addressed.
    #[sea_orm(column_type = "Text", nullable)]
    pub honorific: Option<String>,
    /// The office held at home.
    pub position: Json,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
