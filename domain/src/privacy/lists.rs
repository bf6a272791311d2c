//! The tables of lists of participants, those that are published and those that are taken in.

use super::{
    field::{
        Blank::{Json, Null, Pseudonym, Text},
        Link::Of,
        Rows::{Go, Stay},
        Table, internal, personal,
    },
    purposes::{IDENTITY, OFFICE},
};

/// Published lists of participants.
pub const PARTICIPANT_EDITIONS: Table = Table {
    name: "participant_editions",
    holds: "published lists of participants without their people, and who published them",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal(
            "id event_id number kind visibility audience_id tlp occasion parties delegations people published_on \
            published_at",
        ),
        personal(&OFFICE, Text("(erased)"), "published_by"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};

/// The people in them.
pub const PARTICIPANT_ENTRIES: Table = Table {
    name: "participant_entries",
    holds: "people in published lists of participants",
    about: &[Of("person_id", "persons")],
    erased: Stay,
    columns: &[
        internal("id edition_id party function"),
        personal(&OFFICE, Pseudonym, "person_id"),
        personal(&IDENTITY, Null, "name sort honorific"),
        personal(&OFFICE, Json("null"), "position"),
    ],
};

/// Imports that wait for a decision; housekeeping forgets them a day after they were sent.
pub const IMPORTS: Table = Table {
    name: "imports",
    holds: "tables of delegations and delegates that were sent, with what people need where a column says it, for a day, and who sent \
            them",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Go,
    columns: &[
        internal("id event_id kind author_id created_at expires_at committed_at"),
        personal(&OFFICE, Json("null"), "grid preview"),
    ],
};
