//! Tables of attendance: delegations, those in them, and where they sat.

use super::{
    field::{
        Blank::{Json, Null, Pseudonym},
        Link::Of,
        Rows::{Go, Stay},
        Table, internal, personal, restricted, special,
    },
    purposes::{BUSY, CHOICE, NEEDS, OFFICE, TRAVEL},
};

/// Table `delegates`.
pub(super) const DELEGATES: Table = Table {
    name: "delegates",
    holds: "people in delegations",
    about: &[Of("person_id", "persons")],
    erased: Stay,
    columns: &[
        internal(
            "id version created_at changed_at deleted_at delegation_id event_id function state level participation \
            usual_capacities may_speak may_vote may_submit_text may_request_bilaterals may_see_restricted not_listed",
        ),
        personal(&OFFICE, Pseudonym, "person_id substituted_by"),
        personal(&OFFICE, Json("null"), "position"),
        personal(&OFFICE, Null, "name_on_id state_reason late_reason"),
        personal(&TRAVEL, Null, "arrives_on departs_on"),
        special(&NEEDS, Null, "diet access_needs"),
    ],
};

/// Table `delegation_heads`.
pub(super) const DELEGATION_HEADS: Table = Table {
    name: "delegation_heads",
    holds: "who leads a delegation, and from when",
    about: &[Of("delegate_id", "delegates")],
    erased: Stay,
    columns: &[internal("delegation_id valid_from"), personal(&OFFICE, Pseudonym, "delegate_id")],
};

/// Table `waiting_delegates`.
pub(super) const WAITING_DELEGATES: Table = Table {
    name: "waiting_delegates",
    holds: "who waits for a place in a delegation",
    about: &[Of("delegate_id", "delegates")],
    erased: Go,
    columns: &[internal("delegation_id participation rank offered_until"), personal(&OFFICE, Pseudonym, "delegate_id")],
};

/// Table `availabilities`.
pub(super) const AVAILABILITIES: Table = Table {
    name: "availabilities",
    holds: "when people in delegations, and delegations as a whole, can come to sessions",
    about: &[Of("delegate_id", "delegates")],
    erased: Go,
    columns: &[
        internal("id event_id delegation_id"),
        personal(&OFFICE, Pseudonym, "delegate_id"),
        personal(&TRAVEL, Null, "windows"),
    ],
};

/// Table `busy_addresses`.
pub(super) const BUSY_ADDRESSES: Table = Table {
    name: "busy_addresses",
    holds: "addresses of calendars from which it is read when people in delegations, and delegations, are busy",
    about: &[Of("availability_id", "availabilities")],
    erased: Go,
    columns: &[
        internal("availability_id event_id version changed_at turn read_at result not_read failures"),
        personal(&BUSY, Null, "host"),
        restricted(&BUSY, Null, "address"),
    ],
};

/// Table `session_duties`.
pub(super) const SESSION_DUTIES: Table = Table {
    name: "session_duties",
    holds: "what people and delegations have to do in sessions",
    about: &[Of("person_id", "persons")],
    erased: Stay,
    columns: &[
        internal(
            "id version created_at changed_at deleted_at event_id session_id delegation_id duty sitting_only answer \
             told_in",
        ),
        personal(&OFFICE, Pseudonym, "person_id"),
    ],
};

/// Table `follows`.
pub(super) const FOLLOWS: Table = Table {
    name: "follows",
    holds: "what people follow",
    about: &[Of("person_id", "persons")],
    erased: Go,
    columns: &[
        internal("id version kind"),
        personal(&CHOICE, Pseudonym, "person_id"),
        personal(&CHOICE, Null, "object_id scope created_at changed_at deleted_at"),
    ],
};

/// Table `mail_settings`.
pub(super) const MAIL_SETTINGS: Table = Table {
    name: "mail_settings",
    holds: "which mails people want",
    about: &[Of("person_id", "persons")],
    erased: Go,
    columns: &[
        internal("version"),
        personal(&CHOICE, Pseudonym, "person_id"),
        personal(&CHOICE, Null, "changed_at invitations followed"),
    ],
};

/// Table `invitations`.
pub(super) const INVITATIONS: Table = Table {
    name: "invitations",
    holds: "who is invited to which sitting by mail, and what they answered",
    about: &[Of("person_id", "persons")],
    erased: Stay,
    columns: &[
        internal(
            "id version created_at changed_at event_id session_id starts_at ends_at method sequence title said shown \
             sent_at answer answered_at answered_via reply_stamp",
        ),
        personal(&OFFICE, Pseudonym, "person_id"),
        personal(&OFFICE, Null, "comment delegated_to"),
    ],
};

/// Table `invitation_mails`.
pub(super) const INVITATION_MAILS: Table = Table {
    name: "invitation_mails",
    holds: "when which invitation was mailed",
    about: &[Of("invitation_id", "invitations")],
    erased: Stay,
    columns: &[internal("id invitation_id method sequence sent_at outcome again")],
};

/// Table `invitation_replies`.
pub(super) const INVITATION_REPLIES: Table = Table {
    name: "invitation_replies",
    holds: "answers to invitations by mail that the secretariat has to look at",
    about: &[Of("invitation_id", "invitations")],
    erased: Stay,
    columns: &[
        internal("id version created_at changed_at event_id invitation_id reason answer state"),
        personal(&OFFICE, Null, "sender attendee delegated_to comment"),
    ],
};

/// Table `attendances`.
pub(super) const ATTENDANCES: Table = Table {
    name: "attendances",
    holds: "which delegations were represented in a session, and by whom",
    about: &[Of("represented_by", "delegates")],
    erased: Stay,
    columns: &[
        internal("id version created_at changed_at deleted_at session_id delegation_id status level"),
        personal(&OFFICE, Pseudonym, "represented_by"),
        personal(&OFFICE, Null, "note"),
    ],
};

/// Table `delegations`.
pub(super) const DELEGATIONS: Table = Table {
    name: "delegations",
    holds: "organisations at events",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at event_id organisation_id category state \
        invitation_reference invitation_email reply_due quota_in_person quota_online quota_overflow late_reason",
    )],
};

/// Table `registrations`.
pub(super) const REGISTRATIONS: Table = Table {
    name: "registrations",
    holds: "what events ask of those who come",
    about: &[],
    erased: Stay,
    columns: &[internal(
        "id version created_at changed_at deleted_at event_id nominate_by confirm_by quota_in_person quota_online \
        quota_overflow offer_hours remind_days_before",
    )],
};

/// Table `delegation_reminders`.
pub(super) const DELEGATION_REMINDERS: Table = Table {
    name: "delegation_reminders",
    holds: "which delegations were reminded of which deadline",
    about: &[],
    erased: Stay,
    columns: &[internal("id delegation_id about deadline days_before sent_at recipients")],
};
