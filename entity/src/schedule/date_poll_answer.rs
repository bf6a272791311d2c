//! Table `date_poll_answers`.

use sea_orm::entity::prelude::*;

/// What an organisation answers: one set, whoever of its people wrote it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "date_poll_answers")]
pub struct Model {
    /// The poll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: Uuid,
    /// The organisation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// To each option one answer at most.
    pub answers: Json,
    /// What is to be known of all of them.
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    /// Why they were written down after the poll was closed.
    #[sea_orm(column_type = "Text", nullable)]
    pub late_reason: Option<String>,
    /// Who wrote them last, by name.
    #[sea_orm(column_type = "Text")]
    pub author: String,
    /// The account or key of whoever that was.
    pub author_id: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
