//! Tables of access.

pub mod account;
pub mod api_key;
pub mod api_key_limit;
pub mod idempotency_record;
