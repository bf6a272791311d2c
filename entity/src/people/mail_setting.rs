//! Table `mail_settings`.

use sea_orm::entity::prelude::*;

/// Which mails somebody wants. Of whom there is no row wants all.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_settings")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// Whether invitations.
    pub invitations: bool,
    /// Whether of changes to what they only follow.
    pub followed: bool,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
