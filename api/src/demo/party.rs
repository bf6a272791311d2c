//! Whole delegations of people who do not exist: as many as such a state sends, named as people there are, in the
//! languages they speak and with the offices such delegations have.
//!
//! Here: who they are. `peoples.json` says which given and family names are common in which part of the world, and which
//! states send people from there; names are combined by chance. How they are named to an event is `delegations`.

use std::collections::BTreeMap;

use domain::{
    Language, Text,
    attendance::{DelegateState, Function, Level, Participation},
};
use serde::Deserialize;

use super::{
    chance::Chance,
    posts::{self, Post},
};

/// How many people a state sends of which nothing else is known: each number as often as it stands here.
const SIZES: &[usize] = &[1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8];

/// What people are called in all parts of the world that send somebody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parties {
    /// Names by the part of the world where they are common.
    areas: BTreeMap<String, Area>,
    /// States by their codes.
    states: BTreeMap<String, State>,
}

/// How names are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    GivenFirst,
    FamilyFirst,
    /// All of it is the person's own name.
    NoFamily,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Area {
    order: Order,
    /// Whether people bear a family name of each parent.
    #[serde(default)]
    two_families: bool,
    women: Vec<String>,
    men: Vec<String>,
    families: Vec<String>,
    /// What women are called in the families, in their order, where that differs.
    #[serde(default)]
    families_of_women: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    /// What is spoken by everybody it sends.
    languages: Vec<Language>,
    areas: Vec<String>,
    /// How many it sends, where that is not left to chance.
    #[serde(default)]
    people: Option<usize>,
}

/// A name in its parts and as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// As it is shown.
    pub display: String,
    /// The given name.
    pub given: Option<String>,
    /// The family name.
    pub family: Option<String>,
}

/// Somebody in a delegation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// What they are called.
    pub name: Name,
    /// How they are addressed.
    pub honorific: Option<&'static str>,
    /// What they speak, best first.
    pub languages: Vec<Language>,
    /// Their office at home.
    pub position: Option<Text>,
    /// What they do.
    pub function: Function,
    /// Their rank.
    pub level: Option<Level>,
    /// How they take part.
    pub participation: Participation,
    /// Whether others know them by function only.
    pub protected: bool,
    /// What the secretariat decides of them, or they of themselves.
    pub ends_as: DelegateState,
}

impl Member {
    /// The head of a delegation of whom nothing else is said.
    pub fn head(given: String, family: String) -> Self {
        let display = format!("{given} {family}");
        Self {
            name: Name { display, given: Some(given), family: Some(family) },
            honorific: None,
            languages: vec![],
            position: None,
            function: Function::Head,
            level: None,
            participation: Participation::default(),
            protected: false,
            ends_as: DelegateState::Approved,
        }
    }
}

impl Parties {
    /// Reads the names.
    pub fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("peoples.json"))
    }

    /// The delegation of the state of this code, large or small, at a meeting in these languages, head first; none of a state of which
    /// nothing is known. The same seed gives the same people.
    pub fn of(&self, seed: u64, code: &str, spoken: &[Language]) -> Option<Vec<Member>> {
        let code = code.to_ascii_uppercase();
        let state = self.states.get(&code)?;
        let mut chance = Chance::of(seed, &code);
        let size = state.people.unwrap_or_else(|| *chance.pick(SIZES));
        let foreign = !state.languages.iter().any(|language| spoken.contains(language));
        let mut members: Vec<Member> = vec![];
        for (function, post) in posts::of_delegation(size, foreign, &mut chance) {
            let known = |name: &Name| members.iter().any(|member| member.name == *name);
            let name = self.new_name(state, &mut chance, known)?;
            let languages = languages(state, spoken, function, &mut chance);
            members.push(member(name, languages, (function, post), &mut chance));
        }
        Some(members)
    }

    /// A name that is not `known`.
    fn new_name(&self, state: &State, chance: &mut Chance, known: impl Fn(&Name) -> bool) -> Option<Name> {
        loop {
            let name = self.areas.get(chance.pick(&state.areas))?.name(chance);
            if !known(&name) {
                return Some(name);
            }
        }
    }
}

impl Area {
    fn name(&self, chance: &mut Chance) -> Name {
        let woman = chance.happens(0.4);
        let given = chance.pick(if woman { &self.women } else { &self.men }).clone();
        let families =
            if woman && !self.families_of_women.is_empty() { &self.families_of_women } else { &self.families };
        let mut family = chance.pick(families).clone();
        if self.two_families {
            let others: Vec<_> = families.iter().filter(|other| **other != family).collect();
            family = format!("{family} {}", chance.pick(&others));
        }
        match self.order {
            Order::GivenFirst => {
                Name { display: format!("{given} {family}"), given: Some(given), family: Some(family) }
            }
            Order::FamilyFirst => {
                Name { display: format!("{family} {given}"), given: Some(given), family: Some(family) }
            }
            Order::NoFamily => Name { display: format!("{given} {family}"), given: None, family: None },
        }
    }
}

/// Everybody speaks what is spoken at home; most a language of the meeting too, and interpreters all of them.
fn languages(state: &State, spoken: &[Language], function: Function, chance: &mut Chance) -> Vec<Language> {
    let mut languages = state.languages.clone();
    for (language, share) in spoken.iter().zip([0.8, 0.35]) {
        if !languages.contains(language) && (function == Function::Interpreter || chance.happens(share)) {
            languages.push(language.clone());
        }
    }
    languages
}

fn member(name: Name, languages: Vec<Language>, (function, post): (Function, &Post), chance: &mut Chance) -> Member {
    let leads = matches!(function, Function::Head | Function::DeputyHead);
    let advises = matches!(function, Function::Adviser | Function::Expert);
    let online = advises && chance.happens(0.07);
    Member {
        name,
        honorific: post.honorific,
        languages,
        position: Some(post.position()),
        function,
        level: post.level,
        participation: if online { Participation::Online } else { Participation::InPerson },
        protected: function == Function::Security || (function == Function::Expert && chance.happens(0.02)),
        ends_as: if leads { DelegateState::Approved } else { end(chance) },
    }
}

/// Most may come; a few do not after all, wait for papers to the last, or may not.
fn end(chance: &mut Chance) -> DelegateState {
    for (state, share) in
        [(DelegateState::Withdrawn, 0.025), (DelegateState::OnHold, 0.015), (DelegateState::Rejected, 0.007)]
    {
        if chance.happens(share) {
            return state;
        }
    }
    DelegateState::Approved
}

#[cfg(test)]
#[path = "party_tests.rs"]
mod tests;
