//! Somebody whom a delegation brings and whom nobody knows here yet.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Person;
use crate::{
    Check, Language, Violation,
    address::ADDRESS,
    identifier::{Handle, OrganisationId},
};

/// Somebody who is named to a delegation and is not among the persons yet. They come from the organisation of the
/// delegation; ids in partner systems are given by the secretariat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Newcomer {
    /// The name as it is shown.
    #[schemars(length(min = 1, max = 200))]
    pub display_name: String,
    /// Family name; what lists are sorted by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub family_name: Option<String>,
    /// Given names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 200))]
    pub given_name: Option<String>,
    /// How the person is addressed: `H.E.`, `Dr`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 100))]
    pub honorific: Option<String>,
    /// Languages the person works in, best first.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub languages: Vec<Language>,
    /// Where to write to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 254), regex(pattern = ADDRESS))]
    pub email: Option<String>,
    /// Shown to others by function only, never by name: police officers, prosecutors.
    #[serde(default)]
    pub protected: bool,
}

/// Who is named to a delegation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// A person there is.
    Known(&'a Handle),
    /// Somebody new.
    New(&'a Newcomer),
}

impl Newcomer {
    /// The person they become, who comes from this organisation.
    pub fn of(&self, organisation: OrganisationId) -> Person {
        Person {
            display_name: self.display_name.clone(),
            family_name: self.family_name.clone(),
            given_name: self.given_name.clone(),
            honorific: self.honorific.clone(),
            languages: self.languages.clone(),
            email: self.email.clone(),
            organisation_id: Some(Handle::Id(organisation.0)),
            position: None,
            protected: self.protected,
            former_names: None,
            external_ids: vec![],
        }
    }

    /// Everything that is wrong with it, where it stands at `/person`.
    fn check(&self) -> Result<(), Vec<Violation>> {
        let below = |fault: Violation| Violation { pointer: format!("/person{}", fault.pointer), ..fault };
        let person = self.of(OrganisationId(uuid::Uuid::nil()));
        person.check().map_err(|faults| faults.into_iter().map(below).collect())
    }
}

impl<'a> Named<'a> {
    /// The one of the two that was given, members `person_id` and `person` of a body; an error at the pointer where it is
    /// none or both, or where something is wrong with the newcomer.
    pub fn one_of(known: Option<&'a Handle>, new: Option<&'a Newcomer>) -> Result<Self, Vec<Violation>> {
        let fault = |pointer: &str, code, detail: &str| Err(vec![Violation::new(pointer, code, detail)]);
        match (known, new) {
            (Some(known), None) => Ok(Self::Known(known)),
            (None, Some(new)) => new.check().map(|()| Self::New(new)),
            (None, None) => {
                fault("/person_id", "person_missing", "Name a person by person_id, or say in person who is new.")
            }
            (Some(_), Some(_)) => {
                fault("/person", "person_twice", "Give either person_id or person: one of them names the delegate.")
            }
        }
    }
}

impl Person {
    /// Refuses what an organisation may not say of its own people, be it right or wrong: where they come from, by what ids
    /// partner systems know them, what they were called in the past, and that they need no protection any more. A name that
    /// changes joins the former names by itself.
    pub fn check_corrects(&self, current: &Self) -> Result<(), Vec<Violation>> {
        let ids = |person: &Self| {
            let mut ids = person.external_ids.clone();
            ids.sort();
            ids
        };
        let past = self.former_names.as_deref().unwrap_or_default();
        let same = past == current.former_names.as_deref().unwrap_or_default() || self.former_names.is_none();
        let detail = "Only the secretariat changes this. Leave it as it is.";
        let mut check = Check::new();
        check
            .require(self.organisation_id == current.organisation_id, "/organisation_id", "cannot_change", detail)
            .require(ids(self) == ids(current), "/external_ids", "cannot_change", detail)
            .require(same, "/former_names", "cannot_change", detail)
            .require(self.protected || !current.protected, "/protected", "cannot_change", detail);
        check.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::external::ExternalId;
    use serde_json::json;
    use uuid::Uuid;

    fn newcomer(email: Option<&str>) -> Newcomer {
        serde_json::from_value(json!({"display_name": "Ola Nowa", "email": email})).unwrap()
    }

    fn codes(faults: Result<(), Vec<Violation>>) -> Vec<String> {
        faults.err().into_iter().flatten().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn somebody_is_named_in_one_way_and_not_in_two() {
        let (known, new) = (Handle::Id(Uuid::nil()), newcomer(None));
        let named = |known, new| Named::one_of(known, new).map(|_| ());
        assert_eq!(Named::one_of(Some(&known), None), Ok(Named::Known(&known)));
        assert_eq!(Named::one_of(None, Some(&new)), Ok(Named::New(&new)));
        assert_eq!(codes(named(None, None)), ["/person_id person_missing"]);
        assert_eq!(codes(named(Some(&known), Some(&new))), ["/person person_twice"]);
        assert_eq!(codes(named(None, Some(&newcomer(Some("nowhere"))))), ["/person/email invalid_email"]);
    }

    #[test]
    fn a_newcomer_brings_neither_another_organisation_nor_ids() {
        for member in ["organisation_id", "external_ids", "former_names"] {
            let mut sent = json!({"display_name": "Ola Nowa"});
            sent[member] = json!("PL");
            assert!(serde_json::from_value::<Newcomer>(sent).is_err(), "{member}");
        }
        let organisation = OrganisationId(Uuid::from_u128(1));
        assert_eq!(newcomer(None).of(organisation).organisation_id, Some(Handle::Id(organisation.0)));
    }

    #[test]
    fn an_organisation_mends_names_and_addresses_and_nothing_that_others_rely_on() {
        let current = newcomer(Some("ola@example.org")).of(OrganisationId(Uuid::from_u128(1)));
        let mended = Person { email: None, family_name: Some("Nowa".into()), protected: true, ..current.clone() };
        assert_eq!(mended.check_corrects(&current), Ok(()));
        let external = ExternalId { system: "registry".into(), id: "1".into() };
        let other = Person {
            organisation_id: None,
            external_ids: vec![external],
            former_names: Some(vec![crate::people::FormerName {
                display_name: "Ola Stara".into(),
                until: crate::moment::Moment(jiff::Timestamp::UNIX_EPOCH),
            }]),
            ..current.clone()
        };
        let pointers = ["/organisation_id", "/external_ids", "/former_names"];
        assert_eq!(codes(other.check_corrects(&current)), pointers.map(|at| format!("{at} cannot_change")));
        assert_eq!(codes(current.check_corrects(&mended)), ["/protected cannot_change"]);
    }
}
