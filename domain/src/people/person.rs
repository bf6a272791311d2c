//! What is known of a person.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FormerName, listed_as};
use crate::{
    Check, Language, Text, Violation,
    address::{self, ADDRESS},
    external::{self, ExternalId},
    former,
    identifier::Handle,
    language::{check_languages, check_line, search_key},
    moment::Moment,
};

/// A human being, known by name. May or may not have an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
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
    /// The organisation the person comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Handle>,
    /// The person's function there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Text>,
    /// Shown to others by function only, never by name: police officers, prosecutors.
    #[serde(default)]
    pub protected: bool,
    /// Names the person went by before. Left out when a name changes, the old one is added by itself; to mend a
    /// spelling mistake instead, send the names that really were, or `[]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20))]
    pub former_names: Option<Vec<FormerName>>,
    /// The person's ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

impl Person {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(check_line(&self.display_name, "/display_name", 200));
        for (pointer, value, longest) in [
            ("/family_name", &self.family_name, 200),
            ("/given_name", &self.given_name, 200),
            ("/honorific", &self.honorific, 100),
        ] {
            if let Some(value) = value {
                check.take(check_line(value, pointer, longest));
            }
        }
        if let Some(position) = &self.position {
            check.take(position.check("/position", 300));
        }
        check.take(address::check(self.email.as_deref(), "/email"));
        let before = self.former_names.as_deref().unwrap_or_default();
        check.require(before.len() <= former::MOST, "/former_names", "too_many", "Give at most 20 former names.");
        for (at, name) in before.iter().enumerate() {
            check.take(check_line(&name.display_name, &format!("/former_names/{at}/display_name"), 200));
        }
        check_languages(&self.languages, &mut check);
        external::check(&self.external_ids, &mut check);
        check.finish()
    }

    /// This person as it is to be kept when it replaces `current` at `now`. Unless the caller says otherwise in
    /// `former_names`, a name that is replaced joins them.
    pub fn succeeding(mut self, current: &Self, now: Timestamp) -> Self {
        let renamed = self.display_name != current.display_name;
        let replaced = renamed.then(|| FormerName { display_name: current.display_name.clone(), until: Moment(now) });
        self.former_names = former::kept(self.former_names, current.former_names.as_ref(), replaced);
        self
    }

    /// Names, former names and address folded for searching.
    pub fn search_key(&self) -> String {
        let former = self.former_names.iter().flatten().map(|name| name.display_name.as_str());
        let known = [&self.given_name, &self.family_name, &self.email].into_iter().filter_map(|part| part.as_deref());
        search_key(
            &std::iter::once(self.display_name.as_str()).chain(known).chain(former).collect::<Vec<_>>().join(" "),
        )
    }

    /// This as those know a person who know it by an office only: not how to reach it, and none of what it was.
    pub fn by_office(self) -> Self {
        Self { email: None, former_names: None, external_ids: vec![], ..self }
    }

    /// Whether both name the same human being alike: what an approval to come was given for.
    pub fn identified_as(&self, other: &Self) -> bool {
        let names =
            |person: &Self| [Some(person.display_name.clone()), person.family_name.clone(), person.given_name.clone()];
        names(self) == names(other)
    }

    /// What lists are ordered by: family and given name, or the name as shown.
    pub fn sort_key(&self) -> String {
        search_key(&listed_as(&self.display_name, self.family_name.as_deref(), self.given_name.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> Person {
        serde_json::from_value(serde_json::json!({"display_name": name})).unwrap()
    }

    fn at(value: &str) -> Timestamp {
        Moment::parse(value).unwrap().0
    }

    #[test]
    fn a_new_name_sends_the_old_one_to_the_past() {
        let kept = person("Anna Nowak").succeeding(&person("Anna Kowalska"), at("2021-06-01"));
        let former = kept.former_names.as_deref().unwrap();
        assert_eq!(
            (former.len(), former[0].display_name.as_str(), former[0].until.0),
            (1, "Anna Kowalska", at("2021-06-01"))
        );
        let later = person("Anna Nowak").succeeding(&kept, at("2022-01-01"));
        assert_eq!(later.former_names, kept.former_names);
    }

    #[test]
    fn a_mended_spelling_leaves_no_trace_where_the_caller_says_so() {
        let mended = Person { former_names: Some(vec![]), ..person("Anna Kowalska") };
        assert_eq!(mended.succeeding(&person("Ana Kowalska"), at("2021-06-01")).former_names, Some(vec![]));
    }

    #[test]
    fn lists_are_sorted_by_family_name_and_searched_by_every_name() {
        let person = Person {
            family_name: Some("Łęcka".into()),
            given_name: Some("Izabela".into()),
            former_names: Some(vec![FormerName { display_name: "Iza Żuk".into(), until: Moment(at("2020-01-01")) }]),
            ..person("Izabela Łęcka")
        };
        assert_eq!(person.sort_key(), "lecka izabela");
        assert!(person.search_key().contains("iza zuk"));
    }
}
