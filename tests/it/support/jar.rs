//! A browser without script: it keeps cookies, and sends the forms of the pages it was shown.

use std::collections::BTreeMap;

use poem::http::{Method, header};

use super::{Answer, Client, Server};

/// The browser of one person.
pub struct Jar {
    client: Client,
    origin: String,
    cookies: BTreeMap<String, String>,
}

impl Jar {
    /// A browser that has not been anywhere.
    pub fn new(server: &Server) -> Self {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        let origin = server.app.config.public_url.as_str().to_owned();
        Self { client: server.anonymous().header("User-Agent", agent), origin, cookies: BTreeMap::new() }
    }

    /// The same browser behind something that adds a header.
    pub fn with_header(self, name: &str, value: &str) -> Self {
        Self { client: self.client.header(name, value), ..self }
    }

    /// The cookie of this name; empty if there is none.
    pub fn cookie(&self, name: &str) -> &str {
        self.cookies.get(name).map_or("", String::as_str)
    }

    /// Puts a cookie into the browser.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        let answer = self.client().get(path).await;
        self.keep(answer)
    }

    /// Fills in the form that `page` holds for `action`, and sends it.
    #[track_caller]
    pub fn submit<'a>(
        &'a mut self,
        page: &Answer,
        action: &str,
        fields: &[(&str, &str)],
    ) -> impl Future<Output = Answer> + 'a {
        let text = page.text.replace("&#x2f;", "/").replace("&amp;", "&");
        let form = text.split("<form ").find(|form| form.contains(&format!("action=\"{action}\""))).expect("a form");
        let form = form.split("</form>").next().unwrap();
        let hidden = form.split("<input type=\"hidden\" name=\"").skip(1).map(|input| {
            let mut parts = input.split('"');
            (parts.next().unwrap().to_owned(), parts.nth(1).unwrap().to_owned())
        });
        let filled = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let body = hidden
            .chain(filled)
            .map(|(name, value)| format!("{name}={}", encoded(&value)))
            .collect::<Vec<_>>()
            .join("&");
        let action = action.to_owned();
        async move { self.post(&action, &body).await }
    }

    /// Sends a form as it stands.
    pub async fn post(&mut self, path: &str, body: &str) -> Answer {
        let client = self.client().header("Origin", &self.origin);
        let answer = client.send_text(Method::POST, path, "application/x-www-form-urlencoded", body).await;
        self.keep(answer)
    }

    /// The client with the cookies of this moment.
    pub fn client(&self) -> Client {
        if self.cookies.is_empty() {
            return self.client.clone();
        }
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.client.header("Cookie", &pairs.join("; "))
    }

    /// Does what `Set-Cookie` says, having looked that it says enough.
    fn keep(&mut self, answer: Answer) -> Answer {
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once("; ").unwrap();
            for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
                assert!(attributes.contains(attribute), "{line}");
            }
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-") && !attributes.contains("Domain"), "{line}");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// As a form sends a value.
fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*".contains(&byte);
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
