//! Table `invitation_replies`.

use sea_orm::entity::prelude::*;

/// An answer to an invitation that the secretariat has to look at.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation_replies")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Rises with every write.
    pub version: i32,
    /// When it came.
    pub created_at: DateTimeUtc,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// The event.
    pub event_id: Uuid,
    /// The invitation whose address it came to.
    pub invitation_id: Uuid,
    /// Why it was not simply taken.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Who sent it, by its own word.
    #[sea_orm(column_type = "Text", nullable)]
    pub sender: Option<String>,
    /// Whom it answers for.
    #[sea_orm(column_type = "Text", nullable)]
    pub attendee: Option<String>,
    /// What it answers.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    /// Who should come instead.
    #[sea_orm(column_type = "Text", nullable)]
    pub delegated_to: Option<String>,
    /// In their words.
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    /// What became of it.
    #[sea_orm(column_type = "Text")]
    pub state: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
