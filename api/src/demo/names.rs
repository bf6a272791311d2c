//! Names for people who do not exist.
//!
//! Put together from syllables by a seeded sequence, so that the same scenario always has the same people and none of
//! them is anybody.

const BEGINNINGS: &[&str] =
    &["Al", "Be", "Da", "El", "Fe", "Ha", "Il", "Ja", "Ka", "Li", "Ma", "Ni", "Or", "Pe", "Ra", "Sa", "Ta", "Va"];
const MIDDLES: &[&str] = &["bri", "do", "la", "le", "mi", "na", "ri", "ro", "so", "ti", "va", "vi"];
const ENDINGS: &[&str] = &["an", "ar", "el", "en", "ia", "in", "is", "on", "ra", "ta"];
const FAMILY_ENDINGS: &[&str] = &["bek", "dal", "dorn", "lund", "mar", "nov", "rand", "ster", "tal", "vik"];

/// A sequence of made-up people.
#[derive(Debug, Clone)]
pub struct Names {
    state: u64,
}

impl Names {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// The next given and family name.
    pub fn next_name(&mut self) -> (String, String) {
        let given = format!("{}{}{}", self.pick(BEGINNINGS), self.pick(MIDDLES), self.pick(ENDINGS));
        let family = format!("{}{}{}", self.pick(BEGINNINGS), self.pick(MIDDLES), self.pick(FAMILY_ENDINGS));
        (given, family)
    }

    /// Whether something that happens in this share of cases happens now.
    pub fn chance(&mut self, share: f64) -> bool {
        f64::from(u32::try_from(self.step() % 100).unwrap_or(0)) < share * 100.0
    }

    fn pick(&mut self, from: &'static [&'static str]) -> &'static str {
        from[usize::try_from(self.step()).unwrap_or(0) % from.len()]
    }

    /// xorshift64*: small, seeded, good enough for names.
    fn step(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
    }
}
