//! What is wrong with an input: one entry per fault, each pointing at the field and saying how to mend it.

use schemars::JsonSchema;
use serde::Serialize;

/// One fault in an input, as it appears in the `errors` of an RFC 9457 problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Violation {
    /// JSON pointer (RFC 6901) to the faulty member of the request body, or the name of a parameter.
    pub pointer: String,
    /// Stable machine-readable code in `snake_case`.
    pub code: &'static str,
    /// Plain words that say what is wrong and how to mend it.
    pub detail: String,
}

impl Violation {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.into() }
    }
}

/// Collects every fault of an input, so that the caller can mend all of them at once.
#[derive(Debug, Default)]
pub struct Check(Vec<Violation>);

impl Check {
    /// A check that has found nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a fault unless `holds`.
    pub fn require(&mut self, holds: bool, pointer: &str, code: &'static str, detail: impl Into<String>) -> &mut Self {
        if !holds {
            self.0.push(Violation::new(pointer, code, detail));
        }
        self
    }

    /// Records a fault found elsewhere.
    pub fn add(&mut self, violation: Violation) -> &mut Self {
        self.0.push(violation);
        self
    }

    /// Takes the value, or records its fault and goes on.
    pub fn take<T>(&mut self, result: Result<T, Violation>) -> Option<T> {
        result.map_err(|violation| self.0.push(violation)).ok()
    }

    /// Nothing found, or everything that was found.
    pub fn finish(self) -> Result<(), Vec<Violation>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
