//! The organisations every Plenum knows from the start: the states of the United Nations and the usual IGOs.
//!
//! They are shipped as two tables in `domain/data/organisations/`; `SOURCES.md` beside them says where each column
//! comes from. What a secretariat adds or names otherwise is stored in its database, not here.

use serde::Deserialize;
use std::collections::BTreeMap;

use super::{Kind, NameForms, Names, Organisation};
use crate::{Code, Language};

const ORGANISATIONS: &str = include_str!("../../data/organisations/organisations.csv");
const NAMES: &str = include_str!("../../data/organisations/names.csv");

/// The languages in which every state of the catalogue has a list name.
pub const LANGUAGES: &[&str] = &["en", "pl", "fr", "es", "cs", "ko", "vi", "ar"];

/// The shipped tables contradict themselves: a fault of this build, to be shown once, at the start.
#[derive(Debug, thiserror::Error)]
pub enum BrokenCatalogue {
    /// A line cannot be read.
    #[error("a shipped table of organisations cannot be read: {0}")]
    Line(#[from] csv::Error),
    /// Names of something that is not in the catalogue.
    #[error("names.csv has names for '{0}', which organisations.csv does not list")]
    Stray(Code),
    /// Two lines of names for the same language.
    #[error("names.csv names '{0}' twice in '{1}'")]
    Repeated(Code, Language),
}

/// Reads the catalogue, in the order of its table: states by code, then IGOs by code.
///
/// # Errors
/// Only when the shipped tables are faulty; callers do not go on without them.
pub fn load() -> Result<Vec<Organisation>, BrokenCatalogue> {
    let mut names = read_names(NAMES)?;
    let organisations = csv::Reader::from_reader(ORGANISATIONS.as_bytes())
        .into_deserialize::<Row>()
        .map(|row| row.map(|row| row.named(&mut names)))
        .collect::<Result<Vec<_>, _>>()?;
    match names.into_keys().next() {
        Some(stray) => Err(BrokenCatalogue::Stray(stray)),
        None => Ok(organisations),
    }
}

/// A line of `organisations.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: Code,
    kind: Kind,
    alpha2: Option<String>,
    alpha3: Option<String>,
    numeric: Option<String>,
    un_region: Option<String>,
    un_subregion: Option<String>,
    un_regional_group: Option<String>,
    un_status: Option<String>,
}

impl Row {
    /// The organisation of this line; takes its names out of `names`, so that what stays there is stray.
    fn named(self, names: &mut BTreeMap<Code, Names>) -> Organisation {
        Organisation {
            names: names.remove(&self.code).unwrap_or_default(),
            code: self.code,
            kind: self.kind,
            alpha2: self.alpha2,
            alpha3: self.alpha3,
            numeric_code: self.numeric,
            region: self.un_region,
            subregion: self.un_subregion,
            regional_group: self.un_regional_group,
            un_status: self.un_status,
            parent_id: None,
            website: None,
            time_zone: None,
            former_names: None,
            external_ids: Vec::new(),
        }
    }
}

/// A line of `names.csv`. An empty cell is a name that is not known, not a name that is empty.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameRow {
    code: Code,
    language: Language,
    list: Option<String>,
    formal: Option<String>,
    text: Option<String>,
    sort: Option<String>,
    genitive: Option<String>,
    locative: Option<String>,
    instrumental: Option<String>,
}

fn read_names(table: &str) -> Result<BTreeMap<Code, Names>, BrokenCatalogue> {
    let mut names = BTreeMap::<Code, Names>::new();
    for row in csv::Reader::from_reader(table.as_bytes()).into_deserialize() {
        let NameRow { code, language, list, formal, text, sort, genitive, locative, instrumental } = row?;
        let forms = NameForms { list, formal, text, sort, genitive, locative, instrumental };
        let known = names.entry(code.clone()).or_default();
        if known.0.insert(language.clone(), forms).is_some() {
            return Err(BrokenCatalogue::Repeated(code, language));
        }
    }
    Ok(names)
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
