//! Compare and set: a write says which version it was based on.

use crate::error::Error;

/// The version a write expects to find (`If-Match`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The caller did not say; a write is refused.
    Missing,
    /// Whatever is there (`*`, or a partner's upsert).
    Any,
    /// Exactly this version.
    Version(i32),
    /// A tag that none of our objects has.
    Unknown,
}

impl Expected {
    /// Refuses the write unless `version` is what was expected.
    pub fn check(self, version: i32) -> Result<(), Error> {
        match self {
            Self::Missing => Err(Error::PreconditionRequired),
            Self::Any => Ok(()),
            Self::Version(expected) if expected == version => Ok(()),
            Self::Version(_) | Self::Unknown => Err(Error::Stale(None)),
        }
    }
}
