//! What answers below `/sign-in/oidc/`: the way to a provider, the way back, and the provider's word that somebody has
//! signed out there.

use minijinja::context;
use poem::{
    Endpoint, EndpointExt, Response, Route, get, handler,
    http::{HeaderValue, StatusCode, header},
    post,
    web::{Data, Form, Path, Query},
};
use serde::Deserialize;

use domain::access::ReturnTo;

use super::{Answer, Providers, Refusal};
use crate::{access::sign_in::pages::signed_in, error::Error, http::extract::Arriving, web};

/// The pages.
pub fn endpoint(providers: Providers) -> impl Endpoint {
    Route::new()
        .at("/:code", post(begin))
        .at("/:code/callback", get(callback))
        .at("/:code/logout", post(logout))
        .data(providers)
}

#[derive(Deserialize)]
struct Wish {
    return_to: Option<String>,
}

#[derive(Deserialize)]
struct Returned {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

#[derive(Deserialize)]
struct Logout {
    logout_token: String,
}

/// Answers with a page that leads on: a redirect after a form would be stopped by the policy that forms go to this
/// server only.
#[handler]
async fn begin(ctx: Arriving, providers: Data<&Providers>, code: Path<String>, wish: Form<Wish>) -> Response {
    let return_to = ReturnTo::parse(wish.0.return_to.as_deref().unwrap_or_default());
    let (provider, address) = match super::begin(&ctx.0, &providers, &code, &return_to).await {
        Ok(begun) => begun,
        Err(refusal) => return refused(&code, refusal),
    };
    let mut response = web::shown(web::page(&ctx.0, "access/oidc_continue.html", context! { provider, address }));
    if let Ok(refresh) = format!("0; url={address}").parse() {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Comes from the provider's site, so it brings no token of ours; what it may do is decided by the attempt that the
/// browser's cookie belongs to.
#[handler]
async fn callback(
    ctx: Arriving,
    providers: Data<&Providers>,
    code: Path<String>,
    returned: Query<Returned>,
) -> Response {
    let Returned { state, code: granted, error, iss } = returned.0;
    let answer = Answer { state: state.unwrap_or_default(), code: granted, error, iss };
    match super::finish(&ctx.0, &providers, &code, &answer).await {
        Ok(done) => signed_in(&done.token, &done.return_to),
        Err(refusal) => refused(&code, refusal),
    }
}

/// The provider asks here, not a browser: no cookie counts, and the answer is for a program (OpenID Connect Back-Channel
/// Logout 1.0, 2.8).
#[handler]
async fn logout(ctx: Arriving, providers: Data<&Providers>, code: Path<String>, form: Form<Logout>) -> Response {
    let answer = Response::builder().header(header::CACHE_CONTROL, "no-store");
    match super::end(&ctx.0, &providers, &code, &form.logout_token).await {
        Ok(()) => answer.finish(),
        Err(Refusal::Other(error)) if !matches!(error, Error::NotFound) => {
            tracing::error!(provider = *code, %error, "a logout could not be carried out");
            answer.status(StatusCode::SERVICE_UNAVAILABLE).finish()
        }
        Err(refusal) => {
            tracing::warn!(provider = *code, cause = refusal.cause(), "a logout was not believed");
            answer
                .status(StatusCode::BAD_REQUEST)
                .content_type("application/json")
                .body(r#"{"error":"invalid_request"}"#)
        }
    }
}

/// The page that says why not. The cause is for the log.
fn refused(code: &str, refusal: Refusal) -> Response {
    let status = match refusal {
        Refusal::Other(error) => return web::shown(Err(error)),
        Refusal::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::NoAttempt | Refusal::OtherIssuer => StatusCode::BAD_REQUEST,
        Refusal::Overtaken => StatusCode::CONFLICT,
        _ => StatusCode::FORBIDDEN,
    };
    tracing::warn!(provider = code, cause = refusal.cause(), "a sign-in was refused");
    let words = refusal.to_string();
    web::shown(web::page_with_status(status, "access/oidc_refused.html", context! { words }))
}
