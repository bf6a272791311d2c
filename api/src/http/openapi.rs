//! The API document: assembled from the resources, then put right where the framework's own output is wrong.

/// Path every operation begins with.
pub const BASE: &str = "/api/v1";
