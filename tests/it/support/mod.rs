//! A server per test on a fresh database, and a client per role.

mod client;
mod database;
pub mod foreign;

pub use client::{Answer, Client};
use domain::access::{Role, Token, TokenKind};

use api::{
    clock::{Clock, Entropy},
    config::Config,
    context::{App, Ctx},
    http::{routes, stack::edge},
};
use poem::EndpointExt;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// The server that `PLENUM_TEST_POSTGRES` names.
    Postgres,
}

/// The instant at which the clock of every test stands until the test moves it: after the Seoul meeting.
pub const NOW: &str = "2026-03-02T08:00:00Z";

/// A running application with its database.
pub struct Server {
    /// The application itself, for what the API does not show.
    pub app: App,
    endpoint: Arc<poem::endpoint::BoxEndpoint<'static, poem::Response>>,
    statements: Arc<AtomicUsize>,
    _database: database::Database,
}

impl Server {
    /// A server on an empty database; `None`, with the reason printed, where there is no PostgreSQL.
    pub async fn start(backend: Backend) -> Option<Self> {
        let database = database::Database::create(backend).await?;
        let config = Config { database: Some(database.url().to_owned()), ..Config::default() };
        let statements = Arc::new(AtomicUsize::new(0));
        let mut db = api::db::Db::connect(database.url()).await.unwrap();
        let counter = statements.clone();
        db.observe(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        let app =
            App { db, clock: Clock::fixed(NOW.parse().unwrap()), entropy: Entropy::System, config: Arc::new(config) };
        let endpoint = edge(routes::endpoint(&app).unwrap(), &routes::edge_config().unwrap());
        Some(Self { app, endpoint: Arc::new(endpoint.boxed()), statements, _database: database })
    }

    /// Statements the database was sent since the last time this was asked.
    pub fn statements(&self) -> usize {
        self.statements.swap(0, Ordering::SeqCst)
    }

    /// Moves the clock, which otherwise stands.
    pub fn advance(&self, by: jiff::SignedDuration) {
        let Clock::Fixed(at) = &self.app.clock else { return };
        at.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// Somebody without a key.
    pub fn anonymous(&self) -> Client {
        Client::new(self.endpoint.clone(), None)
    }

    /// Somebody with this key.
    pub fn with_key(&self, key: &str) -> Client {
        Client::new(self.endpoint.clone(), Some(key.to_owned()))
    }

    /// An administrator.
    pub async fn admin(&self) -> Client {
        self.role(Role::Admin).await
    }

    /// A new key of this role, without limits.
    pub async fn role(&self, role: Role) -> Client {
        self.key(api::access::NewKey { role, ..Default::default() }).await
    }

    /// A delegate of this organisation.
    pub async fn delegate_of(&self, organisation: &str) -> Client {
        let organisation = Some(organisation.parse::<uuid::Uuid>().unwrap().into());
        self.key(api::access::NewKey { role: Role::Delegate, organisation, ..Default::default() }).await
    }

    /// A new key as described; its name does not matter.
    pub async fn key(&self, key: api::access::NewKey) -> Client {
        let key = api::access::NewKey { name: format!("{} of the test", key.role), ..key };
        let ctx = Ctx::internal(&self.app, "console");
        let made = api::access::key_create(&ctx, key).await.unwrap();
        assert!(Token::parse(TokenKind::Key, &made.secret).is_some());
        self.with_key(&made.secret)
    }
}

/// Runs a test on both databases: `on_both! { async fn name(server) { ... } }`.
#[macro_export]
macro_rules! on_both {
    ($(async fn $name:ident($server:ident) $body:block)*) => {$(
        async fn $name($server: $crate::support::Server) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::Server::start($crate::support::Backend::Sqlite).await.unwrap()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(server) = $crate::support::Server::start($crate::support::Backend::Postgres).await {
                    super::$name(server).await;
                }
            }
        }
    )*};
}
