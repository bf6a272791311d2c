//! Rows of delegations.

use std::collections::HashMap;

use super::{
    Action, Kind, KnownOrganisation, Organisations, Preview, external,
    grid::Grid,
    line,
    table::{Column, Row, Said, column, header, required},
    told, verdict,
};
use crate::{
    Language,
    attendance::{Category, Invitation, Quota, State},
    identifier::{Handle, OrganisationId},
};
use uuid::Uuid;

/// The columns a file may have; what is only told is not read back.
pub const COLUMNS: &[Column] = &[
    required("organisation", &["organisation_code", "organization", "country", "code"]),
    column("organisation_name", &["organization_name", "country_name"]),
    column("external_id", &[]),
    column("category", &[]),
    column("invitation_reference", &["reference"]),
    column("reply_due", &[]),
    column("state", &[]),
    column("id", &[]),
    column("changed_at", &[]),
];

/// A delegation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDelegation {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i32,
    /// What the secretariat says of it.
    pub invitation: Invitation,
    /// Where it stands.
    pub state: State,
}

/// What is compared with.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The organisations there are.
    pub organisations: Organisations,
    /// The delegations at the event.
    pub delegations: HashMap<OrganisationId, KnownDelegation>,
}

/// What a row asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To invite an organisation.
    Invite(OrganisationId, Invitation),
    /// To say this of a delegation instead.
    Edit(OrganisationId, Invitation),
}

/// What the rows of a grid would do, and the steps that do it.
pub fn judge(grid: &Grid, known: &Known) -> (Preview, Vec<Step>) {
    let (header, remarks) = header(grid, COLUMNS, None, &Language::english());
    let (mut rows, mut steps, mut seen) = (vec![], vec![], HashMap::new());
    for mut row in Row::all(grid, &header) {
        let by = external(&mut row, "external_id");
        let Some(organisation) = known.organisations.meant(&mut row, by.as_ref(), "organisation") else {
            let about = row.text("organisation").some().unwrap_or_default();
            rows.push(verdict(row, Action::Keep, about, None));
            continue;
        };
        if let Some(first) = seen.insert(organisation.id, row.cell("organisation")) {
            let what = format!("{} stands in {first} already. Keep one of the rows.", organisation.code);
            row.error("organisation", "row_twice", what);
        }
        let current = known.delegations.get(&organisation.id);
        let (action, step) = compare(&mut row, organisation, current);
        steps.extend(step);
        rows.push(verdict(row, action, organisation.code.to_string(), current.map(|current| current.version)));
    }
    (Preview::new(Kind::Delegations, remarks, rows), steps)
}

fn compare(
    row: &mut Row<'_>,
    organisation: &KnownOrganisation,
    current: Option<&KnownDelegation>,
) -> (Action, Option<Step>) {
    let now = current.map_or_else(|| blank(organisation), |current| current.invitation.clone());
    let words = Category::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ");
    let category = match row.word("category", Category::parse, &words) {
        Said::This(category) => category,
        Said::Blank | Said::Nothing => now.category,
    };
    let reference = line(row.text("invitation_reference"), now.invitation_reference.as_ref());
    let due = row.day("reply_due").or_keep(now.reply_due);
    let next = Invitation { category, invitation_reference: reference, reply_due: due, ..now.clone() };
    for fault in next.check().err().into_iter().flatten() {
        row.error(fault.pointer.trim_start_matches('/'), fault.code, &fault.detail);
    }
    let before = current.map(|_| &now);
    row.tell("category", told(before.map(|now| now.category)), told(Some(next.category)));
    row.tell(
        "invitation_reference",
        before.and_then(|now| now.invitation_reference.clone()),
        next.invitation_reference.clone(),
    );
    row.tell("reply_due", told(before.and_then(|now| now.reply_due)), told(next.reply_due));
    match current {
        None => (Action::Add, Some(Step::Invite(organisation.id, next))),
        Some(_) if next == now => (Action::Keep, None),
        Some(_) => (Action::Change, Some(Step::Edit(organisation.id, next))),
    }
}

fn blank(organisation: &KnownOrganisation) -> Invitation {
    Invitation {
        organisation_id: Handle::Id(organisation.id.0),
        category: Category::default(),
        invitation_reference: None,
        reply_due: None,
        quota: Quota::default(),
    }
}
