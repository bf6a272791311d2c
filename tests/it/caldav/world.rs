//! Somebody with subscriptions and an app password, and what their calendar program asks.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::access::{Account, Role};
use poem::http::Method;
use regex::Regex;
use serde_json::{Value, json};

use crate::support::{Answer, Client, Server};

/// Somebody who reads their calendars.
pub struct Somebody {
    /// Their account.
    pub account: String,
    /// Their browser.
    pub browser: Client,
    /// Their calendar program.
    pub program: Client,
    /// The password the program has.
    pub password: String,
    /// What names the password.
    pub password_id: String,
}

/// Somebody of the secretariat.
pub async fn staff(server: &Server) -> Somebody {
    somebody(server, Account::of(Role::Secretariat, "desk@mail.example", "Desk")).await
}

/// Somebody with a new account as described.
pub async fn somebody(server: &Server, account: Account) -> Somebody {
    let email = account.email.clone();
    let browser = server.signed_in(account).await;
    let account = browser.get("me").await.expect(200).json["account_id"].as_str().unwrap().to_owned();
    let made = browser.post("me/app-passwords", json!({"name": "Telephone"})).await.expect(201).json;
    let password = made["password"].as_str().unwrap().to_owned();
    assert_eq!((made["user"].as_str(), made["url"].as_str()), (Some(&*email), Some("http://127.0.0.1:8080/dav/")));
    let program = program(server, &email, &password);
    Somebody { account, browser, program, password, password_id: made["id"].as_str().unwrap().to_owned() }
}

/// A calendar program that was told this user and password.
pub fn program(server: &Server, user: &str, password: &str) -> Client {
    let sent = STANDARD.encode(format!("{user}:{password}"));
    server.anonymous().header("Authorization", &format!("Basic {sent}")).header("User-Agent", "Calendar/1.0")
}

impl Somebody {
    /// Subscribes to the meeting in Seoul, or to what is said; gives the path of the calendar.
    pub async fn subscribes(&self, more: Value) -> String {
        let (_, id) = crate::feeds::subscribe(&self.browser, more).await;
        format!("/dav/c/{}/{id}/", self.account)
    }

    /// The path of their home.
    pub fn home(&self) -> String {
        format!("/dav/c/{}/", self.account)
    }
}

/// A request of WebDAV.
pub async fn ask(program: &Client, method: &str, depth: &str, path: &str, body: &str) -> Answer {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    program.header("Depth", depth).send_text(method, path, "application/xml", body).await
}

/// The properties of a resource, or of what is in it, too.
pub async fn propfind(program: &Client, depth: &str, path: &str, properties: &str) -> Answer {
    ask(program, "PROPFIND", depth, path, &format!("{PROPFIND}<D:prop>{properties}</D:prop></D:propfind>")).await
}

pub const NAMESPACES: &str = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
                              xmlns:CS=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\"";
const PROPFIND: &str = "<D:propfind xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
                        xmlns:CS=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\">";

/// What is in a calendar that this filter lets through, with the entries themselves.
pub async fn query(program: &Client, calendar: &str, filter: &str) -> Answer {
    let body = format!(
        "<C:calendar-query {NAMESPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter>\
         <C:comp-filter name=\"VCALENDAR\">{filter}</C:comp-filter></C:filter></C:calendar-query>"
    );
    ask(program, "REPORT", "1", calendar, &body).await
}

/// What changed since a token.
pub async fn sync(program: &Client, calendar: &str, token: &str) -> Answer {
    let body = format!(
        "<D:sync-collection {NAMESPACES}><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>\
         <D:prop><D:getetag/></D:prop></D:sync-collection>"
    );
    ask(program, "REPORT", "0", calendar, &body).await
}

/// One `response` of a `multistatus`: its path, whether it says that there is nothing, and the whole of it.
#[derive(Debug)]
pub struct Told {
    pub path: String,
    pub missing: bool,
    pub xml: String,
}

/// The responses of an answer, read without any XML library: what we write is one line.
pub fn told(answer: &Answer) -> Vec<Told> {
    assert_eq!(answer.status, 207, "{}", answer.text);
    let response = Regex::new("(?s)<D:response><D:href>(.*?)</D:href>(.*?)</D:response>").unwrap();
    let told = response.captures_iter(&answer.text).map(|found| Told {
        path: found[1].to_owned(),
        missing: found[2].starts_with("<D:status>HTTP/1.1 404"),
        xml: found[2].to_owned(),
    });
    told.collect()
}

/// The iCalendar files in an answer.
pub fn files(answer: &Answer) -> Vec<String> {
    let data = Regex::new("(?s)<C:calendar-data>(.*?)</C:calendar-data>").unwrap();
    let unescape = |text: &str| {
        let text = text.replace("&#13;", "\r").replace("&lt;", "<").replace("&gt;", ">");
        text.replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
    };
    data.captures_iter(&answer.text).map(|found| unescape(&found[1])).collect()
}

/// The titles of the entries in an answer.
pub fn titles(answer: &Answer) -> Vec<String> {
    files(answer).iter().flat_map(|file| crate::feeds::readers::all(file)).map(|entry| entry.summary).collect()
}

/// The token at the end of an answer.
pub fn token(answer: &Answer) -> String {
    Regex::new("<D:sync-token>(.*?)</D:sync-token>").unwrap().captures(&answer.text).expect("a token")[1].to_owned()
}
