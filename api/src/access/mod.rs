//! Keys and accounts: who may knock, and what the key in their hand opens. The rules are in `domain::access`.

pub mod accounts;
pub mod keys;
pub mod store;

pub use keys::{HeldKey, authenticate};
