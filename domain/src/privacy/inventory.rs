//! The inventory itself: every table and every column. A test compares it with the schema on both databases.
//!
//! Tables that others refer to come first: whom a row is about is found from the top down. Free text (titles, mandates,
//! clauses, reasons) is what its author makes of it; that it names people without need, no program can rule out.

use super::{
    attendance, door,
    field::{
        Blank::{False, Json, Null, Pseudonym, Text},
        Link::{Any, Mentions, Of},
        Rows::{Go, Stay},
        Table, internal, personal, public, restricted,
    },
    lists, programme,
    purposes::{ACCOUNT, ATTEMPT, AUDIT, CONTACT, IDENTITY, OFFICE, PROTECTION, REPEAT, SECRET, SIGN_IN},
    sittings, texts,
};

/// Every table of the database.
pub const INVENTORY: &[Table] = &[
    Table {
        name: "persons",
        holds: "people the secretariat works with: delegates, office holders, contact points",
        about: &[Of("id", "persons")],
        erased: Stay,
        columns: &[
            internal("id version created_at changed_at deleted_at erased_at"),
            personal(&IDENTITY, Text("(erased)"), "display_name"),
            personal(&IDENTITY, Null, "family_name given_name honorific organisation_id"),
            personal(&IDENTITY, Json("null"), "position former_names"),
            personal(&IDENTITY, Json("[]"), "languages"),
            personal(&IDENTITY, Text(""), "search_key sort_key"),
            personal(&PROTECTION, False, "protected"),
            personal(&CONTACT, Null, "email email_key"),
        ],
    },
    Table {
        name: "external_ids",
        holds: "the numbers that partner systems give to organisations, people, groups and events",
        about: &[Of("object_id", "persons")],
        erased: Go,
        columns: &[internal("kind system object_id"), personal(&IDENTITY, Null, "value")],
    },
    Table {
        name: "accounts",
        holds: "who may sign in",
        about: &[Of("person_id", "persons")],
        erased: Stay,
        columns: &[
            internal(
                "id version created_at changed_at deleted_at role organisation_id limits ends_at state \
                invited",
            ),
            personal(&ACCOUNT, Pseudonym, "person_id"),
            personal(&ACCOUNT, Text(""), "email email_key"),
            personal(&ACCOUNT, Text("(erased)"), "display_name"),
            personal(&ACCOUNT, Null, "last_signed_in_at"),
        ],
    },
    Table {
        name: "audience_members",
        holds: "whom objects name that are for a chosen few",
        about: &[Of("member_id", "persons")],
        erased: Stay,
        columns: &[internal("audience_id"), personal(&OFFICE, Pseudonym, "member_id")],
    },
    Table {
        name: "api_keys",
        holds: "keys of programs",
        about: &[Of("owner_id", "accounts")],
        erased: Stay,
        columns: &[
            internal(
                "id version created_at changed_at deleted_at prefix role scopes tlp_ceiling owner_id \
                organisation_id expires_at lineage_id",
            ),
            personal(&ACCOUNT, Text("(erased)"), "name"),
            personal(&ACCOUNT, Json("[]"), "networks"),
            personal(&ACCOUNT, Null, "last_used_at"),
            restricted(&SECRET, Text(""), "secret_hash"),
        ],
    },
    Table {
        name: "api_key_limits",
        holds: "what keys are limited to",
        about: &[Of("key_id", "api_keys")],
        erased: Stay,
        columns: &[internal("key_id kind object_id")],
    },
    Table {
        name: "identities",
        holds: "who an account is at a provider of identities",
        about: &[Of("account_id", "accounts")],
        erased: Go,
        columns: &[internal("id created_at account_id"), personal(&SIGN_IN, Null, "issuer subject")],
    },
    Table {
        name: "sign_in_sessions",
        holds: "browsers that are signed in",
        about: &[Of("account_id", "accounts")],
        erased: Go,
        columns: &[
            internal("id method account_id"),
            personal(&SIGN_IN, Null, "agent signed_in_at last_used_at expires_at"),
            restricted(&SECRET, Null, "prefix secret_hash"),
        ],
    },
    Table {
        name: "sign_in_links",
        holds: "mailed links that nobody has used yet",
        about: &[Of("account_id", "accounts")],
        erased: Go,
        columns: &[
            internal("id method account_id expires_at"),
            personal(&SIGN_IN, Null, "return_to"),
            restricted(&SECRET, Null, "prefix secret_hash browser_hash"),
        ],
    },
    Table {
        name: "account_passwords",
        holds: "passwords of emergency accounts",
        about: &[Of("account_id", "accounts")],
        erased: Go,
        columns: &[internal("account_id"), personal(&SIGN_IN, Null, "changed_at"), restricted(&SECRET, Null, "hash")],
    },
    Table {
        name: "passkeys",
        holds: "passkeys, with the public half of their keys",
        about: &[Of("account_id", "accounts")],
        erased: Go,
        columns: &[
            internal("id account_id backup_eligible"),
            personal(&ACCOUNT, Null, "name credential_id public_key sign_count created_at last_used_at"),
        ],
    },
    Table {
        name: "app_passwords",
        holds: "passwords of programs that read somebody's calendars",
        about: &[Of("account_id", "accounts")],
        erased: Go,
        columns: &[
            internal("id account_id"),
            personal(&ACCOUNT, Null, "name created_at last_used_at last_agent"),
            restricted(&SECRET, Null, "prefix secret_hash"),
        ],
    },
    Table {
        name: "passkey_challenges",
        holds: "what browsers were given for a passkey to sign, for five minutes",
        about: &[Of("account_id", "accounts")],
        erased: Go,
        columns: &[internal("account_id expires_at"), restricted(&ATTEMPT, Null, "challenge_hash browser_hash")],
    },
    Table {
        name: "provider_sign_ins",
        holds: "which sign-in came from which provider",
        about: &[Of("sign_in_id", "sign_in_sessions"), Of("identity_id", "identities")],
        erased: Go,
        columns: &[internal("sign_in_id identity_id"), personal(&SIGN_IN, Null, "sid")],
    },
    Table {
        name: "sign_in_attempts",
        holds: "sign-ins at a provider that have begun; whose is not known yet",
        about: &[],
        erased: Go,
        columns: &[
            internal("provider expires_at"),
            restricted(&ATTEMPT, Null, "state_hash browser_hash nonce verifier return_to"),
        ],
    },
    Table {
        name: "throttles",
        holds: "how often something was tried from a network or for the hash of an address",
        about: &[],
        erased: Go,
        columns: &[internal("count ends_at"), personal(&ATTEMPT, Null, "key")],
    },
    Table {
        name: "roles",
        holds: "offices that people hold in groups",
        about: &[Of("person_id", "persons")],
        erased: Stay,
        columns: &[
            internal(
                "id version created_at changed_at deleted_at group_id organisation_id function acting in_subgroups valid_from \
                valid_to sort_key",
            ),
            personal(&OFFICE, Pseudonym, "person_id"),
        ],
    },
    Table {
        name: "group_seals",
        holds: "which groups are sealed, and which administrator has asked to break a seal, with the reason",
        about: &[Of("sealed_by", "accounts"), Of("asked_by", "accounts")],
        erased: Stay,
        columns: &[internal("group_id sealed_at asked_at reason"), personal(&OFFICE, Pseudonym, "sealed_by asked_by")],
    },
    Table {
        name: "group_seal_admissions",
        holds: "who is admitted to sealed groups; whoever is erased is taken out of them",
        about: &[Of("account_id", "accounts"), Of("admitted_by", "accounts")],
        erased: Stay,
        columns: &[internal("group_id admitted_at"), personal(&OFFICE, Pseudonym, "account_id admitted_by")],
    },
    attendance::DELEGATES,
    attendance::DELEGATION_HEADS,
    attendance::WAITING_DELEGATES,
    attendance::AVAILABILITIES,
    attendance::BUSY_ADDRESSES,
    attendance::SESSION_DUTIES,
    attendance::FOLLOWS,
    attendance::MAIL_SETTINGS,
    attendance::INVITATIONS,
    attendance::INVITATION_MAILS,
    attendance::INVITATION_REPLIES,
    door::BADGES,
    door::BADGE_COLLECTIONS,
    door::CHECKS,
    sittings::CREDENTIALS,
    sittings::CREDENTIAL_DELEGATES,
    sittings::CREDENTIAL_FINDINGS,
    sittings::RULES_OF_PROCEDURE,
    attendance::ATTENDANCES,
    lists::IMPORTS,
    lists::PARTICIPANT_EDITIONS,
    lists::PARTICIPANT_ENTRIES,
    texts::CLAUSE_REVISIONS,
    texts::STATEMENT_VERSIONS,
    sittings::ATTENDANCE_MARKS,
    sittings::SPEAKERS_LISTS,
    sittings::SPEAKERS,
    sittings::ATTENDANCE_CODES,
    sittings::QUORUM_SNAPSHOTS,
    sittings::MINUTES,
    sittings::MINUTES_REVISIONS,
    sittings::CORRECTIONS,
    Table {
        name: "feeds",
        holds: "calendar subscriptions",
        about: &[Of("owner_account_id", "accounts"), Of("owner_key_id", "api_keys")],
        erased: Stay,
        columns: &[
            internal(
                "id version created_at changed_at deleted_at kind object_id detail language access alarm_minutes \
                without_cancelled without_duties without_followed owner_key_id owner_account_id former_ends_at revoked_at",
            ),
            personal(&ACCOUNT, Text("(erased)"), "name"),
            personal(&ACCOUNT, Null, "last_fetched_at last_agent"),
            restricted(&SECRET, Null, "token_id token_hash former_token_id former_token_hash"),
        ],
    },
    Table {
        name: "calendar_states",
        holds: "which entries a subscribed calendar had when a program last read it by CalDAV, for ninety days",
        about: &[Of("feed_id", "feeds")],
        erased: Go,
        columns: &[internal("feed_id tag kept_at"), personal(&ACCOUNT, Null, "entries")],
    },
    Table {
        name: "audit_entries",
        holds: "who did what; names and addresses stand in audit_values",
        about: &[Any("object_id"), Any("actor_id")],
        erased: Stay,
        columns: &[
            internal(
                "seq id position at actor_kind actor_name on_behalf_of via instance action object_kind object_id \
                event_id group_id organisation_id visibility audience_id event_audience_id \
                tlp diff personal request_id",
            ),
            personal(&AUDIT, Pseudonym, "actor_id"),
        ],
    },
    Table {
        name: "audit_values",
        holds: "what audit entries say about people",
        about: &[Any("subject")],
        erased: Go,
        columns: &[internal("entry_seq field subject"), personal(&AUDIT, Null, "value salt")],
    },
    Table {
        name: "idempotency_records",
        holds: "answers to POSTs, for their repetition",
        about: &[Mentions("principal"), Mentions("body")],
        erased: Go,
        columns: &[
            internal("key fingerprint status headers created_at expires_at"),
            personal(&REPEAT, Null, "principal body"),
        ],
    },
    Table {
        name: "jobs",
        holds: "work that waits",
        about: &[Mentions("payload")],
        erased: Go,
        columns: &[
            internal("id kind state run_at attempts lease_until fence last_error created_at"),
            personal(&REPEAT, Null, "payload"),
        ],
    },
    Table {
        name: "outbox_messages",
        holds: "messages that wait to be sent",
        about: &[Mentions("payload")],
        erased: Go,
        columns: &[internal("id topic state attempts next_at created_at"), personal(&REPEAT, Null, "payload")],
    },
    Table {
        name: "organisations",
        holds: "states, agencies and everybody else who sends delegations",
        about: &[],
        erased: Stay,
        columns: &[
            internal("id version created_at changed_at deleted_at code_key search_key sort_key"),
            public(
                "code kind alpha2 alpha3 numeric_code region subregion regional_group un_status parent_id names \
                former_names website time_zone",
            ),
        ],
    },
    Table {
        name: "groups",
        holds: "standing bodies",
        about: &[],
        erased: Stay,
        columns: &[internal(
            "id version created_at changed_at deleted_at code code_key kind name name_forms mandate parent_id \
            state visibility audience audience_id tlp amber_in_calendars languages founded_on search_key sort_key",
        )],
    },
    Table {
        name: "memberships",
        holds: "organisations in groups",
        about: &[],
        erased: Stay,
        columns: &[internal(
            "id version created_at changed_at deleted_at group_id organisation_id category voting_right \
            valid_from valid_to basis sort_key",
        )],
    },
    Table {
        name: "events",
        holds: "occasions",
        about: &[],
        erased: Stay,
        columns: &[internal(
            "id version created_at changed_at deleted_at code code_key kind title description group_id ordinal \
            host_id city country_id time_zone starts_on ends_on languages tracks state visibility audience audience_id tlp \
            sequence vevent search_key sort_key",
        )],
    },
    programme::ROOMS,
    programme::SESSIONS,
    programme::AGENDAS,
    programme::AGENDA_ITEMS,
    programme::AGENDA_EDITIONS,
    programme::ROOM_BOOKINGS,
    programme::SESSION_PLANS,
    programme::DRAFT_CHANGES,
    programme::RELEASES,
    programme::RELEASED_SESSIONS,
    programme::CLASH_SETTINGS,
    programme::PRACTICAL_ARRANGEMENTS,
    programme::CLASH_WAIVERS,
    programme::DATE_POLLS,
    programme::DATE_POLL_PARTIES,
    programme::DATE_POLL_ANSWERS,
    programme::SESSION_REQUESTS,
    programme::SESSION_REQUEST_GROUPS,
    programme::SESSION_REQUEST_PERSONS,
    programme::SESSION_REQUEST_STEPS,
    programme::GROUP_CONFLICTS,
    attendance::DELEGATIONS,
    attendance::REGISTRATIONS,
    attendance::DELEGATION_REMINDERS,
    door::DOOR_KEYS,
    door::CHECK_TYPES,
    Table {
        name: "statements",
        holds: "negotiated texts",
        about: &[],
        erased: Stay,
        columns: &[internal(
            "id version created_at changed_at deleted_at code code_key event_id session_id kind title \
            drafting_language languages state order_policy visibility audience audience_id tlp head_version adopted_on facts \
            search_key",
        )],
    },
    Table {
        name: "statement_participants",
        holds: "organisations that took part in a text",
        about: &[],
        erased: Stay,
        columns: &[internal("statement_id organisation_id")],
    },
    Table {
        name: "clauses",
        holds: "the paragraphs of texts",
        about: &[],
        erased: Stay,
        columns: &[internal(
            "id version created_at changed_at deleted_at statement_id part position state revision text \
            provenance",
        )],
    },
    Table {
        name: "revisions",
        holds: "how often what a calendar shows has changed",
        about: &[],
        erased: Stay,
        columns: &[internal("scope value changed_at")],
    },
    Table {
        name: "audit_seals",
        holds: "the seals on audit entries",
        about: &[],
        erased: Stay,
        columns: &[internal("seq mac")],
    },
    Table {
        name: "changes",
        holds: "the change feed: which object changed, not how",
        about: &[],
        erased: Stay,
        columns: &[internal(
            "seq id at kind object_kind object_id object_version event_id group_id organisation_id visibility \
            audience_id event_audience_id tlp deleted",
        )],
    },
    Table {
        name: "counters",
        holds: "the last numbers given out",
        about: &[],
        erased: Stay,
        columns: &[internal("name value")],
    },
    Table {
        name: "seaql_migrations",
        holds: "which changes of the schema were applied",
        about: &[],
        erased: Stay,
        columns: &[internal("version applied_at")],
    },
];
