//! A server per test on a fresh database, and a client per role.

pub mod calendar_host;
pub mod canaries;
mod client;
pub mod database;
pub mod foreign;
pub mod invitations;
pub mod jar;
pub mod mailbox;
pub mod plenum;

pub use client::{Answer, Client};
use domain::access::{Account, NewKey, Role, SignInMethod};

use api::{
    access::{accounts, sign_in},
    clock::{Clock, Entropy},
    config::{Config, WebAddress},
    context::{App, Ctx},
    fonts::PrintFonts,
    http::{routes, server, shutdown::Shutdown, stack::edge},
};
use poem::EndpointExt;
use std::sync::{
    Arc, LazyLock,
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
    database: Arc<database::Database>,
}

impl Server {
    /// A server on an empty database; `None`, with the reason printed, where there is no PostgreSQL.
    pub async fn start(backend: Backend) -> Option<Self> {
        Some(Self::on(Arc::new(database::Database::create(backend).await?)).await)
    }

    /// Another instance on the same database, as a larger deployment has several.
    pub async fn beside(&self) -> Self {
        Self::on(self.database.clone()).await
    }

    /// Another instance on the same database, as it sees it through `app`.
    pub fn beside_with(&self, app: App) -> Self {
        let (endpoint, statements) = (Self::endpoint(&app), self.statements.clone());
        Self { app, endpoint, statements, database: self.database.clone() }
    }

    /// A server of its own on a copy of this one's database, which is SQLite; keys open both.
    pub async fn copy(&self) -> Self {
        Self::on(Arc::new(self.database.copy(&self.app.db).await)).await
    }

    async fn on(database: Arc<database::Database>) -> Self {
        canaries::watch();
        let badge_key = Some("the badge key of the tests, of 32 characters".parse().unwrap());
        let vault_key = Some("the vault key of the tests, of 32 characters".parse().unwrap());
        let database_url = Some(database.url().parse().unwrap());
        let config = Config { database: database_url, badge_key, vault_key, ..Config::default() };
        let statements = Arc::new(AtomicUsize::new(0));
        let mut db = api::db::Db::connect(database.url()).await.unwrap();
        let counter = statements.clone();
        db.observe(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        let app = App {
            db,
            clock: Clock::fixed(NOW.parse().unwrap()),
            entropy: Entropy::System,
            config: Arc::new(config),
            fonts: PrintFonts::default(),
        };
        let endpoint = Self::endpoint(&app);
        Self { app, endpoint, statements, database }
    }

    fn endpoint(app: &App) -> Arc<poem::endpoint::BoxEndpoint<'static, poem::Response>> {
        let routes_endpoint = routes::endpoint(app, &Shutdown::by_hand().1).unwrap();
        Arc::new(edge(routes_endpoint, &routes::edge_config()).boxed())
    }

    /// The same server with other options.
    pub fn configured(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(Arc::make_mut(&mut self.app.config));
        self.endpoint = Self::endpoint(&self.app);
        self
    }

    /// The same server with the fonts of this folder besides its own.
    pub fn with_fonts(mut self, folder: &str) -> Self {
        self.app.fonts = PrintFonts::with(Some(folder.as_ref())).unwrap();
        self.endpoint = Self::endpoint(&self.app);
        self
    }

    /// The same server behind the whole of its edge as it is configured, limits of rate included.
    pub fn behind_its_edge(mut self) -> Self {
        self.endpoint = Arc::new(routes::site(&self.app, &Shutdown::by_hand().1).unwrap());
        self
    }

    /// This server again, on a socket of its own, with the same database and clock; `change` configures it.
    pub async fn on_a_socket(&self, change: impl FnOnce(&mut Config)) -> Socket {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let public_url = WebAddress::of(listener.local_addr().unwrap());
        let mut config = Config { public_url, ..Config::clone(&self.app.config) };
        change(&mut config);
        let url = config.public_url.to_string();
        let app = App { config: Arc::new(config), ..self.app.clone() };
        let site = routes::site(&app, &Shutdown::by_hand().1).unwrap();
        let task = tokio::spawn(server::serve(listener, site, server::Limits::default(), std::future::pending()));
        Socket { url, task }
    }

    /// Statements the database was sent since the last time this was asked.
    pub fn statements(&self) -> usize {
        self.statements.swap(0, Ordering::SeqCst)
    }

    /// Every value of every table, as text.
    pub async fn dump(&self) -> String {
        self.dump_without(&[]).await
    }

    /// Every value of every table but these, as text.
    pub async fn dump_without(&self, tables: &[&str]) -> String {
        database::dump(&self.app.db, tables).await
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
        self.key(NewKey { role, ..NewKey::default() }).await
    }

    /// A delegate of this organisation.
    pub async fn delegate_of(&self, organisation: &str) -> Client {
        let organisation_id = Some(organisation.into());
        self.key(NewKey { role: Role::Delegate, organisation_id, ..NewKey::default() }).await
    }

    /// Somebody who composes the delegations of this organisation.
    pub async fn manager_of(&self, organisation: &str) -> Client {
        let organisation_id = Some(organisation.into());
        self.key(NewKey { role: Role::DelegationManager, organisation_id, ..NewKey::default() }).await
    }

    /// A new key as described; its name does not matter.
    pub async fn key(&self, key: NewKey) -> Client {
        self.with_key(&self.secret(key).await.1)
    }

    /// A browser that is signed in to a new account as described, sending what a page of ours sends.
    pub async fn signed_in(&self, account: Account) -> Client {
        self.as_browser(&self.browser(account).await)
    }

    /// Somebody who sends these headers.
    pub fn as_browser(&self, headers: &[(&'static str, String)]) -> Client {
        headers.iter().fold(self.anonymous(), |client, (name, value)| client.header(name, value))
    }

    /// The headers that a page of ours sends from a browser that is signed in to a new account as described.
    pub async fn browser(&self, account: Account) -> Vec<(&'static str, String)> {
        let account = accounts::create(&Ctx::internal(&self.app, "console"), account).await.unwrap();
        self.browser_of(account.id).await
    }

    /// Another browser, signed in to an account that is there.
    pub async fn signs_in(&self, account: &str) -> Client {
        self.as_browser(&self.browser_of(account.parse().unwrap()).await)
    }

    async fn browser_of(&self, account: uuid::Uuid) -> Vec<(&'static str, String)> {
        let ctx = Ctx::internal(&self.app, "console");
        let opened = sign_in::open(&ctx, account, SignInMethod::OpenidConnect).await.unwrap();
        let cookie = format!("__Host-plenum={}", opened.token.reveal());
        let me = self.anonymous().header("Cookie", &cookie).get("me").await.expect(200);
        let token = me.json["csrf_token"].as_str().unwrap().to_owned();
        vec![("Cookie", cookie), ("Sec-Fetch-Site", "same-origin".to_owned()), ("X-CSRF-Token", token)]
    }

    /// The id and the secret of a new key as described; its name does not matter.
    pub async fn secret(&self, key: NewKey) -> (uuid::Uuid, String) {
        let key = NewKey { name: format!("{} of the test", key.role), ..key };
        let ctx = Ctx::internal(&self.app, "console");
        let made = api::access::keys::create(&ctx, key).await.unwrap();
        canaries::plant_tokens(made.content.secret.reveal());
        (made.id, made.content.secret.reveal().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        canaries::measure();
    }
}

/// A server that listens until this is dropped.
pub struct Socket {
    url: String,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Socket {
    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The API document, as the code makes it.
pub fn api_document() -> serde_json::Value {
    static MADE: LazyLock<serde_json::Value> = LazyLock::new(|| api::http::openapi::document().unwrap());
    MADE.clone()
}

/// What `PLENUM_TEST_<name>` says; the scripts that run the tests set it.
#[expect(clippy::disallowed_methods, reason = "the one place where tests read the environment")]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(format!("PLENUM_TEST_{name}")).ok()
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
