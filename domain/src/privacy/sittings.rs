//! The part of the inventory that is about credentials and sittings.

use super::{
    field::{Blank::Pseudonym, Link::Of, Rows::Stay, Table, internal, personal},
    purposes::OFFICE,
};

pub(super) const CREDENTIALS: Table = Table {
    name: "credentials",
    holds: "the papers by which organisations say who speaks for them",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at delegation_id event_id kind issuer issuer_name reference issued_on \
        original_seen powers",
    )],
};

pub(super) const CREDENTIAL_DELEGATES: Table = Table {
    name: "credential_delegates",
    holds: "whom those papers name",
    about: &[Of("delegate_id", "delegates")],
    erased: Stay,
    columns: &[internal("credential_id"), personal(&OFFICE, Pseudonym, "delegate_id")],
};

pub(super) const CREDENTIAL_FINDINGS: Table = Table {
    name: "credential_findings",
    holds: "what was found of the credentials of delegations",
    about: &[],
    erased: Stay,
    columns: &[internal("id delegation_id event_id number finding session_id committee reason created_at")],
};

pub(super) const RULES_OF_PROCEDURE: Table = Table {
    name: "rules_of_procedure",
    holds: "the rules of procedure of events and groups",
    about: &[],
    erased: Stay,
    columns: &[internal("id version created_at changed_at deleted_at event_id group_id content")],
};
