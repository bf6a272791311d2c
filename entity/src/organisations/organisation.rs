//! Table `organisations`.

use sea_orm::entity::prelude::*;

/// A state, agency, police service, IGO, NGO, company or university.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisations")]
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
    /// Unique short name: ISO 3166-1 alpha-2 for a state, an acronym for others.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// The code folded for comparison.
    #[sea_orm(column_type = "Text")]
    pub code_key: String,
    /// Which kind it is.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// ISO 3166-1 alpha-2.
    #[sea_orm(column_type = "Text", nullable)]
    pub alpha2: Option<String>,
    /// ISO 3166-1 alpha-3.
    #[sea_orm(column_type = "Text", nullable)]
    pub alpha3: Option<String>,
    /// UN M49 code.
    #[sea_orm(column_type = "Text", nullable)]
    pub numeric_code: Option<String>,
    /// UN M49 region.
    #[sea_orm(column_type = "Text", nullable)]
    pub region: Option<String>,
    /// UN M49 subregion.
    #[sea_orm(column_type = "Text", nullable)]
    pub subregion: Option<String>,
    /// UN regional group.
    #[sea_orm(column_type = "Text", nullable)]
    pub regional_group: Option<String>,
    /// member or observer.
    #[sea_orm(column_type = "Text", nullable)]
    pub un_status: Option<String>,
    /// What it was called before, each with the instant until which it was.
    pub former_names: Json,
    /// The organisation this one is part of.
    pub parent_id: Option<Uuid>,
    /// Names per language and form.
    pub names: Json,
    /// Website.
    #[sea_orm(column_type = "Text", nullable)]
    pub website: Option<String>,
    /// IANA name of the time zone at its seat.
    #[sea_orm(column_type = "Text", nullable)]
    pub time_zone: Option<String>,
    /// All names folded for searching.
    #[sea_orm(column_type = "Text")]
    pub search_key: String,
    /// What lists are ordered by.
    #[sea_orm(column_type = "Text")]
    pub sort_key: String,
}

/// No relations: stores join by name, so that entities stay acyclic.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
