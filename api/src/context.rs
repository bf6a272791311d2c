//! What every use case is given: who asks, when, and the database.

use std::sync::Arc;

use domain::{
    Language,
    access::{Actor, Permit, Principal, Resource, Secret, SignInTimes, Tlp, Token},
};
use jiff::Timestamp;
use sea_orm::DatabaseConnection;
use uuid::Uuid;

use crate::{
    clock::{Clock, Entropy},
    config::Config,
    db::{Claim, Db, Origin, Tx},
    error::Error,
    fonts::PrintFonts,
};

/// The running application: what all requests share.
#[derive(Debug, Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Where random bytes come from.
    pub entropy: Entropy,
    /// How it was configured.
    pub config: Arc<Config>,
    /// What documents are printed in.
    pub fonts: PrintFonts,
}

/// What a browser brought along besides its request; empty for everybody else.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// The cookie of its sign-in, whether or not that still counts.
    pub held: Option<Token>,
    /// The cookie by which it is told from other browsers before anybody has signed in.
    pub mark: Option<Token>,
    /// Program and system, coarsely.
    pub agent: Option<String>,
}

impl Browser {
    /// What the forms it is given must send back: another site can make a browser send a form with its cookies, but
    /// cannot read this out of a page (OWASP ASVS 5.0, 3.5.1).
    pub fn csrf_token(&self) -> Option<Secret> {
        self.held.as_ref().or(self.mark.as_ref()).map(|cookie| cookie.derived("csrf"))
    }
}

/// One request, job or command: its actor, its instant and its way to the database.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The application.
    pub app: App,
    /// Who asks; every read is narrowed to what this actor may see.
    pub actor: Actor,
    /// The instant of this request; the same for all it does.
    pub now: Timestamp,
    /// By which door it came: `api`, `console`, `job`.
    pub via: &'static str,
    /// The request's id.
    pub request_id: Option<String>,
    /// The client's address.
    pub address: Option<String>,
    /// What the browser brought along.
    pub browser: Browser,
    /// Languages the answer is wanted in, best first; empty for all.
    pub languages: Vec<Language>,
    /// The guard against carrying out a repeated POST twice.
    pub idempotency: Option<Claim>,
    /// The entity tags the caller has (RFC 9110, 13.1.2).
    pub if_none_match: Option<String>,
    /// The query of the request as it was sent, from which the address of the next page is made.
    pub query: String,
}

impl Ctx {
    /// A context for the command line or a background job.
    pub fn internal(app: &App, via: &'static str) -> Self {
        Self {
            now: app.clock.now(),
            app: app.clone(),
            actor: Actor::console(),
            via,
            request_id: None,
            address: None,
            browser: Browser::default(),
            languages: vec![],
            idempotency: None,
            if_none_match: None,
            query: String::new(),
        }
    }

    /// Where reads go, once `resource` is shown to the actor at all. What a request asks for has to be in the scopes of a
    /// key as well; that is decided at the door, before anything of the request is looked at.
    pub fn read(&self, resource: Resource) -> Result<&DatabaseConnection, Error> {
        self.actor.may_see(resource)?;
        Ok(self.app.db.read())
    }

    /// Refuses somebody whose sign-in is too old for a sensitive act (security requirement R15): making keys, changing what
    /// accounts may do, lowering labels, exporting personal data. Keys have no age and are not asked.
    pub fn freshly_signed_in(&self) -> Result<(), Error> {
        match &self.actor.principal {
            Principal::Session { signed_in_at, .. } if self.now.duration_since(*signed_in_at) > SignInTimes::FRESH => {
                Err(Error::SignInAgain)
            }
            _ => Ok(()),
        }
    }

    /// The account of a person who is signed in and has been for a short while only: for what no program may do.
    pub fn in_person(&self) -> Result<Uuid, Error> {
        match &self.actor.principal {
            Principal::Session { account, .. } => self.freshly_signed_in().map(|()| *account),
            Principal::Anonymous => Err(Error::Unauthenticated),
            Principal::Key { .. } | Principal::Subscriber { .. } | Principal::Console => {
                let detail = "Only a person can do this. Sign in with a browser, then repeat it.";
                Err(Error::Forbidden(detail.to_owned()))
            }
        }
    }

    /// Whether the caller may give an object with the label `before`, if it is there already, the label `after`: one it
    /// deals with, and a wider circle only with a fresh sign-in, because what has gone out does not come back.
    pub fn may_label(&self, before: Option<Tlp>, after: Tlp) -> Result<(), Error> {
        self.actor.may_label(after)?;
        before.map_or(Ok(()), |before| self.may_lower(before, after))
    }

    /// Refuses to lower a label for somebody whose sign-in is too old.
    pub fn may_lower(&self, before: Tlp, after: Tlp) -> Result<(), Error> {
        if after < before { self.freshly_signed_in() } else { Ok(()) }
    }

    /// Opens the transaction that `permit` allows.
    pub async fn write(&self, permit: Permit) -> Result<Tx, Error> {
        self.app.db.write_as(permit, self.origin()).await
    }

    /// Who does what follows, from where, and when.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            actor: self.actor.clone(),
            via: self.via,
            instance: self.app.config.instance.clone(),
            now: self.now,
            entropy: self.app.entropy.clone(),
            request_id: self.request_id.clone(),
            address: self.address.clone(),
            idempotency: self.idempotency.clone(),
            invitations: self.app.config.invitations && self.app.config.smtp_url.is_some(),
        }
    }
}
