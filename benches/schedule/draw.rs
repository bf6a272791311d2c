//! Chance from a seed.

use uuid::Uuid;

/// Numbers drawn from a seed (SplitMix64).
pub struct Draw(pub u64);

impl Draw {
    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit
    }

    /// Whether it is one of so many.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// An id of one of so many.
    pub fn id<T: From<Uuid>>(&mut self, limit: u64) -> T {
        id(self.below(limit))
    }
}

/// The id with this number. Spread over all bits, as real ids are.
pub fn id<T: From<Uuid>>(number: u64) -> T {
    let low = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Uuid::from_u64_pair(low.rotate_left(31), low).into()
}
