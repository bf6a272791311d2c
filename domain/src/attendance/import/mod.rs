//! Import of delegations and delegates from a table: what a file says is compared with what is there, and every row gets
//! a verdict. Nothing here reads a file or writes a row; [`grid`] is what a file comes in as.
//!
//! People and organisations are found by their id in a partner system first, then by code or address, then by name,
//! which is always worth a look. A column that is not there leaves alone what it would say; an empty cell clears it.

pub mod delegates;
pub mod delegations;
pub mod grid;
mod named;
pub mod preview;
mod said;
pub mod table;
pub mod written;

use std::collections::HashMap;

pub use preview::{Action, Kind, Preview};

use crate::{Code, external::ExternalId, identifier::OrganisationId, language::search_key};
use preview::RowVerdict;
use table::Row;

/// An organisation as far as rows are compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrganisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its code.
    pub code: Code,
    /// Its names in lists, in whatever language.
    pub names: Vec<String>,
    /// Its ids in partner systems.
    pub external_ids: Vec<ExternalId>,
}

/// The organisations there are, by all that a row may call them.
#[derive(Debug, Clone, Default)]
pub struct Organisations {
    all: Vec<KnownOrganisation>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    by_external: HashMap<ExternalId, usize>,
}

impl Organisations {
    /// These.
    pub fn new(all: Vec<KnownOrganisation>) -> Self {
        let mut known = Self { all, ..Self::default() };
        for (at, organisation) in known.all.iter().enumerate() {
            known.by_code.insert(organisation.code.as_str().to_lowercase(), at);
            for name in &organisation.names {
                let under: &mut Vec<usize> = known.by_name.entry(search_key(name)).or_default();
                if !under.contains(&at) {
                    under.push(at);
                }
            }
            for external in &organisation.external_ids {
                known.by_external.insert(external.clone(), at);
            }
        }
        known
    }

    /// The organisation with this id.
    pub fn get(&self, id: OrganisationId) -> Option<&KnownOrganisation> {
        self.all.iter().find(|organisation| organisation.id == id)
    }

    /// The one that a row means by `external` or `column`. What is wrong, or uncertain, is remarked on there.
    fn meant(&self, row: &mut Row<'_>, external: Option<&ExternalId>, column: &str) -> Option<&KnownOrganisation> {
        if let Some(at) = external.and_then(|external| self.by_external.get(external)) {
            return self.all.get(*at);
        }
        let written = row.text(column).some();
        let Some(written) = written else {
            row.error(column, "no_organisation", "No organisation is named. Write its code, such as PL.");
            return None;
        };
        if let Some(at) = self.by_code.get(&written.to_lowercase()) {
            return self.all.get(*at);
        }
        match self.by_name.get(&search_key(&written)).map(Vec::as_slice) {
            Some([at]) => {
                let found = self.all.get(*at)?;
                let what =
                    format!("'{written}' is taken to be {}, by its name. Write the code to be sure.", found.code);
                row.warn(column, "by_name", what);
                Some(found)
            }
            Some(_) => {
                let what =
                    format!("Several organisations are called '{written}'. Write the code of the one that is meant.");
                row.error(column, "ambiguous_organisation", what);
                None
            }
            None => {
                let what = format!(
                    "No organisation is known as '{written}'. Write its code, for a state the two letters of ISO 3166-1, \
                     or add the organisation first."
                );
                row.error(column, "unknown_organisation", what);
                None
            }
        }
    }
}

/// The id in a partner system that stands in this column.
fn external(row: &mut Row<'_>, column: &str) -> Option<ExternalId> {
    let written = row.text(column).some()?;
    external_id(row, column, &written)
}

/// The ids in partner systems that stand in this column, each on a line of its own.
fn external_ids(row: &mut Row<'_>, column: &str) -> Vec<ExternalId> {
    let lines = row.lines(column);
    lines.iter().filter_map(|written| external_id(row, column, written)).collect()
}

fn external_id(row: &mut Row<'_>, column: &str, written: &str) -> Option<ExternalId> {
    match written.split_once(':') {
        Some((system, id)) if !system.trim().is_empty() && !id.trim().is_empty() => {
            Some(ExternalId { system: system.trim().to_owned(), id: id.trim().to_owned() })
        }
        _ => {
            let what =
                format!("'{written}' names no partner system. Write the system, a colon and the id: 'registry:4711'.");
            row.error(column, "not_an_external_id", what);
            None
        }
    }
}

/// The row with its verdict.
fn verdict(row: Row<'_>, action: Action, about: String, version: Option<i32>) -> RowVerdict {
    RowVerdict {
        row: row.number(),
        state: preview::RowState::Same,
        action,
        about,
        version,
        cells: row.told,
        remarks: row.remarks,
    }
}

/// What an optional value is told as.
fn told<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|value| value.to_string())
}

#[cfg(test)]
mod tests;
