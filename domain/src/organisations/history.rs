//! The names an organisation had at an instant: an event of 2019 was attended by states as they were called in 2019.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Names;
use crate::{
    former::{Former, held_at},
    moment::Moment,
};

/// Names an organisation had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormerNames {
    /// All names as they were.
    pub names: Names,
    /// First instant at which they were no longer the names.
    pub until: Moment,
}

impl Former for FormerNames {
    fn until(&self) -> Moment {
        self.until
    }
}

/// All names of an organisation, by which those of any instant are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamesHistory {
    /// The names today.
    pub names: Names,
    /// The names before.
    pub former: Vec<FormerNames>,
}

impl NamesHistory {
    /// The names at `at`.
    pub fn at(self, at: Timestamp) -> Names {
        held_at(&self.former, at).map_or(self.names, |former| former.names.clone())
    }
}

impl Names {
    /// Whether somebody who knows these names would look in vain for one of them among `later`. Names that are added,
    /// in a language or for a grammatical case, rename nothing.
    pub fn renamed_in(&self, later: &Self) -> bool {
        self.0.iter().any(|(language, before)| {
            let after = later.0.get(language).cloned().unwrap_or_default();
            [(&before.list, &after.list), (&before.text, &after.text), (&before.formal, &after.formal)]
                .iter()
                .any(|(before, after)| before.is_some() && before != after)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Language, organisations::NameForms};

    fn named(list: &str) -> Names {
        Names([(Language::english(), NameForms { list: Some(list.into()), ..NameForms::default() })].into())
    }

    #[test]
    fn an_instant_of_the_past_has_the_names_of_the_past() {
        let history = NamesHistory {
            names: named("Third"),
            former: vec![
                FormerNames { names: named("Second"), until: Moment::parse("2022-06-01").unwrap() },
                FormerNames { names: named("First"), until: Moment::parse("2010-01-01").unwrap() },
            ],
        };
        let at = |day| history.clone().at(Moment::parse(day).unwrap().0);
        assert_eq!(
            (at("2009-12-31"), at("2010-01-01"), at("2022-05-31"), at("2022-06-01")),
            (named("First"), named("Second"), named("Second"), named("Third"))
        );
    }

    #[test]
    fn a_name_in_another_language_renames_nothing() {
        let mut more = named("Poland");
        more.0
            .insert(Language::parse("pl").unwrap(), NameForms { list: Some("Polska".into()), ..NameForms::default() });
        assert!(!named("Poland").renamed_in(&more));
        assert!(more.renamed_in(&named("Poland")));
        assert!(named("Turkey").renamed_in(&named("Türkiye")));
    }
}
