//! Rows of delegates. A person who is there already is never changed by an import, only named; new ones are added.

use std::collections::HashMap;

pub use super::named::{Wanted, spoken, wanted};

use super::{
    Action, Kind, KnownOrganisation, Organisations, Preview, external,
    grid::Grid,
    named::{Named, People},
    preview::{Level, Remark, RowVerdict},
    said::said,
    table::{Column, Row, column, header, required},
    verdict,
};
use crate::{
    Language,
    attendance::{DelegateState, Function, NoPlace, Nomination, Participation, Quota, State},
    external::ExternalId,
    identifier::{Handle, OrganisationId},
    people::Person,
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
    column("languages", &["language"]),
    column("protected", &[]),
    column("level", &[]),
    column("participation", &[]),
    column("capacities", &[]),
    column("not_listed", &[]),
    column("name_on_id", &[]),
    column("diet", &[]),
    column("access_needs", &[]),
    column("arrives_on", &["arrival"]),
    column("departs_on", &["departure"]),
    column("late_reason", &[]),
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
    /// How many places each delegation has.
    pub quotas: HashMap<OrganisationId, Quota>,
    /// How many places are held in each delegation for those who were offered one.
    pub offered: HashMap<(OrganisationId, Participation), u32>,
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
    /// To say something else of a delegate.
    Amend {
        /// Who it is.
        id: Uuid,
        /// The organisation of the delegation.
        organisation: OrganisationId,
        /// What was said.
        before: Box<Nomination>,
        /// What is to be said.
        after: Nomination,
    },
}

/// What the rows of a grid would do, and the steps that do it.
pub fn judge(grid: &Grid, known: &Known, main: &Language) -> (Preview, Vec<Step>) {
    let (header, remarks) = header(grid, COLUMNS, Some("position"), main);
    let (mut rows, mut steps) = (vec![], vec![]);
    let mut judge = Judge::new(known);
    for mut row in Row::all(grid, &header) {
        let (about, version, step) = judge.row(&mut row);
        let action = match step {
            None => Action::Keep,
            Some(Step::Nominate(..)) => Action::Add,
            Some(Step::Amend { .. }) => Action::Change,
        };
        steps.extend(step);
        rows.push(verdict(row, action, about, version));
    }
    judge.one_head(&mut rows);
    judge.places(&mut rows);
    (Preview::new(Kind::Delegates, remarks, rows), steps)
}

/// Heads that will be: each the delegate it is already, and the row and cell that say so.
type Heads = Vec<(Option<Uuid>, Option<Place>)>;

/// A row and a cell of it.
type Place = (usize, String);

struct Judge<'a> {
    known: &'a Known,
    people: People<'a>,
    by_id: HashMap<Uuid, &'a KnownDelegate>,
    /// Those who have not left for good; whoever has may be named anew.
    by_person: HashMap<(OrganisationId, Uuid), &'a KnownDelegate>,
    /// Cells in which a person was named to a delegation.
    seen: HashMap<(OrganisationId, String), String>,
    heads: HashMap<OrganisationId, Heads>,
    /// Those who hold a place and are to hold one of another kind, with the cells that say so.
    moved: Vec<(&'a KnownDelegate, Participation, Place)>,
}

/// What becomes of a row: whom it is about, the version of what it was compared with, and what it asks for.
type Outcome = (String, Option<i32>, Option<Step>);

impl<'a> Judge<'a> {
    fn new(known: &'a Known) -> Self {
        let mut judge = Self {
            known,
            people: People::new(&known.persons, (known.adds_people, known.only.is_none())),
            by_id: HashMap::new(),
            by_person: HashMap::new(),
            seen: HashMap::new(),
            heads: HashMap::new(),
            moved: vec![],
        };
        for delegate in &known.delegates {
            judge.by_id.insert(delegate.id, delegate);
            if delegate.nomination.function == Function::Head {
                judge.heads.insert(delegate.organisation, vec![(Some(delegate.id), None)]);
            }
            let person = delegate.nomination.person_id.as_ref().and_then(Handle::id);
            if let Some(person) = person.filter(|_| !DelegateState::GONE.contains(&delegate.state)) {
                judge.by_person.entry((delegate.organisation, person)).or_insert(delegate);
            }
        }
        judge
    }

    fn row(&mut self, row: &mut Row<'_>) -> Outcome {
        let known = self.known;
        let by = external(row, "organisation_external_id");
        let id = row.text("id").some();
        // Whoever is known by their number is not looked for by name.
        let named = if id.is_some() { Named::default() } else { Named::read(row) };
        let about = named.about();
        let Some(organisation) = known.organisations.meant(row, by.as_ref(), "organisation") else {
            return (about, None, None);
        };
        let Some((delegation, state)) = self.delegation(row, organisation) else { return (about, None, None) };
        let (current, who) = match self.delegate_by_id(row, id, organisation) {
            Ok(Some(current)) => (Some(current), None),
            Ok(None) => match self.people.meant(row, &named, organisation) {
                Some(who) => (self.delegate_of(&who, organisation), Some(who)),
                None => return (about, None, None),
            },
            Err(()) => return (about, None, None),
        };
        let about = current.map_or(about, |current| current.display_name.clone());
        self.once(row, &named, organisation, current);
        let blank = Nomination::of(Handle::Id(delegation), None, Function::Representative);
        let now = current.map(|current| &current.nomination);
        let next = said(row, now, now.unwrap_or(&blank));
        self.note_head(row, organisation.id, current, next.function);
        let version = current.map(|current| current.version);
        let (before, after) = match (current, who) {
            (Some(current), _) if next == current.nomination => return (about, version, None),
            (Some(current), _) => (current, next),
            (None, who) => {
                admit(row, state, known.only.is_some());
                gone_before(row);
                return (about, version, who.map(|who| Step::Nominate(organisation.id, who, next)));
            }
        };
        admit(row, state, known.only.is_some());
        if before.state.is_placed() && before.nomination.participation != after.participation {
            self.moved.push((before, after.participation, (row.number(), row.cell("participation"))));
        }
        let said = Box::new(before.nomination.clone());
        let step = Step::Amend { id: before.id, organisation: organisation.id, before: said, after };
        (about, version, Some(step))
    }

    /// The delegation of the organisation, with where it stands.
    fn delegation(&self, row: &mut Row<'_>, organisation: &KnownOrganisation) -> Option<(Uuid, State)> {
        if self.known.only.is_some_and(|only| only != organisation.id) {
            let what =
                format!("You may import people of your own delegation only. Leave out those of {}.", organisation.code);
            row.error("organisation", "not_yours", what);
            return None;
        }
        let found = self.known.delegations.get(&organisation.id).copied();
        if found.is_none() {
            let what = format!("{} has no delegation at this event. Invite it first.", organisation.code);
            row.error("organisation", "no_delegation", what);
        }
        found
    }

    /// The delegate whose id stands in the row; an error where nobody here has it.
    fn delegate_by_id(
        &self,
        row: &mut Row<'_>,
        written: Option<String>,
        organisation: &KnownOrganisation,
    ) -> Result<Option<&'a KnownDelegate>, ()> {
        let Some(written) = written else { return Ok(None) };
        let id = Uuid::try_parse(&written).ok();
        match id.and_then(|id| self.by_id.get(&id)) {
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
        self.by_person.get(&(organisation.id, *person)).copied()
    }

    /// Refuses to name the same person to a delegation in two rows.
    fn once(
        &mut self,
        row: &mut Row<'_>,
        named: &Named,
        organisation: &KnownOrganisation,
        current: Option<&KnownDelegate>,
    ) {
        let key = current.map_or_else(|| named.key(), |current| current.id.to_string());
        let cell = row.cell(named.column(row));
        if let Some(first) = self.seen.insert((organisation.id, key), cell) {
            let what = format!("The same person stands in {first} already. Keep one of the rows.");
            row.error(named.column(row), "row_twice", what);
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
    fn one_head(&self, rows: &mut [RowVerdict]) {
        let what = "The delegation would have two heads. Give one of them another function, in this file or before.";
        for heads in self.heads.values().filter(|heads| heads.len() > 1) {
            for place in heads.iter().filter_map(|(_, place)| place.as_ref()) {
                refuse(rows, place, "head_exists", what);
            }
        }
    }

    /// Refuses to give places to more people than there are places. Whoever is in the table leaves theirs first.
    fn places(&self, rows: &mut [RowVerdict]) {
        if self.moved.is_empty() {
            return;
        }
        let becomes: HashMap<_, _> = self.moved.iter().map(|(delegate, to, _)| (delegate.id, *to)).collect();
        let mut held = self.known.offered.clone();
        for delegate in self.known.delegates.iter().filter(|delegate| delegate.state.is_placed()) {
            let kind = becomes.get(&delegate.id).copied().unwrap_or(delegate.nomination.participation);
            *held.entry((delegate.organisation, kind)).or_default() += 1;
        }
        for (delegate, participation, place) in &self.moved {
            let quota = self.known.quotas.get(&delegate.organisation).and_then(|quota| quota.of(*participation));
            let held = held.get(&(delegate.organisation, *participation)).copied().unwrap_or_default();
            if let Some(quota) = quota.filter(|quota| held > *quota) {
                let refusal = NoPlace::Taken { participation: *participation, quota };
                refuse(rows, place, refusal.code(), &refusal.to_string());
            }
        }
    }
}

/// Refuses what would change a delegation that is not to be changed.
fn admit(row: &mut Row<'_>, state: State, own: bool) {
    if let Err(refusal) = state.admit_delegates(own) {
        row.error("organisation", refusal.code(), refusal.to_string());
    }
}

/// Remarks on a row that names somebody anew whom the table itself calls gone, as an export does.
fn gone_before(row: &mut Row<'_>) {
    let state = row.text("state").some().and_then(|word| DelegateState::parse(&word));
    if let Some(state) = state.filter(|state| !state.is_live()) {
        let what =
            format!("The table says that this delegate is {state}, and would name them anew. Leave out the row.");
        row.warn("state", "named_anew", what);
    }
}

fn refuse(rows: &mut [RowVerdict], (number, cell): &Place, code: &str, what: &str) {
    let remark = Remark::on(Level::Error, code, cell.clone(), what);
    rows.iter_mut().filter(|row| row.row == *number).for_each(|row| row.remarks.push(remark.clone()));
}
