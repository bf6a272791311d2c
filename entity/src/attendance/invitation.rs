//! Table `invitations`.

use sea_orm::entity::prelude::*;

/// An invitation of somebody to a sitting.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Rises with every write.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// The event.
    pub event_id: Uuid,
    /// The sitting.
    pub session_id: Uuid,
    /// Who is invited.
    pub person_id: Uuid,
    /// When the sitting starts, as it was last told.
    pub starts_at: DateTimeUtc,
    /// When it is over, as it was last told.
    pub ends_at: DateTimeUtc,
    /// What the last mail asked; nothing before the first.
    #[sea_orm(column_type = "Text", nullable)]
    pub method: Option<String>,
    /// SEQUENCE of the last mail.
    pub sequence: i32,
    /// What the last mail called the sitting.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// Digest of what the last mail said of time, place, title and state.
    #[sea_orm(column_type = "Text")]
    pub said: String,
    /// Digest of who could see the sitting when that was last looked at.
    #[sea_orm(column_type = "Text")]
    pub shown: String,
    /// When the last mail was sent.
    pub sent_at: Option<DateTimeUtc>,
    /// What was answered.
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
    /// How.
    #[sea_orm(column_type = "Text", nullable)]
    pub answered_via: Option<String>,
    /// In their words.
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    /// Whom they would send instead.
    #[sea_orm(column_type = "Text", nullable)]
    pub delegated_to: Option<String>,
    /// When the last answer by mail was written, by its own word: an older one changes nothing.
    pub reply_stamp: Option<DateTimeUtc>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
