//! Of the programme: rooms, sessions, drafts and releases.

use super::{
    field::{
        Blank::{Pseudonym, Text},
        Link::Of,
        Rows::{Go, Stay},
        Table, internal, personal,
    },
    purposes::OFFICE,
};

pub(super) const ROOMS: Table = Table {
    name: "rooms",
    holds: "rooms in venues",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at code code_key name venue public_label position capacity \
        layouts zone floor time_zone opening_hours needs_approval shared owner_group_id features search_key sort_key",
    )],
};

pub(super) const SESSIONS: Table = Table {
    name: "sessions",
    holds: "sittings, with their calendar entries, which name nobody",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at event_id number kind title description track group_id \
        joint_groups joint_groups_id sitting_of room_id starts_local ends_local starts_at ends_at languages requirements state announced \
        cancel_reason visibility shown_to audience audience_id tlp sequence vevent \
        restricted_vevent search_key sort_key",
    )],
};

pub(super) const ROOM_BOOKINGS: Table = Table {
    name: "room_bookings",
    holds: "for which office or event rooms are kept or closed, and why",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at room_id event_id session_id kind state starts_local ends_local \
        starts_at ends_at time_zone expires_at booked_for reason note sort_key",
    )],
};

pub(super) const SESSION_PLANS: Table = Table {
    name: "session_plans",
    holds: "what shall become of sessions with the next release",
    about: &[],
    erased: Stay,
    columns: &[internal("session_id event_id version changed_at planned shown_to audience_id tlp")],
};

pub(super) const DRAFT_CHANGES: Table = Table {
    name: "draft_changes",
    holds: "what was changed of a programme since its last release",
    about: &[],
    erased: Stay,
    columns: &[internal("event_id number steps")],
};

pub(super) const RELEASES: Table = Table {
    name: "releases",
    holds: "programmes as they were released",
    about: &[],
    erased: Stay,
    columns: &[internal("id event_id number name name_key comment created_at")],
};

pub(super) const RELEASED_SESSIONS: Table = Table {
    name: "released_sessions",
    holds: "sessions as releases have them, which name nobody",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id event_id session_id from_release to_release novelty number details state cancel_reason sequence \
        starts_local ends_local starts_at ends_at time_zone location shown_to audience_id tlp sort_key",
    )],
};

pub(super) const CLASH_SETTINGS: Table = Table {
    name: "clash_settings",
    holds: "how grave clashes are at an event",
    about: &[],
    erased: Stay,
    columns: &[internal("event_id version changed_at settings")],
};

pub(super) const PRACTICAL_ARRANGEMENTS: Table = Table {
    name: "practical_arrangements",
    holds: "what the host of an event arranges: hours, days off, times kept free, ways, teams of interpreters",
    about: &[],
    erased: Stay,
    columns: &[internal("event_id version changed_at arrangements")],
};

pub(super) const CLASH_WAIVERS: Table = Table {
    name: "clash_waivers",
    holds: "clashes that somebody has taken upon themselves, and why",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal("id version created_at changed_at deleted_at event_id fingerprint reason until_at"),
        personal(&OFFICE, Text("(erased)"), "author"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};

pub(super) const DATE_POLLS: Table = Table {
    name: "date_polls",
    holds: "polls among organisations about when to meet",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at event_id group_id title description time_zone options quorum \
        closes_local closes_at answers_hidden state cancel_reason chosen_option note session_id",
    )],
};

pub(super) const DATE_POLL_PARTIES: Table = Table {
    name: "date_poll_parties",
    holds: "which organisations those polls ask",
    about: &[],
    erased: Stay,
    columns: &[internal("poll_id organisation_id required")],
};

pub(super) const DATE_POLL_ANSWERS: Table = Table {
    name: "date_poll_answers",
    holds: "what organisations answer to those polls, and who wrote it",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal("poll_id organisation_id version changed_at answers comment late_reason"),
        personal(&OFFICE, Text("(erased)"), "author"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};

pub(super) const SESSION_REQUESTS: Table = Table {
    name: "session_requests",
    holds: "sessions that groups ask for",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at event_id group_id stage since_at note session_id details",
    )],
};

pub(super) const SESSION_REQUEST_GROUPS: Table = Table {
    name: "session_request_groups",
    holds: "which groups sessions are asked for",
    about: &[],
    erased: Stay,
    columns: &[internal("request_id group_id")],
};

pub(super) const SESSION_REQUEST_PERSONS: Table = Table {
    name: "session_request_persons",
    holds: "persons without whom a session that is asked for cannot sit",
    about: &[Of("person_id", "persons")],
    erased: Go,
    columns: &[internal("request_id"), personal(&OFFICE, Pseudonym, "person_id")],
};

pub(super) const SESSION_REQUEST_STEPS: Table = Table {
    name: "session_request_steps",
    holds: "who took requests for sessions which step, and what was said with it",
    about: &[Of("author_id", "accounts"), Of("author_id", "api_keys")],
    erased: Stay,
    columns: &[
        internal("id request_id number created_at stage note session_id"),
        personal(&OFFICE, Text("(erased)"), "author"),
        personal(&OFFICE, Pseudonym, "author_id"),
    ],
};

pub(super) const GROUP_CONFLICTS: Table = Table {
    name: "group_conflicts",
    holds: "with which groups groups do not want to sit at the same time",
    about: &[],
    erased: Stay,
    columns: &[internal("group_id version changed_at conflicts")],
};

pub(super) const AGENDAS: Table = Table {
    name: "agendas",
    holds: "how agendas are numbered, and when they were adopted",
    about: &[],
    erased: Stay,
    columns: &[internal("session_id event_id version changed_at style prefix adopted_at")],
};

pub(super) const AGENDA_ITEMS: Table = Table {
    name: "agenda_items",
    holds: "items of agendas, and who introduces them",
    about: &[Of("lead_person_id", "persons")],
    erased: Stay,
    columns: &[
        internal(
            "id version created_at changed_at deleted_at session_id event_id parent_id rank number manual_number title \
            kind visibility planned_minutes state periods documents lead_organisation_id expected_outcome outcome",
        ),
        personal(&OFFICE, Pseudonym, "lead_person_id"),
    ],
};

pub(super) const AGENDA_EDITIONS: Table = Table {
    name: "agenda_editions",
    holds: "agendas as they were circulated and adopted",
    about: &[],
    erased: Stay,
    columns: &[internal("id session_id event_id number kind note items created_at")],
};
