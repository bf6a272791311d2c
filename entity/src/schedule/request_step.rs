//! Table `session_request_steps`.

use sea_orm::entity::prelude::*;

/// A step of a request; added and never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session_request_steps")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Which request.
    pub request_id: Uuid,
    /// The version of the request that it made, by which steps are in order.
    pub number: i32,
    /// When it was taken.
    pub created_at: DateTimeUtc,
    /// How far the request got with it.
    #[sea_orm(column_type = "Text")]
    pub stage: String,
    /// What was said with it.
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    /// The session made with it.
    pub session_id: Option<Uuid>,
    /// Who, by name.
    #[sea_orm(column_type = "Text")]
    pub author: String,
    /// The account or key of whoever it was.
    pub author_id: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
