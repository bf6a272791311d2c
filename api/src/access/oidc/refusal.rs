//! Why somebody is not signed in: in plain words for the person, with the cause for the log.

use domain::access::oidc::{ClaimsFault, LinkRefusal};
use sea_orm::DbErr;

use super::{fetch::FetchFault, token::TokenFault};
use crate::error::Error;

/// Why a sign-in through a provider did not come about. The words are for the person in front of the browser; nothing
/// in them comes from the request or from the provider.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Not begun in this browser, used already, or too old.
    #[error(
        "This sign-in is not going on in this browser: it took longer than ten minutes, was finished already, or began \
         in another browser. Start it again."
    )]
    NoAttempt,
    /// The person or the provider said no.
    #[error("The sign-in was cancelled or refused at the provider. Start again, or choose another way to sign in.")]
    Declined(String),
    /// The provider cannot be reached.
    #[error(
        "The provider does not answer at the moment. Wait a minute and start again, or choose another way to sign in."
    )]
    Unreachable,
    /// The provider did not give a token for the code.
    #[error("The provider did not confirm the sign-in. Start it again; if it fails again, tell your administrator.")]
    Exchange(#[source] FetchFault),
    /// The answer is not the asked provider's.
    #[error("The answer came from another provider than the one that was asked. Start the sign-in again.")]
    OtherIssuer,
    /// The token is not believed.
    #[error(
        "What the provider said about you cannot be believed. Start again; if it fails again, tell your administrator."
    )]
    Token(#[from] TokenFault),
    /// Nobody here is that person.
    #[error(
        "You are known to the provider, but no account here is waiting for you. Ask your secretariat to invite the \
         e-mail address that the provider has confirmed for you."
    )]
    Unknown(#[source] LinkRefusal),
    /// The account cannot be used.
    #[error("Your account here is disabled. Ask your administrator.")]
    Disabled,
    /// The account was written to by somebody else at the same moment.
    #[error("Your account here was changed at this very moment. Start the sign-in again.")]
    Overtaken,
    /// Something else.
    #[error(transparent)]
    Other(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Stale(_) => Self::Overtaken,
            other => Self::Other(other),
        }
    }
}

impl From<ClaimsFault> for Refusal {
    fn from(fault: ClaimsFault) -> Self {
        Self::Token(fault.into())
    }
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        Self::Other(error.into())
    }
}

impl Refusal {
    /// The cause, for the log; a provider's own words are cut and escaped.
    pub fn cause(&self) -> String {
        match self {
            Self::Declined(error) => error.chars().take(100).flat_map(char::escape_default).collect(),
            Self::Exchange(fault) => fault.to_string(),
            Self::Token(fault) => fault.to_string(),
            Self::Unknown(refusal) => refusal.to_string(),
            other => other.to_string(),
        }
    }
}
