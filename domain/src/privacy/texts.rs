//! The tables of what texts once said.

use super::{
    field::{
        Blank::{Pseudonym, Text},
        Link::Of,
        Rows::Stay,
        Table, internal, personal,
    },
    purposes::OFFICE,
};

/// What clauses once said.
pub const CLAUSE_REVISIONS: Table = Table {
    name: "clause_revisions",
    holds: "what a clause once said, and who wrote it",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal("id clause_id statement_id revision text provenance reason sha256 created_at"),
        personal(&OFFICE, Text("(erased)"), "author"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};

/// Frozen texts.
pub const STATEMENT_VERSIONS: Table = Table {
    name: "statement_versions",
    holds: "frozen texts, and who froze them",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal("id statement_id number label content sha256 comment created_at"),
        personal(&OFFICE, Text("(erased)"), "created_by"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};
