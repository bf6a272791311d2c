//! Time and chance, the two things a use case may not take from the system by itself.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use jiff::Timestamp;
use uuid::Uuid;

/// Where "now" comes from.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The clock of the machine.
    #[default]
    System,
    /// A clock that stands still until a test moves it; microseconds since the epoch.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// The present instant, to the microsecond: the finest both databases keep.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    pub fn now(&self) -> Timestamp {
        let microseconds = match self {
            Self::System => Timestamp::now().as_microsecond(),
            Self::Fixed(at) => at.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Where random bytes come from.
#[derive(Debug, Clone, Default)]
pub enum Entropy {
    /// The operating system's generator.
    #[default]
    System,
    /// A repeatable sequence for tests and demo data (SplitMix64).
    Seeded(Arc<AtomicU64>),
}

impl Entropy {
    /// A repeatable sequence.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    /// `N` random bytes; fails only where the operating system has none to give.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for chance")]
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], getrandom::Error> {
        let mut bytes = [0; N];
        match self {
            Self::System => getrandom::fill(&mut bytes)?,
            Self::Seeded(state) => bytes.chunks_mut(8).for_each(|chunk| {
                let word = split_mix(state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst));
                chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
            }),
        }
        Ok(bytes)
    }

    /// A new UUIDv7 of the instant `now` (RFC 9562, 5.7).
    pub fn uuid(&self, now: Timestamp) -> Result<Uuid, getrandom::Error> {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        Ok(uuid::Builder::from_unix_timestamp_millis(milliseconds, &self.bytes()?).into_uuid())
    }
}

fn split_mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
