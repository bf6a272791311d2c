//! A server on a socket, and a provider of identities beside it.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use api::config::{Config, Provider};
use entity::access::{account, identity, sign_in_session};
use reqwest::Url;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::browser::{Browser, Page};
use crate::{
    edge::PATIENCE,
    support::{Server, Socket, canaries, setting},
};

/// What the scripts in `tests/foreign` know as well.
const SECRET: &str = "no secret: in a test/";

/// A program that stands for a provider. Killed when dropped.
struct Program {
    child: Child,
    issuer: String,
}

impl Program {
    fn start(interpreter: &str, script: &str, argument: &str) -> Self {
        let path = format!("{}/tests/foreign/{script}", env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new(interpreter).arg(path).arg(argument).stdout(Stdio::piped()).spawn().unwrap();
        let mut issuer = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut issuer).unwrap();
        assert!(!issuer.is_empty(), "scripts/test installs what {script} needs");
        Self { child, issuer: issuer.trim().to_owned() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A server that people sign in to through a provider.
pub struct World<'a> {
    pub server: &'a Server,
    pub plenum: Socket,
    program: Program,
}

impl<'a> World<'a> {
    /// With npm oidc-provider, whose clock is the machine's; the server's goes by the same from now on.
    pub async fn honest(server: &'a Server, change: impl FnOnce(&mut Provider)) -> Self {
        let world = Self::with(server, ("node", "oidc_provider.mjs"), change).await;
        world.keep_step();
        world
    }

    /// With django-oauth-toolkit, which goes by the machine's clock as well; `None`, with the reason printed, where its
    /// packages are not installed.
    pub async fn honest_too(server: &'a Server) -> Option<Self> {
        let Some(python) = setting("PYTHON") else {
            eprintln!("SKIP: PLENUM_TEST_PYTHON does not name a Python with the packages of tests/foreign");
            return None;
        };
        let world = Self::with(server, (&python, "oidc_django.py"), |_| ()).await;
        world.keep_step();
        Some(world)
    }

    /// With npm oauth2-mock-server, which says what it is told to.
    pub async fn lying(server: &'a Server) -> Self {
        let world = Self::with(server, ("node", "oidc_liar.mjs"), |_| ()).await;
        world.script(json!({})).await;
        world
    }

    async fn with(server: &'a Server, (interpreter, script): (&str, &str), change: impl FnOnce(&mut Provider)) -> Self {
        canaries::plant("client_secret", SECRET);
        let mut program = None;
        let configure = |config: &mut Config| {
            let started = program.insert(Program::start(interpreter, script, config.public_url.as_str()));
            let provider = json!([{"code": "example", "name": "Example", "issuer": started.issuer,
                "client_id": "plenum", "client_secret": SECRET}]);
            config.oidc = provider.to_string().parse().unwrap();
            change(&mut config.oidc.0[0]);
        };
        let plenum = server.on_a_socket(configure).await;
        Self { server, plenum, program: program.unwrap() }
    }

    /// Sets the server's clock to that of the machine, by which foreign programs go.
    #[expect(clippy::disallowed_methods, reason = "foreign programs go by the clock of the machine")]
    pub fn keep_step(&self) {
        self.server.advance(jiff::Timestamp::now().duration_since(self.server.app.clock.now()));
    }

    /// What the provider says of its people.
    pub async fn people(&self, people: Value) {
        self.tell("people", &people).await;
    }

    /// How the lying provider goes on; gives how often its keys were fetched.
    pub async fn script(&self, script: Value) -> u64 {
        let answer = self.tell("script", &self.now(script)).await;
        serde_json::from_str::<Value>(&answer).unwrap()["keys_fetched"].as_u64().unwrap()
    }

    fn now(&self, mut script: Value) -> Value {
        script["now"] = self.server.app.clock.now().as_second().into();
        script
    }

    async fn tell(&self, path: &str, what: &Value) -> String {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        let answer = http.post(format!("{}/{path}", self.program.issuer)).body(what.to_string()).send().await.unwrap();
        answer.text().await.unwrap()
    }

    /// Adds an account that waits for this address; gives its id.
    pub async fn invite(&self, email: &str, role: &str) -> String {
        let account = json!({"email": email, "name": "Somebody", "role": role});
        self.server.admin().await.post("accounts", account).await.expect(201).id()
    }

    /// Presses the button, and stops where `stops` says so.
    pub async fn press(&self, browser: &Browser, stops: impl Fn(&Url) -> bool) -> Page {
        let page = browser.open(&format!("{}/sign-in?return_to=/docs/", self.plenum.url())).await;
        browser.submit_until(&page, "/sign-in/oidc/example", &[], stops).await
    }

    /// Begins a sign-in and goes as far as the provider's last word: the address of the callback.
    pub async fn as_far_as_the_callback(&self, browser: &Browser, person: &str) -> Url {
        let callback = |url: &Url| url.path().ends_with("/callback");
        let mut page = self.press(browser, callback).await;
        while !callback(&page.url) {
            let fields = if page.text.contains("name=\"login\"") {
                vec![("login", person), ("password", "any")]
            } else {
                vec![]
            };
            page = browser.submit_until(&page, "", &fields, callback).await;
        }
        page.url
    }

    /// Who the browser is signed in as, by account; nobody is none.
    pub async fn who(&self, browser: &Browser) -> Option<String> {
        let page = browser.open(&format!("{}/api/v1/me", self.plenum.url())).await;
        let me: Value = serde_json::from_str(&page.text).unwrap();
        (page.status == 200).then(|| me["account_id"].as_str().unwrap().to_owned())
    }

    /// Signs out at the provider, which then tells the server.
    pub async fn sign_out_at_the_provider(&self, browser: &Browser) {
        let page = browser.open(&format!("{}/session/end", self.program.issuer)).await;
        browser.submit_until(&page, "/session/end/confirm", &[("logout", "yes")], |_| false).await;
    }

    /// Sends a logout token as the provider would; gives the status.
    pub async fn tell_of_logout(&self, script: Value) -> u16 {
        let token = self.tell("logout", &self.now(script)).await;
        let address = format!("{}/sign-in/oidc/example/logout", self.plenum.url());
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        http.post(address).form(&[("logout_token", token)]).send().await.unwrap().status().as_u16()
    }

    /// How many browsers are signed in.
    pub async fn sign_ins(&self) -> usize {
        sign_in_session::Entity::find().all(self.server.app.db.read()).await.unwrap().len()
    }

    /// Signs in through the provider, from the button to the page that follows.
    pub async fn sign_in(&self, browser: &Browser, person: &str) -> Page {
        let callback = self.as_far_as_the_callback(browser, person).await;
        browser.open(callback.as_str()).await
    }

    /// Subject and account of everybody who is linked.
    pub async fn identities(&self) -> Vec<(String, String)> {
        let rows = identity::Entity::find().all(self.server.app.db.read()).await.unwrap();
        let mut rows: Vec<_> = rows.into_iter().map(|row| (row.subject, row.account_id.to_string())).collect();
        rows.sort();
        rows
    }

    /// The role of an account.
    pub async fn role(&self, id: &str) -> String {
        let row = account::Entity::find_by_id(id.parse::<uuid::Uuid>().unwrap()).one(self.server.app.db.read()).await;
        row.unwrap().unwrap().role
    }
}
