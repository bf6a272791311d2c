//! What handlers take besides path, query and body: the context and the expected version.

use std::net::IpAddr;

use poem::{FromRequest, PathPattern, Request, RequestBody, http::header, web::Data};

use super::{
    browser, client_address::Client, denials, openapi::BASE, parameters, principal, request_id::RequestId,
    scope::resource_of,
};
use crate::{
    access::{authenticate, keys, sign_in},
    audit,
    context::{App, Ctx},
    db::{Claim, Expected},
    error::Error,
};
use domain::{
    Language, Violation,
    access::{Actor, Principal},
};
use serde_json::json;
use uuid::Uuid;

impl<'a> FromRequest<'a> for Ctx {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(app) = Data::<&App>::from_request(request, body).await?;
        let actor = match request.extensions().get::<Actor>() {
            Some(actor) => actor.clone(),
            None => actor_of(request, app).await?,
        };
        let asked = asked(request, app, actor);
        denials::note(request, &asked);
        may_ask(&asked.actor, request)?;
        Ok(understood(request, asked)?)
    }
}

/// The context of somebody who is about to sign in: nobody yet, whatever cookie the browser holds.
#[derive(Debug)]
pub struct Arriving(pub Ctx);

impl<'a> FromRequest<'a> for Arriving {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(app) = Data::<&App>::from_request(request, body).await?;
        Ok(Self(understood(request, asked(request, app, Actor::anonymous()))?))
    }
}

/// Who asks, before it is known whether the rest of the request can be read.
fn asked(request: &Request, app: &App, actor: Actor) -> Ctx {
    Ctx {
        app: app.clone(),
        actor,
        now: app.clock.now(),
        via: "api",
        request_id: request.data::<RequestId>().map(ToString::to_string),
        address: address(request).map(|address| address.to_string()),
        browser: browser::of(request.headers()),
        languages: vec![],
        idempotency: request.extensions().get::<Claim>().cloned(),
        if_none_match: None,
        query: request.uri().query().unwrap_or_default().to_owned(),
    }
}

/// Where the request comes from, as far as the edge believes it.
fn address(request: &Request) -> Option<IpAddr> {
    request.data::<Client>()?.address
}

fn understood(request: &Request, asked: Ctx) -> Result<Ctx, Error> {
    let query = parameters::read(request)?;
    Ok(Ctx { languages: languages(request, &query)?, if_none_match: known_tags(request)?, ..asked })
}

impl<'a> FromRequest<'a> for Expected {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let Some(value) = request.headers().get(header::IF_MATCH) else { return Ok(Self::Missing) };
        Ok(match value.to_str().map(str::trim) {
            // A header without a value says nothing, like none.
            Ok("") => Self::Missing,
            Ok("*") => Self::Any,
            Ok(tag) if is_tag(tag) => expected(tag).unwrap_or(Self::Unknown),
            // Also what is no text: a write never goes on without the condition it was sent with.
            _ => return Err(invalid_tag("If-Match").into()),
        })
    }
}

/// Refuses who may not read or write this kind of object anywhere, before anything else of the request is judged: what
/// is wrong with a body is told only to those who may send one.
fn may_ask(actor: &Actor, request: &Request) -> Result<(), Error> {
    let pattern = request.data::<PathPattern>().map_or("", |pattern| &pattern.0);
    let Some(path) = pattern.strip_prefix(BASE) else { return Ok(actor.may_open_pages()?) };
    let Some(resource) = resource_of(path) else { return Ok(()) };
    let allowed = if request.method().is_safe() { actor.may_read(resource) } else { actor.may_write(resource) };
    Ok(allowed?)
}

/// Who stands behind the request: by its key, or else by the cookie of a sign-in. Bad credentials are refused, never taken
/// for none.
pub async fn actor_of(request: &Request, app: &App) -> Result<Actor, Error> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        return signed_in(request, app).await;
    };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let token = token.ok_or(Error::Unauthenticated)?;
    let actor = match authenticate(app, token, address(request), app.clock.now()).await {
        Err(Error::Unauthenticated) => {
            note_refused_key(request, app, token).await?;
            return Err(Error::Unauthenticated);
        }
        actor => actor?,
    };
    if let Principal::Key { id, .. } = &actor.principal {
        principal::note(request, id.to_string());
    }
    Ok(actor)
}

async fn signed_in(request: &Request, app: &App) -> Result<Actor, Error> {
    let Some(cookie) = browser::sign_in_cookie(request.headers()) else { return Ok(Actor::anonymous()) };
    let actor = sign_in::authenticate(app, cookie, app.clock.now()).await?;
    if let Principal::Session { account, .. } = &actor.principal {
        principal::note(request, account.to_string());
    }
    Ok(actor)
}

/// That somebody goes on using a key which was taken from them is worth knowing; that somebody makes keys up is not.
async fn note_refused_key(request: &Request, app: &App, token: &str) -> Result<(), Error> {
    let refused = keys::refused(app, token, address(request), app.clock.now()).await?;
    let asked = asked(request, app, Actor::anonymous());
    // The log is asked also where nothing is to be noted, so that the time tells nobody which keys there were.
    let lately = audit::noted_lately(&asked, "key.refused", refused.map_or(Uuid::nil(), |(key, _)| key)).await?;
    match refused.filter(|_| !lately) {
        Some((key, reason)) => audit::note(&asked, "key.refused", key, json!({ "reason": reason })).await,
        None => Ok(()),
    }
}

/// The tags of `If-None-Match` (RFC 9110, 13.1.2).
fn known_tags(request: &Request) -> Result<Option<String>, Error> {
    let Some(value) = request.headers().get(header::IF_NONE_MATCH) else { return Ok(None) };
    match value.to_str().map(str::trim) {
        // Names no tag, which says nothing.
        Ok("") => Ok(None),
        Ok(tags) if tags == "*" || tags.split(',').all(is_tag) => Ok(Some(tags.to_owned())),
        _ => Err(invalid_tag("If-None-Match")),
    }
}

fn invalid_tag(header: &str) -> Error {
    let detail = "Send ETags as answers gave them, quotes included, or '*'.";
    Error::Malformed(vec![Violation::new(header, "invalid_tag", detail)])
}

fn is_tag(tag: &str) -> bool {
    let tag = tag.trim();
    let opaque = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    opaque.is_some_and(|opaque| opaque.bytes().all(|b| matches!(b, b'!' | b'#'..=b'~')))
}

/// The version in an entity tag: `"3"`, or `"3-pl"` for a representation in one language, or `"3-7"` for what lies over
/// version 7 of something else.
fn expected(tag: &str) -> Option<Expected> {
    let mut parts = tag.strip_prefix('"')?.strip_suffix('"')?.split('-');
    let version = parts.next()?.parse().ok()?;
    Some(match parts.next().and_then(|part| part.parse().ok()) {
        Some(beneath) => Expected::Versions(version, beneath),
        None => Expected::Version(version),
    })
}

/// `?lang=` wins over `Accept-Language`; neither means all languages.
fn languages(request: &Request, query: &[(String, String)]) -> Result<Vec<Language>, Error> {
    let Some((_, tag)) = query.iter().find(|(name, _)| name == "lang") else {
        return Ok(
            text(request, &header::ACCEPT_LANGUAGE).map_or_else(Vec::new, |h| Language::from_accept_language(&h))
        );
    };
    let language = Language::parse(tag).ok_or_else(|| {
        let detail = "Name a language by its tag, such as 'en' or 'pl'.";
        Error::Malformed(vec![Violation::new("lang", "invalid_language", detail)])
    })?;
    Ok(vec![language])
}

fn text(request: &Request, name: &header::HeaderName) -> Option<String> {
    request.headers().get(name)?.to_str().ok().map(str::to_owned)
}
