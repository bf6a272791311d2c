//! The order of a list of participants.
//!
//! Categories come as [`Category::ALL`] has them. Within a category the organisations follow the alphabet of the
//! language; within a delegation the functions come as [`Function::ALL`] has them, the head first, and equal functions by
//! name. Whoever is known by function only stands behind those with a name: a place among them would tell the name.

use std::cmp::Ordering;

use super::{Party, Person, Roll};
use crate::{
    Language,
    attendance::Category,
    organisations::order::{alphabet, alphabetical},
};

/// One category of a list with its delegations, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    /// The category.
    pub category: Category,
    /// Each delegation with its people.
    pub parties: Vec<(&'a Party, Vec<&'a Person>)>,
}

impl Roll {
    /// The categories that somebody came in, in the order of a reader of `language`.
    pub fn in_order(&self, language: &Language) -> Vec<Section<'_>> {
        let compare = alphabet(language);
        let sections = Category::ALL.iter().map(|category| {
            let mut parties: Vec<&Party> = self.parties.iter().filter(|party| party.category == *category).collect();
            alphabetical(&mut parties, language, |party| (&party.code, &party.names));
            let parties = parties.into_iter().map(|party| (party, people(party, &compare))).collect();
            Section { category: *category, parties }
        });
        sections.filter(|section| !section.parties.is_empty()).collect()
    }
}

fn people(party: &Party, compare: impl Fn(&str, &str) -> Ordering) -> Vec<&Person> {
    let mut people: Vec<&Person> = party.people.iter().collect();
    people.sort_by(|a, b| {
        a.function.cmp(&b.function).then_with(|| match (&a.named, &b.named) {
            (Some(a), Some(b)) => compare(&a.sort, &b.sort).then_with(|| a.name.cmp(&b.name)),
            (a, b) => b.is_some().cmp(&a.is_some()),
        })
    });
    people
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
