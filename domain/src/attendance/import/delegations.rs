//! Rows of delegations.

use std::collections::HashMap;

use super::{
    Action, Kind, KnownOrganisation, Organisations, Preview, external,
    grid::Grid,
    table::{Column, Lines, Row, Said, column, header, required},
    told, verdict,
};
use crate::{
    Language,
    attendance::{Category, Invitation, Participation, Quota, State},
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
    column("invitation_email", &[]),
    column("reply_due", &[]),
    column("quota_in_person", &["quota"]),
    column("quota_online", &[]),
    column("quota_overflow", &[]),
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
    /// To say the second of a delegation instead of the first.
    Edit(OrganisationId, Invitation, Invitation),
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
    let next = Invitation {
        category,
        invitation_reference: row.kept("invitation_reference", now.invitation_reference.as_ref(), Lines::One),
        invitation_email: row.kept("invitation_email", now.invitation_email.as_ref(), Lines::One),
        reply_due: row.day("reply_due").or_keep(now.reply_due),
        quota: Quota {
            in_person: row.number_of("quota_in_person").or_keep(now.quota.in_person),
            online: row.number_of("quota_online").or_keep(now.quota.online),
            overflow: row.number_of("quota_overflow").or_keep(now.quota.overflow),
        },
        ..now.clone()
    };
    for fault in next.check().err().into_iter().flatten() {
        row.fault(&fault);
    }
    let before = current.map(|_| &now);
    row.tell("category", told(before.map(|now| now.category)), told(Some(next.category)));
    let (reference, email) = (next.invitation_reference.clone(), next.invitation_email.clone());
    row.tell("invitation_reference", before.and_then(|now| now.invitation_reference.clone()), reference);
    row.tell("invitation_email", before.and_then(|now| now.invitation_email.clone()), email);
    row.tell("reply_due", told(before.and_then(|now| now.reply_due)), told(next.reply_due));
    for kind in Participation::ALL {
        let places = |said: &Invitation| told(said.quota.of(*kind));
        row.tell(&format!("quota_{kind}"), before.and_then(places), places(&next));
    }
    match current {
        None => (Action::Add, Some(Step::Invite(organisation.id, next))),
        Some(_) if next == now => (Action::Keep, None),
        Some(_) => (Action::Change, Some(Step::Edit(organisation.id, now, next))),
    }
}

fn blank(organisation: &KnownOrganisation) -> Invitation {
    Invitation {
        organisation_id: Handle::Id(organisation.id.0),
        category: Category::default(),
        invitation_reference: None,
        invitation_email: None,
        reply_due: None,
        quota: Quota::default(),
    }
}
