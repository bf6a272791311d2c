//! The numbers of items. Until the agenda is adopted they follow from the tree; from then on each keeps the one it has,
//! and what is inserted between 3 and 4 is 3 bis, then 3 ter, as is usual among diplomats.
//!
//! Only common items are numbered: so nothing shows where those stand that not everybody sees.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stop;
use crate::{Check, Violation, identifier::AgendaItemId, language::check_line};

/// What follows a number that is given again; after the last of them, digits.
const AGAIN: [&str; 19] = [
    "bis",
    "ter",
    "quater",
    "quinquies",
    "sexies",
    "septies",
    "octies",
    "novies",
    "decies",
    "undecies",
    "duodecies",
    "terdecies",
    "quaterdecies",
    "quindecies",
    "sexdecies",
    "septendecies",
    "octodecies",
    "novodecies",
    "vicies",
];

/// The values of roman numerals, largest first.
const ROMAN: [(u32, &str); 13] = [
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
];

crate::words! {
    /// How items at the top are counted; those below them are always counted 1, 2, 3.
    #[derive(Default)]
    #[schemars(rename = "AgendaNumberStyle")]
    pub enum Style {
        /// 1, 2, 3.
        #[default]
        Arabic = "arabic",
        /// I, II, III.
        Roman = "roman",
    }
}

/// How the items of a session are numbered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AgendaNumbering")]
pub struct Numbering {
    /// How items at the top are counted.
    #[serde(default)]
    pub style: Style,
    /// What comes before the number of an item at the top, such as `A-`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20))]
    pub prefix: Option<String>,
}

impl Numbering {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Vec<Violation>> {
        let mut check = Check::new();
        if let Some(prefix) = &self.prefix {
            check.take(check_line(prefix, "/prefix", 20));
        }
        check.finish()
    }

    /// The number that follows from counting: the `count`th below the item numbered `parent`, or at the top.
    fn counted(&self, parent: Option<&str>, count: u32) -> String {
        match (parent, self.style) {
            (Some(parent), _) => format!("{parent}.{count}"),
            (None, Style::Arabic) => format!("{}{count}", self.prefix()),
            (None, Style::Roman) => format!("{}{}", self.prefix(), roman(count)),
        }
    }

    fn prefix(&self) -> &str {
        self.prefix.as_deref().unwrap_or_default()
    }

    /// The number of an item inserted into an adopted agenda: that of the nearest numbered sibling before it with `bis`,
    /// `ter` and so on, the first free one; after the last sibling the next number in turn; before the first, that which
    /// would come before 1. `before` is the number of that sibling, `last` whether no numbered one follows.
    pub fn inserted(&self, parent: Option<&str>, before: Option<&str>, last: bool, taken: &Taken) -> String {
        if last {
            // No more of them were ever counted than there are numbers.
            let upto = u32::try_from(taken.0.len()).unwrap_or(u32::MAX);
            let highest = (1..=upto).rev().find(|count| taken.has(&self.counted(parent, *count))).unwrap_or_default();
            let mut next = (highest + 1..).map(|count| self.counted(parent, count));
            return next.find(|number| !taken.has(number)).unwrap_or_default();
        }
        let zero = || match parent {
            Some(parent) => format!("{parent}.0"),
            None => format!("{}0", self.prefix()),
        };
        let base = before.map_or_else(zero, |number| base_of(number).to_owned());
        if before.is_none() && !taken.has(&base) {
            return base;
        }
        let words = AGAIN.iter().map(|word| (*word).to_owned());
        let mut again = words.chain((AGAIN.len() + 2..).map(|count| format!("({count})")));
        again.find_map(|word| Some(format!("{base} {word}")).filter(|number| !taken.has(number))).unwrap_or_default()
    }
}

/// Numbers that are given, those of deleted items among them: none is given twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken(HashSet<String>);

impl Taken {
    /// Whether this number is given, without regard to case and blanks.
    pub fn has(&self, number: &str) -> bool {
        self.0.contains(&key(number))
    }

    /// Adds a number; whether it was free.
    pub fn add(&mut self, number: &str) -> bool {
        self.0.insert(key(number))
    }
}

impl<'a> FromIterator<&'a str> for Taken {
    fn from_iter<I: IntoIterator<Item = &'a str>>(numbers: I) -> Self {
        Self(numbers.into_iter().map(key).collect())
    }
}

/// The numbers of the items of an agenda that is not adopted, those given by hand (`by_hand`) included. What is counted
/// passes over numbers given by hand. `way` is that through the numbered items alone.
pub fn assigned(
    numbering: &Numbering,
    way: &[Stop],
    by_hand: &HashMap<AgendaItemId, String>,
) -> HashMap<AgendaItemId, String> {
    let mut taken: Taken = by_hand.values().map(String::as_str).collect();
    let mut counts: HashMap<Option<AgendaItemId>, u32> = HashMap::new();
    let mut numbers: HashMap<AgendaItemId, String> = HashMap::new();
    for stop in way {
        if let Some(number) = by_hand.get(&stop.id) {
            numbers.insert(stop.id, number.clone());
            continue;
        }
        let parent = stop.parent.and_then(|parent| numbers.get(&parent).cloned());
        let count = counts.entry(stop.parent).or_default();
        loop {
            *count += 1;
            let number = numbering.counted(parent.as_deref(), *count);
            if taken.add(&number) {
                numbers.insert(stop.id, number);
                break;
            }
        }
    }
    numbers
}

/// What `bis` and the like were put behind.
fn base_of(number: &str) -> &str {
    match number.rsplit_once(' ') {
        Some((base, last)) if AGAIN.contains(&last) || (last.starts_with('(') && last.ends_with(')')) => base,
        _ => number,
    }
}

/// By what two numbers are the same.
fn key(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn roman(count: u32) -> String {
    let mut left = count;
    let mut written = String::new();
    for (value, letters) in ROMAN {
        while left >= value {
            written.push_str(letters);
            left -= value;
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals_are_those_of_the_romans() {
        let written: Vec<_> = [1, 4, 9, 14, 40, 90, 400, 1994].into_iter().map(roman).collect();
        assert_eq!(written, ["I", "IV", "IX", "XIV", "XL", "XC", "CD", "MCMXCIV"]);
    }

    #[test]
    fn what_comes_in_after_the_adoption_repeats_the_number_before_it() {
        let numbering = Numbering::default();
        let mut taken: Taken = ["1", "2", "3", "3.1", "3.2", "4"].into_iter().collect();
        let mut insert = |parent, before, last| {
            let number = numbering.inserted(parent, before, last, &taken);
            assert!(taken.add(&number), "{number} twice");
            number
        };
        assert_eq!(insert(None, Some("3"), false), "3 bis");
        assert_eq!(insert(None, Some("3"), false), "3 ter");
        assert_eq!(insert(None, Some("3 bis"), false), "3 quater");
        assert_eq!(insert(Some("3"), Some("3.1"), false), "3.1 bis");
        assert_eq!(insert(Some("3"), Some("3.2"), true), "3.3");
        assert_eq!(insert(Some("3 bis"), None, true), "3 bis.1");
        assert_eq!(insert(None, Some("4"), true), "5");
        assert_eq!(insert(None, None, false), "0");
        assert_eq!(insert(None, None, false), "0 bis");
    }

    #[test]
    fn after_the_twentieth_time_digits_do() {
        let numbering = Numbering { style: Style::Roman, prefix: Some("A-".into()) };
        let mut taken: Taken = ["A-I", "A-II"].into_iter().collect();
        let mut last = String::new();
        for _ in 0..20 {
            last = numbering.inserted(None, Some("A-I"), false, &taken);
            taken.add(&last);
        }
        assert_eq!(last, "A-I (21)");
        assert_eq!(numbering.inserted(None, Some("A-I (21)"), false, &taken), "A-I (22)");
        assert_eq!(numbering.inserted(None, Some("A-II"), true, &taken), "A-III");
    }
}
