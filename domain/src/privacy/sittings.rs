//! The part of the inventory that is about credentials and sittings.

use super::{
    field::{
        Blank::{Pseudonym, Text},
        Link::Of,
        Rows::Stay,
        Table, internal, personal,
    },
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

pub(super) const ATTENDANCE_MARKS: Table = Table {
    name: "attendance_marks",
    holds: "who or what said of whom that they were in a session",
    about: &[Of("delegate_id", "delegates"), Of("represented_by", "delegates")],
    erased: Stay,
    columns: &[
        internal("id session_id number delegation_id status source at level created_at"),
        personal(&OFFICE, Pseudonym, "delegate_id represented_by"),
    ],
};

pub(super) const SPEAKERS_LISTS: Table = Table {
    name: "speakers_lists",
    holds: "how speakers' lists are run",
    about: &[],
    erased: Stay,
    columns: &[internal("agenda_item_id event_id version changed_at settings extra_seconds draw_seed drawn_at")],
};

pub(super) const SPEAKERS: Table = Table {
    name: "speakers",
    holds: "which delegations had the floor when, and who of them spoke",
    about: &[Of("delegate_id", "delegates")],
    erased: Stay,
    columns: &[
        internal(
            "id version created_at changed_at deleted_at agenda_item_id event_id delegation_id kind level group_id \
            on_behalf_of state rank lot periods interrupted_by",
        ),
        personal(&OFFICE, Pseudonym, "delegate_id"),
    ],
};

pub(super) const ATTENDANCE_CODES: Table = Table {
    name: "attendance_codes",
    holds: "the codes shown on the screens of sessions",
    about: &[],
    erased: Stay,
    columns: &[internal("session_id code opens_at closes_at")],
};

pub(super) const QUORUM_SNAPSHOTS: Table = Table {
    name: "quorum_snapshots",
    holds: "quorums as they were counted, and who had them counted",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal("id session_id number at rule entitled present required reached reason"),
        personal(&OFFICE, Text("(erased)"), "taken_by"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};

pub(super) const MINUTES: Table = Table {
    name: "minutes",
    holds: "minutes of sessions, and where they stand",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at session_id event_id state language revision circulated_at \
        corrections_until adopted_in",
    )],
};

pub(super) const MINUTES_REVISIONS: Table = Table {
    name: "minutes_revisions",
    holds: "what minutes said, which names those present for the record, and who wrote it",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal("id minutes_id number content created_at"),
        personal(&OFFICE, Text("(erased)"), "created_by"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};

pub(super) const CORRECTIONS: Table = Table {
    name: "corrections",
    holds: "what delegations would have corrected in minutes",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at minutes_id session_id event_id delegation_id part text state answer",
    )],
};
