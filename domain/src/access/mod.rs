//! Who may do what. Decided here, once, from facts; enforced where rows are read and transactions are opened.
//!
//! Reading is narrowed by a predicate in SQL built from the [`Actor`]; writing needs a [`Permit`], which only
//! [`Actor::permit`] makes and without which no transaction can be opened. The default is no.

mod account;
mod actor;
mod app_password;
pub mod audience;
mod disclosure;
mod key;
mod network;
pub mod oidc;
pub mod passkey;
mod return_to;
mod rotation;
mod scope;
mod sign_in;
mod token;

#[cfg(test)]
mod policy_tests;

pub use account::{Account, AccountState};
pub use actor::{Actor, Denial, Limit, Narrowing, Offices, Permit, Principal, Seat, Standing, Target, Task};
pub use app_password::{AppPassword, AppPasswords, IssuedAppPassword, NewAppPassword};
pub use audience::AudienceId;
pub use disclosure::{Disclosure, Tlp, Visibility};
pub use key::{IssuedKey, Key, KeyState, NewKey};
pub use network::Network;
pub use return_to::ReturnTo;
pub use rotation::{KeyRotation, check_overlap, overlap_end};
pub use scope::{Resource, Scope, Verb};
pub use sign_in::{Me, Proof, SignIn, SignInMethod, SignInTimes, SignIns, coarse_agent};
pub use token::{Secret, TOKEN_BYTES, Token, TokenKind};

crate::words! {
    /// What an account or a key is for.
    #[schemars(rename = "KeyRole")]
    pub enum Role {
        /// Runs the server: everything, keys and accounts included.
        Admin = "admin",
        /// Runs groups and events: everything but keys and accounts, within its limits if it has any.
        Secretariat = "secretariat",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Composes the delegations of one organisation, within its limits if it has any, and sees what that
        /// organisation may see.
        DelegationManager = "delegation_manager",
        /// Acts for one organisation: sees what that organisation may see.
        Delegate = "delegate",
        /// Sees what everybody may see who is signed in; what more, its offices in groups say.
        Guest = "guest",
    }
}

impl Role {
    /// Whether whoever has this role may hand out `other`: an administrator any, the rest their own, and whoever composes
    /// a delegation also that of a delegate.
    pub fn includes(self, other: Self) -> bool {
        matches!((self, other), (Self::Admin, _) | (Self::DelegationManager, Self::Delegate)) || self == other
    }

    /// Whether whoever has this role acts for an organisation.
    pub fn acts_for_organisation(self) -> bool {
        matches!(self, Self::DelegationManager | Self::Delegate)
    }

    /// Whether it can be limited to events and groups.
    pub fn can_be_limited(self) -> bool {
        matches!(self, Self::Secretariat | Self::Auditor | Self::DelegationManager)
    }
}
