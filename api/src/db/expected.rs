//! Compare and set: a write says which version it was based on.

use serde::Serialize;

use super::Visible;
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
    /// Exactly this version, over exactly that of what lies beneath.
    Versions(i32, i32),
    /// A tag that none of our objects has.
    Unknown,
}

impl Expected {
    /// Refuses the write unless `current` is what was expected; the refusal carries it.
    pub fn check_object<C: Serialize>(self, current: &Visible<C>) -> Result<(), Error> {
        self.check_version(current.version, current)
    }

    /// The same for a part of an object that has a version of its own. Version 0 stands for a part that nobody has
    /// written yet, which nobody can have read either.
    pub fn check_version(self, version: i32, current: &impl Serialize) -> Result<(), Error> {
        match self {
            Self::Missing if version == 0 => Ok(()),
            Self::Missing => Err(Error::PreconditionRequired),
            Self::Any => Ok(()),
            Self::Version(expected) | Self::Versions(expected, _) if expected == version => Ok(()),
            Self::Version(_) | Self::Versions(..) | Self::Unknown => {
                Err(Error::Stale(Some(serde_json::to_value(current)?)))
            }
        }
    }

    /// The same for a part that takes what it does not say from something `beneath` it: whoever read that in another
    /// version would write it back.
    pub fn check_over(self, version: i32, beneath: i32, current: &impl Serialize) -> Result<(), Error> {
        match self {
            Self::Versions(_, expected) if expected != beneath => Self::Unknown.check_version(version, current),
            other => other.check_version(version, current),
        }
    }

    /// Whatever is there, unless the caller said otherwise: for a partner's upsert.
    pub fn or_any(self) -> Self {
        if self == Self::Missing { Self::Any } else { self }
    }
}
