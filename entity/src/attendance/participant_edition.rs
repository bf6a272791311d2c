//! Table `participant_editions`.

use sea_orm::entity::prelude::*;

/// A published edition of the list of participants.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant_editions")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Number within the event.
    pub number: i32,
    /// What it claims to be.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Who may see it.
    #[sea_orm(column_type = "Text")]
    pub visibility: String,
    /// Which audience it names; always none.
    pub audience_id: Option<Uuid>,
    /// Label of the Traffic Light Protocol.
    #[sea_orm(column_type = "Text")]
    pub tlp: String,
    /// What its heading tells of the event.
    pub occasion: Json,
    /// The organisations, without their people.
    pub parties: Json,
    /// How many there are.
    pub delegations: i32,
    /// How many people.
    pub people: i32,
    /// The day by the calendar of the event's place.
    pub published_on: Date,
    /// When it was published.
    pub published_at: DateTimeUtc,
    /// Who published it.
    #[sea_orm(column_type = "Text")]
    pub published_by: String,
    /// The account or key of whoever published it.
    pub author_id: Option<Uuid>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
