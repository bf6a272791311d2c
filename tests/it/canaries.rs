//! Secrets of every kind given to a server that logs all it can, and looked for in what it says and keeps (R8, R28).
//!
//! `scripts/canaries` does the same with the whole suite.

use std::{fs, path::Path, process::Command};

use api::db::Db;
use regex::Regex;
use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};

use crate::support::{
    canaries::EVERYTHING,
    database::{dump, empty_postgres},
    plenum::{Running, plenum, printed, run_in},
};

/// Secrets of the configuration and of people who mistype; those of our own making are added as they come.
const AUDIT_KEY: &str = "canary-audit-key-of-the-operator-4f1d2a";
const SMTP: &str = "canarysmtppassword8c2e";
const PROVIDER: &str = "canary-client-secret-77b0";
const DATABASE: &str = "canarydatabasepassword31aa";
const PASSWORD: &str = "canary password of the emergency";
const MISTYPED: &str = "canary password mistyped once";
const STRANGE: [&str; 7] = [
    "canary-garbage-bearer-1b",
    "canary-garbage-cookie-2c",
    "canary-garbage-csrf-3d",
    "canary-query-token-4e",
    "canary-oidc-code-5f",
    "canary-oidc-state-6a",
    "CanaryInThePath7b9XyZ0123456789abcdefghijklmnop",
];

struct Walk<'a> {
    running: &'a Running,
    http: Client,
    secrets: Vec<(String, String)>,
    said: String,
}

impl Walk<'_> {
    fn plant(&mut self, kind: &str, secret: &str) {
        assert!(secret.len() >= 16, "{kind}: {secret} is too short to be looked for");
        self.secrets.push((kind.to_owned(), secret.to_owned()));
    }

    /// The secret part of a token of ours.
    fn plant_token(&mut self, kind: &str, text: &str) -> String {
        let token = Regex::new("wg(?:k_live|[a-z])_[0-9A-Za-z]{12}_([0-9A-Za-z]{43})_[0-9A-Za-z]{6}").unwrap();
        let found = token.captures(text).unwrap_or_else(|| unreachable!("{kind}: no token in {text}"));
        self.plant(kind, &found[1]);
        found[0].to_owned()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.address())
    }

    async fn send(&mut self, request: RequestBuilder) -> (u16, String, String) {
        let response = request.send().await.unwrap();
        let cookies: Vec<_> =
            response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect();
        let problem = response.headers().get("content-type").is_some_and(|it| it == "application/problem+json");
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        if problem || status >= 400 {
            self.said.push_str(&text);
        }
        (status, text, cookies.join("\n"))
    }

    async fn keys_and_feeds(&mut self, admin: &str) {
        let key = json!({"name": "Partner", "role": "auditor"});
        let (status, made, _) = self.send(self.http.post(self.url("/api/v1/keys")).bearer_auth(admin).json(&key)).await;
        assert_eq!(status, 201, "{made}");
        let partner = self.plant_token("key of a partner", &made);
        let (_, events, _) = self.send(self.http.get(self.url("/api/v1/events")).bearer_auth(&partner)).await;
        let events: Value = serde_json::from_str(&events).unwrap();
        let event = events["items"][0]["id"].as_str().unwrap();
        let feed = json!({"kind": "event", "object_id": event, "name": "Mine", "access": "token"});
        let (status, made, _) =
            self.send(self.http.post(self.url("/api/v1/feeds")).bearer_auth(admin).json(&feed)).await;
        assert_eq!(status, 201, "{made}");
        let token = self.plant_token("feed", &made);
        let (status, calendar, _) = self.send(self.http.get(self.url(&format!("/ical/{token}.ics")))).await;
        assert_eq!(status, 200);
        self.said.push_str(&calendar);
        let made: Value = serde_json::from_str(&made).unwrap();
        let rotate = self.url(&format!("/api/v1/feeds/{}/rotate", made["id"].as_str().unwrap()));
        let (status, rotated, _) =
            self.send(self.http.post(rotate).bearer_auth(admin).header("If-Match", "*").json(&json!({}))).await;
        assert_eq!(status, 200, "{rotated}");
        self.plant_token("feed, replaced", &rotated);
        let unknown = self.http.get(self.url(&format!("/ical/{token}.ics/x?token={}", STRANGE[3])));
        self.send(unknown).await;
        for path in ["changes", "audit-entries", "feeds", "keys", "accounts", "openapi.json"] {
            let (_, listed, _) =
                self.send(self.http.get(self.url(&format!("/api/v1/{path}"))).bearer_auth(admin)).await;
            self.said.push_str(&listed);
        }
    }

    async fn pages(&mut self, link: &str) {
        let link = link.replace(self.running.address(), "");
        self.plant_token("link of the demonstration", &link);
        let (_, page, cookies) = self.send(self.http.get(self.url(&link))).await;
        self.plant_token("cookie of a browser", &cookies);
        let browser = cookies.split(';').next().unwrap().to_owned();
        let hidden = Regex::new("name=\"([a-z_]+)\" value=\"([^\"]*)\"").unwrap();
        let form: Vec<_> = hidden.captures_iter(&page).map(|it| (it[1].to_owned(), it[2].to_owned())).collect();
        let pressed =
            self.http.post(self.url(&link)).header("Cookie", &browser).header("Origin", self.running.address());
        let (status, text, cookies) = self.send(pressed.form(&form)).await;
        assert_eq!(status, 303, "{text}");
        let cookie =
            self.plant_token("cookie of a sign-in", cookies.lines().find(|line| line.contains("wgs_")).unwrap());
        let signed_in = format!("__Host-plenum={cookie}");
        let (_, me, _) = self.send(self.http.get(self.url("/api/v1/me")).header("Cookie", &signed_in)).await;
        let me: Value = serde_json::from_str(&me).unwrap();
        self.plant("token of the forms", me["csrf_token"].as_str().unwrap());
        let forged = self.http.post(self.url("/api/v1/rooms")).header("Cookie", &signed_in);
        self.send(forged.header("X-CSRF-Token", STRANGE[2]).header("Origin", self.running.address()).json(&json!({})))
            .await;

        let (_, page, cookies) = self.send(self.http.get(self.url("/sign-in/emergency"))).await;
        let form: Vec<_> = hidden.captures_iter(&page).map(|it| (it[1].to_owned(), it[2].to_owned())).collect();
        let browser = cookies.split(';').next().unwrap().to_owned();
        for (password, status) in [(MISTYPED, 403), (PASSWORD, 303)] {
            let fields =
                [("email", "root@example.org"), ("password", password)].map(|(a, b)| (a.to_owned(), b.to_owned()));
            let sent = self.http.post(self.url("/sign-in/emergency")).header("Cookie", &browser);
            let sent = sent.header("Origin", self.running.address()).form(&[form.clone(), fields.to_vec()].concat());
            let (found, text, _) = self.send(sent).await;
            assert!(found == status || (400..500).contains(&found) && status == 403, "{found}: {text}");
        }
        let (_, page, cookies) = self.send(self.http.get(self.url("/sign-in"))).await;
        let browser = cookies.split(';').next().unwrap().to_owned();
        let token = hidden.captures_iter(&page).map(|it| (it[1].to_owned(), it[2].to_owned()));
        let form: Vec<_> = token.chain([("email".to_owned(), "root@example.org".to_owned())]).collect();
        // A mail that nobody takes, and a provider that does not answer: what goes wrong is logged.
        for path in ["/sign-in/mail", "/sign-in/oidc/example"] {
            let sent = self.http.post(self.url(path)).header("Cookie", &browser);
            self.send(sent.header("Origin", self.running.address()).form(&form)).await;
        }
    }

    async fn strangers(&mut self) {
        let get = |path: &str| self.http.get(self.url(path));
        let requests = [
            get("/api/v1/events").bearer_auth(STRANGE[0]),
            get("/api/v1/events").basic_auth("root", Some(STRANGE[0])),
            get("/api/v1/events").header("Cookie", format!("__Host-plenum={}", STRANGE[1])),
            get("/api/v1/events").header("X-CSRF-Token", STRANGE[2]),
            get(&format!("/api/v1/events?token={}", STRANGE[3])),
            get(&format!("/sign-in/oidc/example/callback?code={}&state={}", STRANGE[4], STRANGE[5])),
            get(&format!("/ical/{}.ics", STRANGE[6])),
            get(&format!("/sign-in/mail/{}", STRANGE[6])),
            get(&format!("/{}", STRANGE[6])).header("Referer", format!("https://x.example/?{}", STRANGE[3])),
        ];
        for request in requests {
            assert!(self.send(request).await.0 >= 200);
        }
    }
}

/// `plenum serve` with a secret wherever one can be configured.
fn server(data: &Path, database: Option<&str>) -> Command {
    let provider = json!([{"code": "example", "name": "Example", "issuer": "http://127.0.0.1:1", "client_id": "plenum",
        "client_secret": PROVIDER}]);
    let options = ["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--demo=seoul", "--data-dir"];
    let mut command = plenum(&[&options[..], &[data.to_str().unwrap()]].concat());
    command.env("PLENUM_AUDIT_KEY", AUDIT_KEY).env("PLENUM_LOG_FILTER", EVERYTHING);
    command.env("PLENUM_OIDC", provider.to_string()).env("PLENUM_MAIL_SIGN_IN_STAFF", "true");
    command.env("PLENUM_SMTP_URL", format!("smtp://plenum:{SMTP}@127.0.0.1:1"));
    if let Some(database) = database {
        command.env("PLENUM_DATABASE", database);
    }
    command
}

async fn walk(database: Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    fs::write(&password, PASSWORD).unwrap();
    let data = folder.path().join("data");
    let emergency =
        ["account", "create", "--emergency", "--email", "root@example.org", "--name", "Root", "--password-file"];
    let mut emergency = [&emergency[..], &[password.to_str().unwrap()]].concat();
    emergency.extend(database.iter().flat_map(|url| ["--database", url]));
    if let Some(url) = &database {
        printed(&run_in(&data, &["migrate", "--database", url]));
    }
    printed(&run_in(&data, &emergency));
    let running = Running::start(server(&data, database.as_deref()));
    let keys = fs::read_to_string(data.join("demo-keys.txt")).unwrap();
    let line = |name: &str| keys.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();

    let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let mut walk = Walk { running: &running, http, secrets: vec![], said: String::new() };
    let fixed = [
        ("audit key", AUDIT_KEY),
        ("SMTP", SMTP),
        ("provider", PROVIDER),
        ("password", PASSWORD),
        ("mistyped", MISTYPED),
    ];
    for (kind, secret) in fixed.into_iter().chain(STRANGE.map(|secret| ("strange", secret))) {
        walk.plant(kind, secret);
    }
    if database.is_some() {
        walk.plant("database", DATABASE);
    }
    let admin = walk.plant_token("key of the demonstration", &line("admin "));
    walk.keys_and_feeds(&admin).await;
    walk.pages(&line("pages-admin ")).await;
    walk.strangers().await;
    let metrics = Regex::new(r#""address":"([^"]+)","#).unwrap();
    let log = running.log();
    let metrics =
        &metrics.captures(log.lines().find(|line| line.contains("\"message\":\"metrics\"")).unwrap()).unwrap()[1];
    let (_, counted, _) = walk.send(walk.http.get(format!("http://{metrics}/metrics"))).await;
    assert!(counted.contains("http_requests_total"), "{counted}");

    let Walk { secrets, said, .. } = walk;
    assert!(secrets.len() >= 20, "{}", secrets.len());
    let database = match &database {
        Some(url) => dump(&Db::connect(url).await.unwrap(), &[]).await,
        None => raw(&data),
    };
    assert!(database.contains("root@example.org"), "the tables are there to be looked at");
    let log = running.log();
    assert!(log.contains("/ical/wgf_") && log.contains("***"), "the log is there to be looked at");
    // Neither these nor anything that looks like one of ours.
    let token = Regex::new("wg(k_live|[a-z])_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}|eyJ[0-9A-Za-z_-]{16,}[.]eyJ").unwrap();
    for (place, text) in [("the log", &log), ("the tables", &database), ("the metrics", &counted), ("an answer", &said)]
    {
        let found: Vec<_> = secrets.iter().filter(|(_, secret)| text.contains(secret.as_str())).collect();
        assert!(found.is_empty(), "{place} holds {found:?}");
        let ours = token.find(text).map(|found| found.as_str());
        assert_eq!(ours, None, "{place} holds a token");
    }
}

/// The database's files as they are, deleted rows and the log of writes included.
fn raw(data: &Path) -> String {
    let files = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.to_str().unwrap().contains("sqlite"));
    files.map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()).collect()
}

#[tokio::test]
async fn no_secret_is_in_the_log_the_files_the_metrics_or_an_answer() {
    walk(None).await;
}

#[tokio::test]
async fn no_secret_is_in_a_table_of_postgresql_nor_its_password_in_the_log() {
    let Some(url) = empty_postgres().await else { return };
    walk(Some(url.replace("plenum@", &format!("plenum:{DATABASE}@")))).await;
}
