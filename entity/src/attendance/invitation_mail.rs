//! Table `invitation_mails`.

use sea_orm::entity::prelude::*;

/// A mail of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation_mails")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The invitation.
    pub invitation_id: Uuid,
    /// What it asked.
    #[sea_orm(column_type = "Text")]
    pub method: String,
    /// SEQUENCE.
    pub sequence: i32,
    /// When it was sent.
    pub sent_at: DateTimeUtc,
    /// What the mail server said.
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    /// Whether somebody asked for it to be sent once more.
    pub again: bool,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
