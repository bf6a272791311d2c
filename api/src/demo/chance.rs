//! Chance that is the same every time: a seeded sequence, good enough for making things up and for nothing else.

/// A sequence of choices.
#[derive(Debug, Clone)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// The sequence of this seed for one of many things, by its name: what is made up of the others does not shift it.
    pub fn of(seed: u64, name: &str) -> Self {
        let mix = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        let mut made = Self::new(name.bytes().fold(seed ^ 0xCBF2_9CE4_8422_2325, mix));
        // Names of two letters differ in a few bits: let them spread.
        for _ in 0..8 {
            made.step();
        }
        made
    }

    /// Whether something that happens in this share of cases happens now.
    pub fn happens(&mut self, share: f64) -> bool {
        f64::from(u32::try_from(self.step() % 1_000).unwrap_or(0)) < share * 1_000.0
    }

    /// One of these, which must not be none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.step()).unwrap_or(0) % from.len()]
    }

    /// xorshift64*: small and seeded.
    fn step(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
    }
}
