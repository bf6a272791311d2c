//! Tables of access.

pub mod account;
pub mod account_password;
pub mod api_key;
pub mod api_key_limit;
pub mod app_password;
pub mod audience_member;
pub mod idempotency_record;
pub mod identity;
pub mod passkey;
pub mod passkey_challenge;
pub mod provider_sign_in;
pub mod sign_in_attempt;
pub mod sign_in_link;
pub mod sign_in_session;
pub mod throttle;
