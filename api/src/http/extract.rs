//! What handlers take besides path, query and body: the context and the expected version.

use poem::{FromRequest, Request, RequestBody, http::header, web::Data};

use super::{client_address::Client, principal, request_id::RequestId};
use crate::{
    access::authenticate,
    context::{App, Ctx},
    db::{Claim, Expected},
    error::Error,
};
use domain::{
    Language,
    access::{Actor, Principal},
};

impl<'a> FromRequest<'a> for Ctx {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(app) = Data::<&App>::from_request(request, body).await?;
        let now = app.clock.now();
        let actor = match request.extensions().get::<Actor>() {
            Some(actor) => actor.clone(),
            None => actor_of(request, app).await?,
        };
        Ok(Self {
            app: app.clone(),
            actor,
            now,
            via: "api",
            request_id: request.data::<RequestId>().map(ToString::to_string),
            address: request.data::<Client>().and_then(|client| client.address).map(|address| address.to_string()),
            languages: languages(request)?,
            idempotency: request.extensions().get::<Claim>().cloned(),
            if_none_match: text(request, &header::IF_NONE_MATCH),
        })
    }
}

impl<'a> FromRequest<'a> for Expected {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(match text(request, &header::IF_MATCH).as_deref().map(str::trim) {
            None => Self::Missing,
            Some("*") => Self::Any,
            Some(tag) => version_of(tag).map_or(Self::Unknown, Self::Version),
        })
    }
}

/// Who stands behind the request. Bad credentials are refused, never taken for none.
pub async fn actor_of(request: &Request, app: &App) -> Result<Actor, Error> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        return Ok(Actor::anonymous());
    };
    let token = value.to_str().ok().and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let actor = authenticate(app, token.ok_or(Error::Unauthenticated)?, app.clock.now()).await?;
    if let Principal::Key { id, .. } = &actor.principal {
        principal::note(request, id.to_string());
    }
    Ok(actor)
}

/// The version in an entity tag: `"3"`, or `"3-pl"` for a representation in one language.
fn version_of(tag: &str) -> Option<i32> {
    let opaque = tag.strip_prefix('"')?.strip_suffix('"')?;
    opaque.split('-').next()?.parse().ok()
}

/// `?lang=` wins over `Accept-Language`; neither means all languages.
fn languages(request: &Request) -> Result<Vec<Language>, Error> {
    let query = request.uri().query().unwrap_or_default();
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang=")).filter(|tag| !tag.is_empty());
    let Some(tag) = asked else {
        return Ok(
            text(request, &header::ACCEPT_LANGUAGE).map_or_else(Vec::new, |h| Language::from_accept_language(&h))
        );
    };
    let language = Language::parse(tag).ok_or_else(|| {
        let detail = "Name a language by its tag, such as 'en' or 'pl'.";
        Error::Malformed(vec![domain::Violation::new("lang", "invalid_language", detail)])
    })?;
    Ok(vec![language])
}

fn text(request: &Request, name: &header::HeaderName) -> Option<String> {
    request.headers().get(name)?.to_str().ok().map(str::to_owned)
}
