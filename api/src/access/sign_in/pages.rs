//! `/sign-in` and `/sign-out`. Reading them changes nothing; every act is a form that is sent.

use domain::access::{ReturnTo, TOKEN_BYTES, Token, TokenKind};
use minijinja::{Value, context};
use poem::{
    Endpoint, Response, Route, get, handler,
    http::{HeaderValue, StatusCode, header},
    post,
    web::{Form, Path, Query},
};
use serde::Deserialize;

use super::{emergency, links, passkeys};
use crate::{
    config::Provider,
    context::Ctx,
    error::Error,
    http::{browser, extract::Arriving},
    web,
};

/// `/sign-in`.
pub fn endpoint() -> impl Endpoint {
    Route::new()
        .at("/", get(ways))
        .at("/mail", get(sent).post(ask))
        .at("/mail/:token", get(mailed).post(open_mailed))
        .at("/demo/:token", get(demo).post(open_demo))
        .at("/emergency", get(password).post(open_emergency))
}

/// `/sign-out`.
pub fn out() -> impl Endpoint {
    post(sign_out)
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    return_to: String,
}

#[derive(Debug, Deserialize)]
struct Asked {
    email: String,
    #[serde(default)]
    return_to: String,
}

#[derive(Deserialize)]
struct Password {
    email: String,
    password: String,
}

#[handler]
async fn ways(Arriving(ctx): Arriving, Query(wish): Query<Wish>) -> Response {
    web::shown(ways_page(ctx, &ReturnTo::parse(&wish.return_to)).await)
}

async fn ways_page(ctx: Ctx, return_to: &ReturnTo) -> Result<Response, Error> {
    let mail = links::are_mailed(&ctx.app.config);
    let emergency = emergency::exists(&ctx).await?;
    let provider = |provider: &Provider| context! { code => provider.code, name => provider.name };
    let providers: Vec<Value> = ctx.app.config.oidc.0.iter().map(provider).collect();
    let return_to = return_to.as_str();
    let passkeys = passkeys::are_offered(&ctx.app.config);
    form(ctx, "access/sign_in.html", context! { providers, passkeys, mail, emergency, return_to })
}

#[handler]
async fn ask(Arriving(ctx): Arriving, Form(asked): Form<Asked>) -> Response {
    let asked = links::ask(&ctx, &asked.email, &ReturnTo::parse(&asked.return_to)).await;
    web::shown(asked.map(|()| see("/sign-in/mail")))
}

#[handler]
async fn sent(Arriving(ctx): Arriving) -> Response {
    web::shown(web::page(&ctx, "access/sent.html", context! {}))
}

#[handler]
async fn mailed(Arriving(ctx): Arriving, Path(token): Path<String>) -> Response {
    web::shown(link_page(ctx, "mail", &token))
}

#[handler]
async fn open_mailed(Arriving(ctx): Arriving, Path(token): Path<String>) -> Response {
    web::shown(links::open(&ctx, &token).await.map(|(opened, to)| signed_in(&opened.token, &to)))
}

#[handler]
async fn demo(Arriving(ctx): Arriving, Path(token): Path<String>) -> Response {
    let there = if links::are_demo(&ctx.app.config) { Ok(()) } else { Err(Error::NotFound) };
    web::shown(there.and_then(|()| link_page(ctx, "demo", &token)))
}

#[handler]
async fn open_demo(Arriving(ctx): Arriving, Path(token): Path<String>) -> Response {
    web::shown(links::open_demo(&ctx, &token).await.map(|(opened, to)| signed_in(&opened.token, &to)))
}

/// A page with a button, because programs that look for harm open every link of a mail (R104).
fn link_page(ctx: Ctx, way: &str, token: &str) -> Result<Response, Error> {
    let token = Token::parse(TokenKind::Link, token).ok_or(Error::NotFound)?;
    let action = format!("/sign-in/{way}/{}", token.reveal());
    form(ctx, "access/link.html", context! { action, demo => way == "demo" })
}

#[handler]
async fn password(Arriving(ctx): Arriving) -> Response {
    web::shown(password_page(ctx).await)
}

async fn password_page(ctx: Ctx) -> Result<Response, Error> {
    if !emergency::exists(&ctx).await? {
        return Err(Error::NotFound);
    }
    form(ctx, "access/emergency.html", context! {})
}

#[handler]
async fn open_emergency(Arriving(ctx): Arriving, Form(form): Form<Password>) -> Response {
    let opened = emergency::open(&ctx, &form.email, form.password).await;
    web::shown(opened.map(|opened| signed_in(&opened.token, &ReturnTo::start())))
}

#[handler]
async fn sign_out(ctx: Ctx) -> Response {
    // A form of another site comes without the cookie; to take it away would sign somebody out all the same.
    web::shown(super::end_current(&ctx).await.map(|ended| match ended {
        true => with_cookie(see("/"), &browser::drop_sign_in()),
        false => see("/"),
    }))
}

/// The answer to somebody who has just signed in: the cookie, and on to where they wanted to go.
pub fn signed_in(token: &Token, to: &ReturnTo) -> Response {
    let mut answer = with_cookie(see(to.as_str()), &browser::set_sign_in(token));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// A page with a form. A browser that has no cookie yet gets one, from which the token of the form is derived.
pub fn form(mut ctx: Ctx, template: &str, context: Value) -> Result<Response, Error> {
    if ctx.browser.mark.is_some() {
        return web::page(&ctx, template, context);
    }
    let mark = Token::generate(TokenKind::Browser, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?);
    let cookie = browser::set_mark(&mark);
    ctx.browser.mark = Some(mark);
    Ok(with_cookie(web::page(&ctx, template, context)?, &cookie))
}

fn see(path: &str) -> Response {
    Response::builder().status(StatusCode::SEE_OTHER).header(header::LOCATION, path).finish()
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
