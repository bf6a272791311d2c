//! `/sign-in/passkey`, where a script asks for a challenge and a form brings it back signed, and `/me`, where people
//! look after their passkeys. Adding one and signing in with one need a script, because only a script can speak to an
//! authenticator; everything else works without.

use domain::access::{ReturnTo, passkey::Passkey};
use jiff::tz::TimeZone;
use minijinja::{Value, context};
use poem::{
    Endpoint, Response, Route, get, handler,
    http::{StatusCode, header},
    post,
    web::{Form, Path},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{super::pages::signed_in, Shown};
use crate::{context::Ctx, error::Error, http::extract::Arriving, web};

/// `/sign-in/passkey`.
pub fn endpoint() -> impl Endpoint {
    Route::new().at("/", post(open)).at("/challenge", post(ask))
}

/// `/me`.
pub fn own() -> impl Endpoint {
    Route::new().at("/", get(me)).at("/passkeys/:id/delete", post(delete))
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    return_to: String,
    #[serde(flatten)]
    shown: Shown,
}

#[handler]
async fn ask(Arriving(ctx): Arriving) -> Result<Response, Error> {
    let asked = super::ask(&ctx).await?;
    let body = json!({"challenge": asked.challenge, "relying_party_id": asked.relying_party_id});
    let answer = Response::builder().content_type("application/json").header(header::CACHE_CONTROL, "no-store");
    Ok(answer.body(body.to_string()))
}

#[handler]
async fn open(Arriving(ctx): Arriving, Form(wish): Form<Wish>) -> Response {
    let opened = super::open(&ctx, &wish.shown).await;
    web::shown(opened.map(|opened| signed_in(&opened.token, &ReturnTo::parse(&wish.return_to))))
}

#[handler]
async fn me(ctx: Ctx) -> Response {
    web::shown(me_page(&ctx).await)
}

async fn me_page(ctx: &Ctx) -> Result<Response, Error> {
    let passkeys: Vec<Value> = super::list(ctx).await?.items.iter().map(line).collect();
    let fresh = ctx.freshly_signed_in().is_ok();
    let offered = super::are_offered(&ctx.app.config);
    web::page(ctx, "access/me.html", context! { passkeys, fresh, offered })
}

/// A passkey with the days (UTC) on which it was made and used.
fn line(passkey: &Passkey) -> Value {
    let day = |at: jiff::Timestamp| at.to_zoned(TimeZone::UTC).date().to_string();
    let Passkey { id, name, synced, created_at, last_used_at } = passkey;
    context! { id => id.to_string(), name, synced, created => day(*created_at), used => last_used_at.map(day) }
}

#[handler]
async fn delete(ctx: Ctx, Path(id): Path<Uuid>) -> Response {
    let deleted = super::delete(&ctx, id).await;
    let back = || Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, "/me").finish();
    web::shown(deleted.map(|()| back()))
}
