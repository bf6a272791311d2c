//! What a provider of identities says of a person, and when it is believed (OpenID Connect Core 1.0, Back-Channel
//! Logout 1.0).
//!
//! Here are the rules on the content of tokens and on linking people to accounts. Fetching tokens and checking their
//! signatures is done by the application.

mod claims;
mod id_token;
mod linking;
mod logout_token;

pub use claims::{Algorithm, ClaimsFault, LEEWAY, TOKEN_AGE, Typ};
pub use id_token::{Expected, IdClaims};
pub use linking::{LinkRefusal, after_sign_in, may_link};
pub use logout_token::{Ended, LogoutClaims};
