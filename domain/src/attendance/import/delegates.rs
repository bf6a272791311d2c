//! Rows of delegates. A person who is there already is never changed by an import, only named; new ones are added.

use std::collections::HashMap;

use super::{
    Action, Kind, KnownOrganisation, Organisations, Preview, external,
    grid::Grid,
    table::{Column, Row, Said, column, header, required},
    told, verdict,
};
use crate::{
    Language,
    attendance::{DelegateState, Function, Nomination, State},
    external::ExternalId,
    identifier::{Handle, OrganisationId},
    language::search_key,
    people::{Person, listed_as},
};
use uuid::Uuid;

/// The columns a file may have, beside `position` in one or more languages; what is only told is not read back.
pub const COLUMNS: &[Column] = &[
    required("organisation", &["organisation_code", "organization", "country", "code"]),
    required("function", &[]),
    column("organisation_name", &["organization_name", "country_name"]),
    column("organisation_external_id", &[]),
    column("external_id", &["person_external_id"]),
    column("email", &["e_mail", "mail"]),
    column("family_name", &["surname", "last_name"]),
    column("given_name", &["first_name"]),
    column("display_name", &["name"]),
    column("honorific", &["title"]),
    column("state", &[]),
    column("id", &["delegate_id"]),
    column("changed_at", &[]),
];

/// A delegate as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDelegate {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i32,
    /// The organisation.
    pub organisation: OrganisationId,
    /// The name as it is shown to whoever imports.
    pub display_name: String,
    /// What was said in naming the person.
    pub nomination: Nomination,
    /// Where the delegate stands.
    pub state: DelegateState,
}

/// A person who may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// The id.
    pub id: Uuid,
    /// The organisation the person comes from.
    pub organisation: Option<OrganisationId>,
    /// The name as it is shown.
    pub name: String,
    /// What lists are sorted by, which is also what names are compared by.
    pub sort_key: String,
    /// The address, in lower case.
    pub email: Option<String>,
    /// The ids in partner systems.
    pub external_ids: Vec<ExternalId>,
}

/// What is compared with.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The organisations there are.
    pub organisations: Organisations,
    /// The delegations at the event.
    pub delegations: HashMap<OrganisationId, (Uuid, State)>,
    /// The delegates at the event.
    pub delegates: Vec<KnownDelegate>,
    /// The persons who may be meant.
    pub persons: Vec<KnownPerson>,
    /// The only organisation whose people may be imported; none for all.
    pub only: Option<OrganisationId>,
    /// Whether persons may be added.
    pub adds_people: bool,
}

/// Who is named: somebody who is there, or somebody new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person there is.
    Known(Uuid),
    /// A new one.
    New(Box<Person>),
}

/// What a row asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To name a person. In the nomination the person is still nobody.
    Nominate(OrganisationId, Who, Nomination),
    /// To say this of a delegate instead.
    Amend(Uuid, OrganisationId, Nomination),
}

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
    let (header, _) = header(grid, COLUMNS, Some("position"), main);
    let mut wanted = Wanted::default();
    for mut row in Row::all(grid, &header) {
        let named = Named::read(&mut row);
        wanted.external_ids.extend(named.external);
        wanted.emails.extend(named.email.map(|email| email.to_lowercase()));
        wanted.sort_keys.extend(named.keys);
    }
    wanted
}

/// Whom a row names.
struct Named {
    external: Option<ExternalId>,
    email: Option<String>,
    family: Option<String>,
    given: Option<String>,
    display: Option<String>,
    honorific: Option<String>,
    /// What the person may be sorted by.
    keys: Vec<String>,
}

impl Named {
    fn read(row: &mut Row<'_>) -> Self {
        let external = external(row, "external_id");
        let mut text = |column| row.text(column).some();
        let (email, family, given) = (text("email"), text("family_name"), text("given_name"));
        let (display, honorific) = (text("display_name"), text("honorific"));
        let parts = || given.iter().chain(&family).cloned().collect::<Vec<_>>().join(" ");
        let display = display.or_else(|| Some(parts()).filter(|name| !name.is_empty()));
        let mut keys = vec![];
        if let Some(name) = &display {
            keys.push(search_key(&listed_as(name, family.as_deref(), given.as_deref())));
            keys.push(search_key(name));
        }
        keys.dedup();
        Self { external, email, family, given, display, honorific, keys }
    }

    fn about(&self) -> String {
        self.display.clone().or_else(|| self.email.clone()).unwrap_or_default()
    }
}

/// What the rows of a grid would do, and the steps that do it.
pub fn judge(grid: &Grid, known: &Known, main: &Language) -> (Preview, Vec<Step>) {
    let (header, remarks) = header(grid, COLUMNS, Some("position"), main);
    let (mut rows, mut steps) = (vec![], vec![]);
    let mut judge = Judge { known, seen: HashMap::new(), heads: HashMap::new() };
    for delegate in known.delegates.iter().filter(|delegate| delegate.nomination.function == Function::Head) {
        judge.heads.insert(delegate.organisation, vec![(Some(delegate.id), None)]);
    }
    for mut row in Row::all(grid, &header) {
        let named = Named::read(&mut row);
        let about = named.about();
        let (action, version, step) = judge.row(&mut row, &named);
        steps.extend(step);
        rows.push(verdict(row, action, about, version));
    }
    judge.one_head(&mut rows);
    (Preview::new(Kind::Delegates, remarks, rows), steps)
}

/// Heads that will be: each the delegate it is already, and the row and cell that say so.
type Heads = Vec<(Option<Uuid>, Option<(usize, String)>)>;

struct Judge<'a> {
    known: &'a Known,
    /// Cells in which a person was named to a delegation.
    seen: HashMap<(OrganisationId, String), String>,
    heads: HashMap<OrganisationId, Heads>,
}

impl<'a> Judge<'a> {
    fn row(&mut self, row: &mut Row<'_>, named: &Named) -> (Action, Option<i32>, Option<Step>) {
        let known = self.known;
        let by = external(row, "organisation_external_id");
        let Some(organisation) = known.organisations.meant(row, by.as_ref(), "organisation") else {
            return (Action::Keep, None, None);
        };
        if self.known.only.is_some_and(|only| only != organisation.id) {
            let what =
                format!("You may import people of your own delegation only. Leave out those of {}.", organisation.code);
            row.error("organisation", "not_yours", what);
            return (Action::Keep, None, None);
        }
        let Some((delegation, state)) = known.delegations.get(&organisation.id) else {
            let what = format!("{} has no delegation at this event. Invite it first.", organisation.code);
            row.error("organisation", "no_delegation", what);
            return (Action::Keep, None, None);
        };
        let current = match self.delegate_by_id(row, organisation) {
            Ok(Some(current)) => Some(current),
            Ok(None) => None,
            Err(()) => return (Action::Keep, None, None),
        };
        let (current, who) = match current {
            Some(current) => (Some(current), None),
            None => match self.person(row, named, organisation) {
                Some(who) => (self.delegate_of(&who, organisation), Some(who)),
                None => return (Action::Keep, None, None),
            },
        };
        self.once(row, named, organisation, current);
        if let Err(refusal) = state.admit_delegates(self.known.only.is_some()) {
            row.error("organisation", refusal.code(), refusal.to_string());
        }
        let blank = Nomination::of(Handle::Id(*delegation), None, Function::Representative);
        let now = current.map(|current| &current.nomination);
        let next = said(row, now, now.unwrap_or(&blank));
        self.note_head(row, organisation.id, current, next.function);
        match (current, who) {
            (Some(current), _) if next == current.nomination => (Action::Keep, Some(current.version), None),
            (Some(current), _) => {
                (Action::Change, Some(current.version), Some(Step::Amend(current.id, organisation.id, next)))
            }
            (None, Some(who)) => (Action::Add, None, Some(Step::Nominate(organisation.id, who, next))),
            (None, None) => (Action::Keep, None, None),
        }
    }

    /// The delegate whose id stands in the row; an error where nobody here has it.
    fn delegate_by_id(
        &self,
        row: &mut Row<'_>,
        organisation: &KnownOrganisation,
    ) -> Result<Option<&'a KnownDelegate>, ()> {
        let Some(written) = row.text("id").some() else { return Ok(None) };
        let id = Uuid::try_parse(&written).ok();
        let found = self.known.delegates.iter().find(|delegate| Some(delegate.id) == id);
        match found {
            Some(found) if found.organisation == organisation.id => Ok(Some(found)),
            Some(_) => {
                let what = format!(
                    "This delegate is not of {}. Leave the id empty to name the person there too.",
                    organisation.code
                );
                row.error("id", "other_delegation", what);
                Err(())
            }
            None => {
                row.error("id", "unknown_delegate", "No delegate here has this id. Leave it empty to name somebody.");
                Err(())
            }
        }
    }

    fn delegate_of(&self, who: &Who, organisation: &KnownOrganisation) -> Option<&'a KnownDelegate> {
        let Who::Known(person) = who else { return None };
        let own = |delegate: &&KnownDelegate| {
            // Whoever has left for good may be named anew.
            delegate.organisation == organisation.id && !DelegateState::GONE.contains(&delegate.state)
        };
        self.known
            .delegates
            .iter()
            .filter(own)
            .find(|delegate| delegate.nomination.person_id == Some(Handle::Id(*person)))
    }

    /// Who is meant: by the id in a partner system, then the address, then name and organisation together.
    fn person(&self, row: &mut Row<'_>, named: &Named, organisation: &KnownOrganisation) -> Option<Who> {
        let persons = &self.known.persons;
        let by_external = named.external.as_ref();
        if let Some(found) = by_external.and_then(|id| persons.iter().find(|person| person.external_ids.contains(id))) {
            return Some(Who::Known(found.id));
        }
        let email = named.email.as_ref().map(|email| email.to_lowercase());
        let by_email: Vec<_> = persons.iter().filter(|person| email.is_some() && person.email == email).collect();
        match by_email.as_slice() {
            [found] => return Some(Who::Known(found.id)),
            [_, _, ..] => {
                row.error(
                    "email",
                    "ambiguous_person",
                    "Several persons have this address. Give an external_id instead.",
                );
                return None;
            }
            [] => {}
        }
        let own = |person: &&KnownPerson| person.organisation == Some(organisation.id);
        let by_name: Vec<_> =
            persons.iter().filter(own).filter(|person| named.keys.contains(&person.sort_key)).collect();
        match by_name.as_slice() {
            [found] if email.is_none() || found.email.is_none() => {
                let what = format!(
                    "Taken to be {} of {}, by name and organisation. Give an external_id or the address to be sure.",
                    found.name, organisation.code
                );
                row.warn(name_column(row, named), "by_name", what);
                Some(Who::Known(found.id))
            }
            [_, _, ..] if email.is_none() => {
                let what = format!(
                    "Several people of {} are called so. Give an external_id or the address.",
                    organisation.code
                );
                row.error(name_column(row, named), "ambiguous_person", what);
                None
            }
            _ => self.new_person(row, named, organisation),
        }
    }

    fn new_person(&self, row: &mut Row<'_>, named: &Named, organisation: &KnownOrganisation) -> Option<Who> {
        let Some(display) = &named.display else {
            let what = "The row names nobody. Write family_name and given_name, or display_name.";
            row.error(name_column(row, named), "no_name", what);
            return None;
        };
        if !self.known.adds_people {
            let what = format!(
                "{display} is not known yet, and your key adds nobody. Ask the secretariat to add this person first."
            );
            row.error(name_column(row, named), "unknown_person", what);
            return None;
        }
        if self.known.only.is_some() && named.external.is_some() {
            let what =
                format!("{display} is not known by this id. Leave the cell empty; the secretariat gives the ids.");
            row.error("external_id", "unknown_external_id", what);
        }
        let person = Person {
            display_name: display.clone(),
            family_name: named.family.clone(),
            given_name: named.given.clone(),
            honorific: named.honorific.clone(),
            languages: vec![],
            email: named.email.clone(),
            organisation_id: Some(Handle::Id(organisation.id.0)),
            position: None,
            protected: false,
            former_names: None,
            external_ids: named.external.iter().cloned().collect(),
        };
        for fault in person.check().err().into_iter().flatten() {
            let column = fault.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
            let column = if column == "external_ids" { "external_id" } else { column };
            row.error(column, fault.code, &fault.detail);
        }
        row.tell("display_name", None, Some(person.display_name.clone()));
        row.tell("email", None, person.email.clone());
        Some(Who::New(Box::new(person)))
    }

    /// Refuses to name the same person to a delegation in two rows.
    fn once(
        &mut self,
        row: &mut Row<'_>,
        named: &Named,
        organisation: &KnownOrganisation,
        current: Option<&KnownDelegate>,
    ) {
        let external = named.external.as_ref().map(|id| format!("{}:{}", id.system, id.id));
        let key = current.map(|current| current.id.to_string()).or(external);
        let key = key.or_else(|| named.email.as_ref().map(|email| email.to_lowercase()));
        let key = key.or_else(|| named.keys.first().cloned()).unwrap_or_default();
        let cell = row.cell(name_column(row, named));
        if let Some(first) = self.seen.insert((organisation.id, key), cell) {
            let what = format!("The same person stands in {first} already. Keep one of the rows.");
            row.error(name_column(row, named), "row_twice", what);
        }
    }

    fn note_head(
        &mut self,
        row: &Row<'_>,
        organisation: OrganisationId,
        current: Option<&KnownDelegate>,
        function: Function,
    ) {
        let heads = self.heads.entry(organisation).or_default();
        let own = current.map(|current| current.id);
        heads.retain(|(id, _)| id.is_none() || *id != own);
        if function == Function::Head {
            heads.push((own, Some((row.number(), row.cell("function")))));
        }
    }

    /// Refuses what would leave a delegation with two heads.
    fn one_head(&self, rows: &mut [super::preview::RowVerdict]) {
        use super::preview::{Level, Remark};
        for heads in self.heads.values().filter(|heads| heads.len() > 1) {
            for (number, cell) in heads.iter().filter_map(|(_, place)| place.as_ref()) {
                let what =
                    "The delegation would have two heads. Give one of them another function, in this file or before.";
                let remark = Remark::on(Level::Error, "head_exists", cell.clone(), what);
                rows.iter_mut().filter(|row| row.row == *number).for_each(|row| row.remarks.push(remark.clone()));
            }
        }
    }
}

/// The nomination that the row makes of the one there is.
fn said(row: &mut Row<'_>, now: Option<&Nomination>, base: &Nomination) -> Nomination {
    let words = Function::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ");
    let function = match row.word("function", Function::parse, &words) {
        Said::This(function) => function,
        Said::Blank if now.is_none() => {
            row.error("function", "no_function", format!("No function is given. Write one of: {words}."));
            base.function
        }
        Said::Blank | Said::Nothing => base.function,
    };
    row.tell("function", told(now.map(|now| now.function)), told(Some(function)));
    let position = row.translated("position", base.position.as_ref());
    let next = Nomination { function, position, ..base.clone() };
    for fault in next.check().err().into_iter().flatten() {
        row.error("position", fault.code, &fault.detail);
    }
    next
}

/// The column a row names somebody in.
fn name_column(row: &Row<'_>, named: &Named) -> &'static str {
    if named.family.is_none() && named.display.is_some() {
        return row.first(["display_name", "given_name", "email"]);
    }
    row.first(["family_name", "display_name", "email"])
}
