//! The part of the inventory that is about doors.

use super::{
    field::{
        Blank::{Null, Pseudonym},
        Link::Of,
        Rows::Stay,
        Table, internal, personal, restricted,
    },
    purposes::{BADGE, MOVEMENT, OFFICE},
};

pub(super) const BADGES: Table = Table {
    name: "badges",
    holds: "badges of delegates, by the hash of what their code says",
    about: &[Of("delegate_id", "delegates")],
    erased: Stay,
    columns: &[
        internal("id version created_at changed_at deleted_at event_id serial printing zones state collection_id"),
        personal(&OFFICE, Pseudonym, "delegate_id"),
        restricted(&BADGE, Null, "token_hash"),
    ],
};

pub(super) const BADGE_COLLECTIONS: Table = Table {
    name: "badge_collections",
    holds: "who picked up which badges for a delegation, and when",
    about: &[Of("collected_by", "delegates")],
    erased: Stay,
    columns: &[internal("id event_id delegation_id collected_at"), personal(&OFFICE, Pseudonym, "collected_by")],
};

pub(super) const CHECKS: Table = Table {
    name: "checks",
    holds: "every scan of a badge at a door, and what was said",
    about: &[Of("delegate_id", "delegates"), Of("badge_id", "badges")],
    erased: Stay,
    columns: &[
        internal(
            "id event_id check_type_id number direction result told passed forced conflict device_id device nonce \
            scanned_at happened_at received_at",
        ),
        personal(&MOVEMENT, Null, "delegate_id badge_id"),
    ],
};

pub(super) const DOOR_KEYS: Table = Table {
    name: "door_keys",
    holds: "the public keys by which badges of an event are checked",
    about: &[],
    erased: Stay,
    columns: &[internal("event_id public_key created_at")],
};

pub(super) const CHECK_TYPES: Table = Table {
    name: "check_types",
    holds: "what is checked at doors",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at event_id name rule zone session_id categories opens_local closes_local",
    )],
};
