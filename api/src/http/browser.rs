//! Browsers: their cookies, and the guard against requests that another site makes them send.
//!
//! Two cookies, both `__Host-`, `Secure`, `HttpOnly`, `SameSite=Lax`: one for a sign-in, one that only tells a browser
//! from others while somebody signs in. Browsers take `Secure` cookies from plain HTTP on loopback too, so a demonstration
//! works without TLS.
//!
//! A request with a cookie of ours that is to change something must come from a page of ours, and bring the token that
//! only our pages hold. A request with `Authorization` is no browser's: its cookies are not looked at.

use std::sync::Arc;

use domain::access::{Token, TokenKind, coarse_agent};
use poem::{
    Body, Endpoint, IntoResponse, Request, Response, Result,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
};

use super::problem::{self, Problem};
use crate::{
    config::WebAddress,
    context::{App, Browser},
    error::Error,
};

/// The cookie of a sign-in.
const SIGN_IN: &str = "__Host-plenum";
/// The cookie that tells browsers apart.
const MARK: &str = "__Host-plenum-browser";
/// The header that carries the token against forged requests.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// The field of a form that does.
pub const CSRF_FIELD: &str = "csrf_token";

/// What the browser that sent these headers brought along.
pub fn of(headers: &HeaderMap) -> Browser {
    if headers.contains_key(header::AUTHORIZATION) {
        return Browser::default();
    }
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Browser {
        held: sign_in_cookie(headers).and_then(|value| Token::parse(TokenKind::SignIn, value)),
        mark: cookie(headers, MARK).and_then(|value| Token::parse(TokenKind::Browser, value)),
        agent: agent.and_then(coarse_agent),
    }
}

/// The cookie of a sign-in as it was sent, well-formed or not.
pub fn sign_in_cookie(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SIGN_IN)
}

/// The value of the first cookie of this name (RFC 6265, 4.2.1).
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(sent, _)| *sent == name).map(|(_, value)| value).next()
}

/// `Set-Cookie` that signs the browser in; it goes with the browser, and the server ends it long before.
pub fn set_sign_in(token: &Token) -> String {
    set(SIGN_IN, &token.reveal())
}

/// `Set-Cookie` that tells the browser from others.
pub fn set_mark(token: &Token) -> String {
    set(MARK, &token.reveal())
}

/// `Set-Cookie` that takes the cookie of a sign-in away.
pub fn drop_sign_in() -> String {
    format!("{}; Max-Age=0", set(SIGN_IN, ""))
}

fn set(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// Refuses what another site made a browser send, and takes cookies away that no longer count.
pub async fn guard<E: Endpoint>(app: App, next: Arc<E>, mut request: Request) -> Result<Response> {
    let no_browser = request.headers().contains_key(header::AUTHORIZATION);
    if no_browser || !request.headers().contains_key(header::COOKIE) {
        return next.call(request).await.map(IntoResponse::into_response);
    }
    if !request.method().is_safe() {
        refuse_forged(&mut request, &app.config.public_url).await?;
    }
    let signed_in = sign_in_cookie(request.headers()).is_some();
    let mut response = match next.call(request).await {
        Ok(response) => response.into_response(),
        Err(error) if error.status() == StatusCode::UNAUTHORIZED => problem::from_framework(error).await,
        Err(error) => return Err(error),
    };
    let over = signed_in && response.status() == StatusCode::UNAUTHORIZED;
    if over && let Ok(cookie) = HeaderValue::from_str(&drop_sign_in()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Whoever brings a cookie of ours must come from a page of ours, and bring the token that stands in it.
async fn refuse_forged(request: &mut Request, public: &WebAddress) -> Result<(), poem::Error> {
    let browser = of(request.headers());
    // What is no cookie of ours opens nothing, and authentication refuses it.
    let Some(expected) = browser.csrf_token() else { return Ok(()) };
    if !is_same_origin(request.headers(), public) {
        let detail = "This request came from another site. Send it from a page of this server.";
        return Err(refusal("cross_site_request", detail));
    }
    if !csrf_token(request).await?.is_some_and(|sent| expected.is(&sent)) {
        let detail = "The token against forged requests is missing or old. Load the page again; programs send the \
                      'csrf_token' of GET /api/v1/me as X-CSRF-Token.";
        return Err(refusal("csrf_token_missing", detail));
    }
    Ok(())
}

fn refusal(code: &str, detail: &str) -> poem::Error {
    poem::Error::from_response(Problem::coded(StatusCode::FORBIDDEN, code, detail).into_response())
}

/// Whether a page of ours, or a person at the address bar, sent this (Fetch Metadata, 2.2); browsers that do not say so
/// name the origin of the page (RFC 6454, 7).
fn is_same_origin(headers: &HeaderMap, public: &WebAddress) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == public.origin(),
        (None, None) => false,
    }
}

/// The token as it was sent: in the header, or in a form, whose body is read and put back.
async fn csrf_token(request: &mut Request) -> Result<Option<String>, poem::Error> {
    if let Some(sent) = request.headers().get(CSRF_HEADER) {
        return Ok(sent.to_str().ok().map(str::to_owned));
    }
    if request.method() != Method::POST || !is_form(request.headers()) {
        return Ok(None);
    }
    let body = request.take_body().into_bytes().await.map_err(Error::internal)?;
    let sent = form_field(&body, CSRF_FIELD);
    request.set_body(Body::from_bytes(body));
    Ok(sent)
}

fn is_form(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = sent.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The first field of this name; a token needs no decoding.
fn form_field(body: &[u8], name: &str) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    text.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| v.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in list {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let sent = headers(&[("cookie", "a=1; __Host-plenum=x; b"), ("cookie", "__Host-plenum=y")]);
        assert_eq!(sign_in_cookie(&sent), Some("x"));
        assert_eq!(cookie(&sent, "Host-plenum"), None);
    }

    #[test]
    fn only_pages_of_this_server_are_the_same_origin() {
        let public: WebAddress = "https://plenum.example/desk".parse().unwrap();
        for (list, same) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "same-site"), ("origin", "https://plenum.example")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("origin", "https://plenum.example")], true),
            (vec![("origin", "http://plenum.example")], false),
            (vec![("origin", "https://plenum.example.evil")], false),
            (vec![("origin", "null")], false),
            (vec![], false),
        ] {
            assert_eq!(is_same_origin(&headers(&list), &public), same, "{list:?}");
        }
    }
}
