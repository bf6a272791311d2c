//! Delegations and delegates as rows of a table, in the columns that an import reads back.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{delegates::spoken, grid::Table, said};
use crate::{
    Language,
    attendance::{Delegate, Delegation, Participation},
    external::ExternalId,
    people::Person,
};

/// A delegation to be written.
#[derive(Debug, Clone)]
pub struct DelegationRow<'a> {
    /// Its id.
    pub id: Uuid,
    /// What is known of it.
    pub delegation: &'a Delegation,
    /// The name of its organisation, in the language of whoever reads.
    pub name: String,
    /// When it was changed last, on the event's clock.
    pub changed_at: String,
}

/// A delegate to be written.
#[derive(Debug, Clone)]
pub struct DelegateRow<'a> {
    /// Its id.
    pub id: Uuid,
    /// The code of the organisation.
    pub organisation: String,
    /// What is known of it.
    pub delegate: &'a Delegate,
    /// The person, where whoever reads may know all of it.
    pub person: Option<&'a Person>,
    /// When it was changed last, on the event's clock.
    pub changed_at: String,
}

/// A column: what it is called, and what stands in it.
type Column<'a, R> = (String, Box<dyn Fn(&R) -> String + 'a>);

fn column<'a, R>(name: impl ToString, cell: impl Fn(&R) -> String + 'a) -> Column<'a, R> {
    (name.to_string(), Box::new(cell))
}

fn told<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn table<R>(columns: &[Column<'_, R>], rows: &[R]) -> Table {
    Table {
        header: columns.iter().map(|(name, _)| name.clone()).collect(),
        rows: rows.iter().map(|row| columns.iter().map(|(_, cell)| cell(row)).collect()).collect(),
    }
}

/// The ids in partner systems, each on a line of its own: no other character is in none of them.
fn known_as(ids: &[ExternalId]) -> String {
    ids.iter().map(|id| format!("{}:{}", id.system, id.id)).collect::<Vec<_>>().join("\n")
}

/// These delegations.
pub fn delegations(rows: &[DelegationRow<'_>]) -> Table {
    type Row<'a> = DelegationRow<'a>;
    let mut columns = vec![
        column("organisation", |row: &Row<'_>| row.delegation.organisation_code.to_string()),
        column("organisation_name", |row: &Row<'_>| row.name.clone()),
        column("category", |row: &Row<'_>| row.delegation.invitation.category.to_string()),
        column("state", |row: &Row<'_>| row.delegation.state.to_string()),
        column("invitation_reference", |row: &Row<'_>| told(row.delegation.invitation.invitation_reference.as_ref())),
        column("invitation_email", |row: &Row<'_>| told(row.delegation.invitation.invitation_email.as_ref())),
        column("reply_due", |row: &Row<'_>| told(row.delegation.invitation.reply_due)),
    ];
    let places = |kind: &'static Participation| {
        column(format!("quota_{kind}"), move |row: &Row<'_>| told(row.delegation.invitation.quota.of(*kind)))
    };
    columns.extend(Participation::ALL.iter().map(places));
    columns.push(column("id", |row: &Row<'_>| row.id.to_string()));
    columns.push(column("changed_at", |row: &Row<'_>| row.changed_at.clone()));
    table(&columns, rows)
}

/// These delegates. What is between them and the secretariat (papers, food, needs, travel) has columns only where `private`
/// says that it is known of all: an empty cell would clear it when the table is imported. Positions have a column for
/// each language there is, and for `main`.
pub fn delegates(rows: &[DelegateRow<'_>], main: Option<&Language>, private: bool) -> Table {
    type Row<'a> = DelegateRow<'a>;
    let written = rows.iter().filter_map(|row| row.delegate.nomination.position.as_ref());
    let languages: BTreeSet<_> = written.flat_map(|text| text.0.keys()).chain(main).cloned().collect();
    let mut columns = vec![
        column("organisation", |row: &Row<'_>| row.organisation.clone()),
        column("function", |row: &Row<'_>| row.delegate.nomination.function.to_string()),
        column("display_name", |row: &Row<'_>| row.delegate.display_name.clone()),
        column("family_name", |row: &Row<'_>| told(row.person.and_then(|person| person.family_name.as_ref()))),
        column("given_name", |row: &Row<'_>| told(row.person.and_then(|person| person.given_name.as_ref()))),
        column("honorific", |row: &Row<'_>| told(row.person.and_then(|person| person.honorific.as_ref()))),
        column("email", |row: &Row<'_>| told(row.person.and_then(|person| person.email.as_ref()))),
        column("languages", |row: &Row<'_>| told(row.person.map(|person| spoken(&person.languages)))),
        column("external_id", |row: &Row<'_>| told(row.person.map(|person| known_as(&person.external_ids)))),
        column("protected", |row: &Row<'_>| told(row.person.map(|person| person.protected).filter(|so| *so))),
    ];
    columns.extend(languages.into_iter().map(|language| {
        column(format!("position[{language}]"), move |row: &Row<'_>| {
            told(row.delegate.nomination.position.as_ref().and_then(|text| text.get(&language)))
        })
    }));
    columns.extend([
        column("level", |row: &Row<'_>| told(row.delegate.nomination.level)),
        column("participation", |row: &Row<'_>| row.delegate.nomination.participation.to_string()),
        column("capacities", |row: &Row<'_>| told(row.delegate.nomination.capacities.as_deref().map(said::written))),
        column("not_listed", |row: &Row<'_>| told(Some(row.delegate.nomination.not_listed).filter(|so| *so))),
    ]);
    if private {
        columns.extend([
            column("name_on_id", |row: &Row<'_>| told(row.delegate.nomination.name_on_id.as_ref())),
            column("diet", |row: &Row<'_>| told(row.delegate.nomination.diet.as_ref())),
            column("access_needs", |row: &Row<'_>| told(row.delegate.nomination.access_needs.as_ref())),
            column("arrives_on", |row: &Row<'_>| told(row.delegate.nomination.arrives_on)),
            column("departs_on", |row: &Row<'_>| told(row.delegate.nomination.departs_on)),
            column("late_reason", |row: &Row<'_>| told(row.delegate.nomination.late_reason.as_ref())),
        ]);
    }
    columns.extend([
        column("state", |row: &Row<'_>| row.delegate.state.to_string()),
        column("id", |row: &Row<'_>| row.id.to_string()),
        column("changed_at", |row: &Row<'_>| row.changed_at.clone()),
    ]);
    table(&columns, rows)
}
