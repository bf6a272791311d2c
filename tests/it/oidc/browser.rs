//! A browser as far as signing in needs one: cookies, redirects, forms.

use std::sync::Mutex;

use regex::Regex;
use reqwest::{RequestBuilder, Response, Url, header, redirect::Policy};

use crate::{edge::PATIENCE, support::canaries};

/// Keeps cookies per origin and path, follows what it is told to follow, and can be stopped on the way.
pub struct Browser {
    http: reqwest::Client,
    cookies: Mutex<Vec<Cookie>>,
}

struct Cookie {
    origin: String,
    path: String,
    name: String,
    value: String,
}

/// What a browser shows in the end.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub text: String,
    next: Option<Url>,
}

impl Browser {
    pub fn new() -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().timeout(PATIENCE).build().unwrap();
        Self { http, cookies: Mutex::default() }
    }

    /// Opens an address and follows it to a page.
    pub async fn open(&self, url: &str) -> Page {
        self.open_until(url, |_| false).await
    }

    /// Opens an address and follows it to a page, or to an address that `stops`, which it does not open.
    pub async fn open_until(&self, url: &str, stops: impl Fn(&Url) -> bool) -> Page {
        let url = Url::parse(url).unwrap();
        self.follow(self.http.get(url.clone()), url, stops).await
    }

    /// Sends a form and follows the answer as [`Browser::open_until`] does.
    pub async fn post_until(&self, url: &str, fields: &[(&str, &str)], stops: impl Fn(&Url) -> bool) -> Page {
        let url = Url::parse(url).unwrap();
        let request = self.http.post(url.clone()).form(fields).header("origin", url.origin().ascii_serialization());
        self.follow(request, url, stops).await
    }

    /// Sends the form of a page whose action ends in `action`, with what is hidden in it and with `fields`.
    pub async fn submit_until(
        &self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
        stops: impl Fn(&Url) -> bool,
    ) -> Page {
        let (action, hidden) = page.form(action).expect("a form");
        let mut all: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        self.post_until(page.url.join(&action).unwrap().as_str(), &all, stops).await
    }

    async fn follow(&self, request: RequestBuilder, url: Url, stops: impl Fn(&Url) -> bool) -> Page {
        let mut page = self.send(request, url).await;
        for _ in 0..20 {
            let Some(next) = page.next.clone() else { return page };
            if stops(&next) {
                return Page { url: next, ..page };
            }
            page = self.send(self.http.get(next.clone()), next).await;
        }
        page
    }

    async fn send(&self, request: RequestBuilder, url: Url) -> Page {
        // What the provider and the server say to each other through the browser.
        for (name, value) in url.query_pairs().filter(|(name, _)| ["code", "state"].contains(&&**name)) {
            canaries::plant(&name, &value);
        }
        canaries::plant_tokens(&self.cookie_header(&url));
        let response = request.header(header::COOKIE, self.cookie_header(&url)).send().await.unwrap();
        self.keep(&url, &response);
        let next = response
            .headers()
            .get(header::LOCATION)
            .or_else(|| response.headers().get(header::REFRESH))
            .and_then(|value| url.join(value.to_str().unwrap().trim_start_matches("0; url=")).ok());
        Page { next, url, status: response.status().as_u16(), text: response.text().await.unwrap() }
    }

    fn cookie_header(&self, url: &Url) -> String {
        let origin = url.origin().ascii_serialization();
        let cookies = self.cookies.lock().unwrap();
        let sent = cookies.iter().filter(|cookie| cookie.origin == origin && url.path().starts_with(&cookie.path));
        sent.map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, url: &Url, response: &Response) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            let attribute = |name: &str| {
                let part = line.split(';').map(str::trim).find(|part| part.to_lowercase().starts_with(name))?;
                Some(part.split('=').nth(1).unwrap_or_default().to_owned())
            };
            let (origin, path) = (url.origin().ascii_serialization(), attribute("path=").unwrap_or("/".into()));
            cookies.retain(|kept| (&kept.origin, &kept.path, kept.name.as_str()) != (&origin, &path, name));
            let gone = value.is_empty() || attribute("max-age=").is_some_and(|age| age == "0");
            if !gone {
                cookies.push(Cookie { origin, path, name: name.to_owned(), value: value.to_owned() });
            }
        }
    }
}

impl Page {
    /// Where the form goes whose action ends in `wanted`, and what is hidden in it.
    fn form(&self, wanted: &str) -> Option<(String, Vec<(String, String)>)> {
        let form = Regex::new(r"(?s)<form([^>]*)>(.*?)</form>").unwrap();
        let input = Regex::new(r#"<input[^>]*type="hidden"[^>]*>"#).unwrap();
        let attribute = |tag: &str, name: &str| {
            let found = Regex::new(&format!(r#"\b{name}="([^"]*)""#)).unwrap().captures(tag)?;
            Some(unescaped(&found[1]))
        };
        // A form that does not say where it goes goes to its own page.
        let forms = form.captures_iter(&self.text);
        let mut forms = forms.map(|form| (attribute(&form[1], "action").unwrap_or_default(), form));
        let (action, form) = forms.find(|(action, _)| action.ends_with(wanted))?;
        let hidden = input.find_iter(form.get(2)?.as_str());
        let fields =
            hidden.filter_map(|tag| Some((attribute(tag.as_str(), "name")?, attribute(tag.as_str(), "value")?)));
        Some((action, fields.collect()))
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&#x2f;", "/").replace("&amp;", "&")
}
