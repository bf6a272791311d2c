//! What is known of a group.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, State};
use crate::{
    Check, Code, Language, Text, Violation,
    access::{Disclosure, Tlp, Visibility, audience},
    external::{self, ExternalId},
    identifier::Handle,
    language::{check_languages, search_key},
    statements::{CaseForms, facts::check_forms},
};

/// A standing body with a mandate. Where it stands in its life is not written here but stepped through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Unique short name, such as `warsaw-cyber`.
    pub code: Code,
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: Text,
    /// The name in other cases, per language, for texts that speak of the group: a Polish statement needs the genitive.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub name_forms: BTreeMap<Language, CaseForms>,
    /// What it is to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mandate: Option<Text>,
    /// The group it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Handle>,
    /// Who may see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// Whom `parties`, `own_delegation` and `named` mean: organisations for the first two, persons for the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub audience_ids: Vec<Handle>,
    /// How far those who see it may pass it on. Left out, it follows from who may see it: `clear` for everybody,
    /// `green` for participants, `amber` for the secretariat. What everybody may see is always `clear`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tlp: Option<Tlp>,
    /// Whether calendars show its sessions with the label `amber` in full. Otherwise they only show that the time is
    /// taken.
    #[serde(default)]
    pub amber_in_calendars: bool,
    /// Languages it works in, the main one first.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub languages: Vec<Language>,
    /// The day it was founded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founded_on: Option<Date>,
    /// Its ids in partner systems.
    #[serde(default)]
    #[schemars(length(max = 20))]
    pub external_ids: Vec<ExternalId>,
}

/// A group as it is answered with: what was said of it, and where it stands.
// Only ever flattened into `GroupResource`, so that the name of its schema does not collide with that of the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Group")]
pub struct GroupAnswer {
    /// What was said of it. The parent is left out for those who may not see it.
    #[serde(flatten)]
    pub group: Group,
    /// Where it stands in its life.
    pub state: State,
}

impl Group {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        check.take(self.name.check("/name", 300));
        check.take(check_forms(&self.name_forms, "/name_forms", 300));
        if let Some(mandate) = &self.mandate {
            check.take(mandate.check("/mandate", 10_000));
        }
        check_languages(&self.languages, &mut check);
        external::check(&self.external_ids, &mut check);
        self.disclosure().check(&mut check);
        audience::check(self.visibility, &self.audience_ids, &mut check);
        check.finish()
    }

    /// Who may see it, and its label.
    pub fn disclosure(&self) -> Disclosure {
        Disclosure::new(self.visibility, self.tlp, &self.audience_ids)
    }

    /// This with its label in its final form, `before` being what it was until now.
    pub fn labelled(self, before: Option<&Self>) -> Self {
        let settled = Disclosure::settle(self.visibility, self.tlp, before.map(Self::disclosure));
        Self { tlp: Some(settled.tlp), ..self }
    }

    /// Code and all names folded for searching.
    pub fn search_key(&self) -> String {
        search_key(&format!("{} {}", self.code, self.name.search_key()))
    }
}
