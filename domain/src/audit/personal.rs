//! Which values of an entry are about a person, and how an entry keeps them without holding them.
//!
//! The value stands in a row of its own, with a random salt and the id of the person it is about. The entry holds
//! HMAC-SHA-256(salt; value): as long as the row is there anybody can check that it is the value of then, and once it
//! is deleted nobody can find the value out, not even by trying all names there are.

use hmac::{Hmac, Mac as _};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use uuid::Uuid;

use super::{Diff, Entry};
use crate::canonical::{canonical, hexadecimal};

/// The one place that says which members of which kind of object are about a person.
const PERSONAL: &[(&str, &[&str])] = &[
    (
        "person",
        &[
            "display_name",
            "family_name",
            "given_name",
            "honorific",
            "languages",
            "email",
            "position",
            "former_names",
            "external_ids",
        ],
    ),
    ("account", &["email", "name"]),
    ("key", &["name"]),
    ("feed", &["name"]),
    ("attendance", &["note"]),
    (
        "delegate",
        &[
            "display_name",
            "position",
            "name_on_id",
            "diet",
            "access_needs",
            "arrives_on",
            "departs_on",
            "late_reason",
            "state_reason",
        ],
    ),
];

/// The field of the network address an action came from.
pub const ADDRESS: &str = "address";

/// The field of the name the actor had.
pub const ACTOR_NAME: &str = "actor_name";

/// How long a network address is kept (90 days); then it goes without any erasure.
pub const ADDRESS_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What an entry says of a value that stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// Whom the value is about.
    pub subject: Uuid,
    /// HMAC-SHA-256 of the value's canonical JSON under the salt, in hexadecimal.
    pub hash: String,
}

/// A value beside an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Number of the entry.
    pub seq: i64,
    /// What it is there: [`ACTOR_NAME`], [`ADDRESS`], or `diff.` with the name of the member.
    pub field: String,
    /// Whom it is about; erasing that person deletes it.
    pub subject: Uuid,
    /// The salt in hexadecimal.
    pub salt: String,
    /// The value; of a member of the diff both sides.
    pub value: Value,
}

/// Random bytes a salt is made of.
pub const SALT_BYTES: usize = 32;

impl Kept {
    /// A value with a salt of `random` bytes.
    pub fn new(seq: i64, field: String, subject: Uuid, random: &[u8; SALT_BYTES], value: Value) -> Self {
        Self { seq, field, subject, salt: hexadecimal(random), value }
    }

    /// What the entry holds of it: HMAC-SHA-256(salt as it is written; canonical JSON of the value).
    pub fn commitment(&self) -> Commitment {
        let mut block = [0; 64];
        for (place, byte) in block.iter_mut().zip(self.salt.bytes()) {
            *place = byte;
        }
        let mut hash: Hmac<Sha256> = Hmac::new(&block.into());
        hash.update(canonical(&self.value).as_bytes());
        Commitment { subject: self.subject, hash: hexadecimal(&hash.finalize().into_bytes()) }
    }
}

/// Where a member of the diff stands among the values.
pub(super) fn field_of(member: &str) -> String {
    format!("{DIFF}{member}")
}

const DIFF: &str = "diff.";

/// Whether the field is a member of the diff, and not of what is known of the actor.
pub fn is_of_diff(field: &str) -> bool {
    field.starts_with(DIFF)
}

/// The diff of an entry with the values that stand beside it. In the place of one that was erased stands
/// `{"erased": true}`.
pub fn joined(entry: &Entry, beside: &[Kept]) -> Diff {
    let mut diff = entry.diff.as_object().cloned().unwrap_or_default();
    let fields = entry.personal.as_object().into_iter().flat_map(Map::keys);
    for field in fields {
        let Some(member) = field.strip_prefix(DIFF) else { continue };
        let kept = beside.iter().find(|kept| kept.field == *field);
        diff.insert(member.to_owned(), kept.map_or_else(|| json!({"erased": true}), |kept| kept.value.clone()));
    }
    diff
}

/// Whether everything an entry about a sealed group says stands beside it, like what is about a person. What
/// administrators do to a seal they tell everybody who reads the log.
pub fn stands_aside(action: &str) -> bool {
    !action.starts_with(BREAKING)
}

const BREAKING: &str = "seal.breaking_";

/// The diff of an entry for somebody who may know that something changed and not what it says.
pub fn withheld(entry: &Entry) -> Diff {
    let members = entry.diff.as_object().into_iter().flat_map(Map::keys).cloned();
    let aside = entry.personal.as_object().into_iter().flat_map(Map::keys);
    let aside = aside.filter_map(|field| field.strip_prefix(DIFF)).map(str::to_owned);
    members.chain(aside).map(|member| (member, json!({"sealed": true}))).collect()
}

/// A diff taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Members for everybody who may read the entry.
    pub plain: Diff,
    /// Members about a person, by the field they become.
    pub personal: Diff,
}

/// Takes what is about a person out of the diff of an object of this kind.
pub fn split(object_kind: &str, diff: Diff) -> Split {
    let of_kind = PERSONAL.iter().find(|(kind, _)| *kind == object_kind).map_or(&[][..], |(_, names)| *names);
    let (personal, plain): (Diff, Diff) = diff.into_iter().partition(|(name, _)| of_kind.contains(&name.as_str()));
    Split { plain, personal: aside(personal) }
}

/// The members as the fields they become beside the entry.
pub fn aside(members: Diff) -> Diff {
    members.into_iter().map(|(name, value)| (field_of(&name), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_leave_the_entry_and_nothing_else_does() {
        let diff = json!({"email": {"new": "a@example.org"}, "protected": {"new": true}});
        let split = split("person", diff.as_object().unwrap().clone());
        assert_eq!(split.personal.keys().collect::<Vec<_>>(), ["diff.email"]);
        assert_eq!(split.plain.keys().collect::<Vec<_>>(), ["protected"]);
        // The name of a group is no person's.
        let group = json!({"name": {"new": "Working group"}});
        assert!(super::split("group", group.as_object().unwrap().clone()).personal.is_empty());
    }

    #[test]
    fn a_commitment_is_an_hmac_that_other_programs_compute_too() {
        // printf '{"new":"x"}' | openssl dgst -sha256 -hmac 00112233
        let other = "5d9bfca8f38a2f7dcac5f1937564070796795a672f57868e8a860e1cef2e0b94";
        let value = json!({"new": "x"});
        let kept = Kept { seq: 1, field: "f".into(), subject: Uuid::nil(), salt: "00112233".into(), value };
        assert_eq!(kept.commitment().hash, other);
    }
}
