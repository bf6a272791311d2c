//! Table `credential_findings`.

use sea_orm::entity::prelude::*;

/// What was found of the credentials of a delegation; never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credential_findings")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Delegation id.
    pub delegation_id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Which finding of the delegation it is, from 1.
    pub number: i32,
    /// What was found.
    #[sea_orm(column_type = "Text")]
    pub finding: String,
    /// The session that decided.
    pub session_id: Option<Uuid>,
    /// The committee that decided.
    #[sea_orm(column_type = "Text", nullable)]
    pub committee: Option<String>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
