//! Table `delegates`.

use sea_orm::entity::prelude::*;

/// A person in a delegation, with a function.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegates")]
pub struct Model {
    /// Part of the primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Rises by one with every write; the ETag.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last written.
    pub changed_at: DateTimeUtc,
    /// Set when the object was deleted; it then is a tombstone.
    pub deleted_at: Option<DateTimeUtc>,
    /// Delegation id.
    pub delegation_id: Uuid,
    /// Event id.
    pub event_id: Uuid,
    /// Person id.
    pub person_id: Uuid,
    /// Function.
    #[sea_orm(column_type = "Text")]
    pub function: String,
    /// Position.
    pub position: Json,
    /// Where it stands in its life.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// Why it stands there.
    #[sea_orm(column_type = "Text", nullable)]
    pub state_reason: Option<String>,
    /// Who comes instead.
    pub substituted_by: Option<Uuid>,
    /// The rank of representation.
    #[sea_orm(column_type = "Text", nullable)]
    pub level: Option<String>,
    /// How the person takes part.
    #[sea_orm(column_type = "Text")]
    pub participation: String,
    /// Whether the capacities are those usual for the function.
    pub usual_capacities: bool,
    /// May take the floor.
    pub may_speak: bool,
    /// May vote, and counts for the quorum.
    pub may_vote: bool,
    /// May hand in texts.
    pub may_submit_text: bool,
    /// May ask for bilateral meetings.
    pub may_request_bilaterals: bool,
    /// May see what is for members only.
    pub may_see_restricted: bool,
    /// The name in the document shown at the gate.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_on_id: Option<String>,
    /// What the person eats.
    #[sea_orm(column_type = "Text", nullable)]
    pub diet: Option<String>,
    /// What the person needs to take part.
    #[sea_orm(column_type = "Text", nullable)]
    pub access_needs: Option<String>,
    /// The day of arrival.
    pub arrives_on: Option<Date>,
    /// The day of departure.
    pub departs_on: Option<Date>,
    /// Whether the list of participants leaves the person out.
    pub not_listed: bool,
    /// Why the person was named late.
    #[sea_orm(column_type = "Text", nullable)]
    pub late_reason: Option<String>,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
