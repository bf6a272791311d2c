//! Whom a row names, and who of those there are that is.

use std::collections::HashMap;

use super::{
    KnownOrganisation, delegates::KnownPerson, delegates::Who, external_ids, grid::Grid, table::Row, table::header,
};
use crate::{
    Language,
    external::ExternalId,
    identifier::{Handle, OrganisationId},
    language::search_key,
    people::{Newcomer, Person, listed_as},
};

/// By what the persons of a grid are to be looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Ids in partner systems.
    pub external_ids: Vec<ExternalId>,
    /// Addresses, in lower case.
    pub emails: Vec<String>,
    /// Names as lists are sorted by them.
    pub sort_keys: Vec<String>,
}

/// Whom the rows of a grid name.
pub fn wanted(grid: &Grid, main: &Language) -> Wanted {
    let (header, _) = header(grid, super::delegates::COLUMNS, Some("position"), main);
    let mut wanted = Wanted::default();
    for mut row in Row::all(grid, &header) {
        let named = Named::read(&mut row);
        wanted.external_ids.extend(named.external_ids);
        wanted.emails.extend(named.email.map(|email| email.to_lowercase()));
        wanted.sort_keys.extend(named.keys);
    }
    wanted
}

/// Whom a row names.
#[derive(Debug, Default)]
pub struct Named {
    external_ids: Vec<ExternalId>,
    email: Option<String>,
    family: Option<String>,
    given: Option<String>,
    display: Option<String>,
    honorific: Option<String>,
    languages: Vec<Language>,
    protected: bool,
    /// What the person may be sorted by.
    keys: Vec<String>,
}

impl Named {
    /// What the row says of who it is.
    pub fn read(row: &mut Row<'_>) -> Self {
        let (external_ids, languages) = (external_ids(row, "external_id"), languages(row));
        let mut text = |column| row.text(column).some();
        let (email, family, given) = (text("email"), text("family_name"), text("given_name"));
        let (display, honorific) = (text("display_name"), text("honorific"));
        let protected = row.truth("protected", false);
        let parts = || given.iter().chain(&family).cloned().collect::<Vec<_>>().join(" ");
        let display = display.or_else(|| Some(parts()).filter(|name| !name.is_empty()));
        let mut keys = vec![];
        if let Some(name) = &display {
            keys.push(search_key(&listed_as(name, family.as_deref(), given.as_deref())));
            keys.push(search_key(name));
        }
        keys.dedup();
        Self { external_ids, email, family, given, display, honorific, languages, protected, keys }
    }

    /// The name to call the row by.
    pub fn about(&self) -> String {
        self.display.clone().or_else(|| self.email.clone()).unwrap_or_default()
    }

    /// What tells this one from others in the same table.
    pub fn key(&self) -> String {
        let external = self.external_ids.first().map(|id| format!("{}:{}", id.system, id.id));
        let key = external.or_else(|| self.email.as_ref().map(|email| email.to_lowercase()));
        key.or_else(|| self.keys.first().cloned()).unwrap_or_default()
    }

    /// The column the row names somebody in.
    pub fn column(&self, row: &Row<'_>) -> &'static str {
        if self.family.is_none() && self.display.is_some() {
            return row.first(["display_name", "given_name", "email"]);
        }
        row.first(["family_name", "display_name", "email"])
    }
}

/// The persons who may be meant, by all that a row may call them.
#[derive(Debug, Default)]
pub struct People<'a> {
    by_external: HashMap<&'a ExternalId, &'a KnownPerson>,
    by_email: HashMap<&'a str, Vec<&'a KnownPerson>>,
    by_name: HashMap<(OrganisationId, &'a str), Vec<&'a KnownPerson>>,
    /// Whether persons may be added, and whether with ids in partner systems.
    adds: (bool, bool),
}

impl<'a> People<'a> {
    /// These. `adds` says whether others may be added, and whether with ids in partner systems.
    pub fn new(all: &'a [KnownPerson], adds: (bool, bool)) -> Self {
        let mut people = Self { adds, ..Self::default() };
        for person in all {
            for external in &person.external_ids {
                people.by_external.entry(external).or_insert(person);
            }
            if let Some(email) = &person.email {
                people.by_email.entry(email).or_default().push(person);
            }
            if let Some(organisation) = person.organisation {
                people.by_name.entry((organisation, &person.sort_key)).or_default().push(person);
            }
        }
        people
    }

    /// Who is meant: by the id in a partner system, then the address, then name and organisation together.
    pub fn meant(&self, row: &mut Row<'_>, named: &Named, organisation: &KnownOrganisation) -> Option<Who> {
        let mut by_external: Vec<_> = named.external_ids.iter().filter_map(|id| self.by_external.get(id)).collect();
        by_external.dedup_by_key(|found| found.id);
        match by_external.as_slice() {
            [] => {}
            [found] => return Some(Who::Known(found.id)),
            _ => {
                let what = "These are ids of several persons. Leave only those of the one who is meant.";
                row.error("external_id", "ambiguous_person", what);
                return None;
            }
        }
        let email = named.email.as_ref().map(|email| email.to_lowercase());
        match email.as_deref().and_then(|email| self.by_email.get(email)).map(Vec::as_slice) {
            Some([found]) => return Some(Who::Known(found.id)),
            Some(_) => {
                let what = "Several persons have this address. Give an external_id instead.";
                row.error("email", "ambiguous_person", what);
                return None;
            }
            None => {}
        }
        let keys = named.keys.iter().map(|key| (organisation.id, key.as_str()));
        let by_name: Vec<_> = keys.filter_map(|key| self.by_name.get(&key)).flatten().collect();
        match by_name.as_slice() {
            [found] if email.is_none() || found.email.is_none() => {
                let what = format!(
                    "Taken to be {} of {}, by name and organisation. Give an external_id or the address to be sure.",
                    found.name, organisation.code
                );
                row.warn(named.column(row), "by_name", what);
                Some(Who::Known(found.id))
            }
            [_, _, ..] if email.is_none() => {
                let what = format!(
                    "Several people of {} are called so. Give an external_id or the address.",
                    organisation.code
                );
                row.error(named.column(row), "ambiguous_person", what);
                None
            }
            _ => self.new_person(row, named, organisation),
        }
    }

    fn new_person(&self, row: &mut Row<'_>, named: &Named, organisation: &KnownOrganisation) -> Option<Who> {
        let Some(display) = &named.display else {
            let what = "The row names nobody. Write family_name and given_name, or display_name.";
            row.error(named.column(row), "no_name", what);
            return None;
        };
        let (adds, with_ids) = self.adds;
        if !adds {
            let what = format!(
                "{display} is not known yet, and your key adds nobody. Ask the secretariat to add this person first."
            );
            row.error(named.column(row), "unknown_person", what);
            return None;
        }
        if !with_ids && !named.external_ids.is_empty() {
            let what =
                format!("{display} is not known by this id. Leave the cell empty; the secretariat gives the ids.");
            row.error("external_id", "unknown_external_id", what);
        }
        let person = named.person(display, organisation.id);
        for fault in person.check().err().into_iter().flatten() {
            let column = fault.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
            let column = if column == "external_ids" { "external_id" } else { column };
            row.error(column, fault.code, &fault.detail);
        }
        row.tell("display_name", None, Some(person.display_name.clone()));
        row.tell("email", None, person.email.clone());
        row.tell("languages", None, Some(spoken(&person.languages)).filter(|said| !said.is_empty()));
        Some(Who::New(Box::new(person)))
    }
}

impl Named {
    fn person(&self, display: &str, organisation: OrganisationId) -> Person {
        let newcomer = Newcomer {
            display_name: display.to_owned(),
            family_name: self.family.clone(),
            given_name: self.given.clone(),
            honorific: self.honorific.clone(),
            languages: self.languages.clone(),
            email: self.email.clone(),
            protected: self.protected,
        };
        Person {
            organisation_id: Some(Handle::Id(organisation.0)),
            external_ids: self.external_ids.clone(),
            ..newcomer.of(organisation)
        }
    }
}

/// The languages that the row says somebody works in, best first.
fn languages(row: &mut Row<'_>) -> Vec<Language> {
    let written = row.text("languages").some().unwrap_or_default();
    let tags = written.split([',', ';', ' ']).map(str::trim).filter(|tag| !tag.is_empty());
    let mut languages = vec![];
    for tag in tags {
        match Language::parse(tag) {
            Some(language) => languages.push(language),
            None => {
                let what = format!("'{tag}' is no tag of a language. Write tags with commas between them: 'pl, en'.");
                row.error("languages", "unknown_language", what);
            }
        }
    }
    languages
}

/// How languages are written.
pub fn spoken(languages: &[Language]) -> String {
    languages.iter().map(Language::to_string).collect::<Vec<_>>().join(", ")
}
