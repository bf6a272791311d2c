//! Names for people who do not exist, wherever they come from.
//!
//! Put together from syllables by a seeded sequence, so that the same scenario always has the same people and none of
//! them is anybody. Where it matters what people of a country are called, [`Parties`](super::party::Parties) names them.

use super::chance::Chance;

const BEGINNINGS: &[&str] =
    &["Al", "Be", "Da", "El", "Fe", "Ha", "Il", "Ja", "Ka", "Li", "Ma", "Ni", "Or", "Pe", "Ra", "Sa", "Ta", "Va"];
const MIDDLES: &[&str] = &["bri", "do", "la", "le", "mi", "na", "ri", "ro", "so", "ti", "va", "vi"];
const ENDINGS: &[&str] = &["an", "ar", "el", "en", "ia", "in", "is", "on", "ra", "ta"];
const FAMILY_ENDINGS: &[&str] = &["bek", "dal", "dorn", "lund", "mar", "nov", "rand", "ster", "tal", "vik"];

/// A sequence of made-up people.
#[derive(Debug, Clone)]
pub struct Names {
    chance: Chance,
}

impl Names {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self { chance: Chance::new(seed) }
    }

    /// The next given and family name.
    pub fn next_name(&mut self) -> (String, String) {
        let mut name = |endings| {
            let chance = &mut self.chance;
            format!("{}{}{}", chance.pick(BEGINNINGS), chance.pick(MIDDLES), chance.pick(endings))
        };
        (name(ENDINGS), name(FAMILY_ENDINGS))
    }

    /// Whether something that happens in this share of cases happens now.
    pub fn chance(&mut self, share: f64) -> bool {
        self.chance.happens(share)
    }
}
