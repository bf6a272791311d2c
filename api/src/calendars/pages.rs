//! What answers below `/ical/`: calendars for programs that poll.
//!
//! These programs cannot sign in, send no `Accept`, follow no redirect gladly and show their owner nothing of an error.
//! So an address says all, answers are complete or empty, and whatever cannot be read is not there. HEAD is made of GET
//! by the edge. The same address with `.svg` is a QR code of it, for telephones.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::{
    access::{Token, TokenKind},
    calendars::{Kind, Program},
    identifier::Handle,
};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use poem::{
    EndpointExt, IntoEndpoint, Request, Response, ResponseBuilder, Route, get, handler,
    http::{HeaderName, StatusCode, header},
    web::{Data, Path},
};
use uuid::Uuid;

use super::subscription::{self, Address, Memory, Subscription};
use crate::{
    context::App,
    error::Error,
    http::{compression, principal, reply::matches},
};

const CALENDAR: &str = "text/calendar; charset=utf-8";

/// Routes below `/ical`.
pub fn endpoint(memory: Memory) -> impl IntoEndpoint {
    Route::new()
        .at("/events/:file", get(event))
        .at("/groups/:file", get(group))
        .at("/groups/:code/all.ics", get(whole_group))
        .at("/feed.ics", get(with_password))
        .at("/:file", get(with_token))
        .data(memory)
}

#[handler]
async fn event(
    request: &Request,
    app: Data<&App>,
    memory: Data<&Memory>,
    file: Path<String>,
) -> Result<Response, Error> {
    if let Some(code) = file.strip_suffix(".svg") {
        return picture(&app, &public(Kind::Event, code, false), &format!("events/{code}")).await;
    }
    let address = stem(&file).map(|code| public(Kind::Event, code, false));
    answer(request, &app, &memory, address).await
}

#[handler]
async fn group(
    request: &Request,
    app: Data<&App>,
    memory: Data<&Memory>,
    file: Path<String>,
) -> Result<Response, Error> {
    if let Some(code) = file.strip_suffix(".svg") {
        return picture(&app, &public(Kind::Group, code, false), &format!("groups/{code}")).await;
    }
    let address = stem(&file).map(|code| public(Kind::Group, code, false));
    answer(request, &app, &memory, address).await
}

#[handler]
async fn whole_group(
    request: &Request,
    app: Data<&App>,
    memory: Data<&Memory>,
    code: Path<String>,
) -> Result<Response, Error> {
    answer(request, &app, &memory, Some(public(Kind::Group, &code, true))).await
}

#[handler]
async fn with_token(
    request: &Request,
    app: Data<&App>,
    memory: Data<&Memory>,
    file: Path<String>,
) -> Result<Response, Error> {
    let token = |stem: &str| Token::parse(TokenKind::Feed, stem).map(Address::Token);
    if let Some(stem) = file.strip_suffix(".ifb") {
        return free_busy(request, &app, &memory, token(stem)).await;
    }
    if let Some((stem, address)) = file.strip_suffix(".svg").and_then(|stem| Some((stem, token(stem)?))) {
        return picture(&app, &address, stem).await;
    }
    answer(request, &app, &memory, stem(&file).and_then(token)).await
}

/// For programs that can send a password: the address says nothing, and nothing secret stands in it.
#[handler]
async fn with_password(request: &Request, app: Data<&App>, memory: Data<&Memory>) -> Result<Response, Error> {
    let response = answer(request, &app, &memory, named(request)).await?;
    if response.status() != StatusCode::NOT_FOUND {
        return Ok(response);
    }
    let challenge = "Basic realm=\"Calendar feed: its id and its token\", charset=\"UTF-8\"";
    let refusal = Response::builder().status(StatusCode::UNAUTHORIZED).header(header::WWW_AUTHENTICATE, challenge);
    Ok(with_policy(refusal, false).finish())
}

/// The feed of the user name, with the token that is its password (RFC 7617).
fn named(request: &Request) -> Option<Address> {
    let (scheme, sent) = request.header(header::AUTHORIZATION)?.split_once(' ')?;
    let sent = STANDARD.decode(sent.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (user, password) = std::str::from_utf8(&sent).ok()?.split_once(':')?;
    Some(Address::Named(Uuid::try_parse(user).ok()?, Token::parse(TokenKind::Feed, password)?))
}

fn stem(file: &str) -> Option<&str> {
    file.strip_suffix(".ics")
}

fn public(kind: Kind, code: &str, everything: bool) -> Address {
    Address::Public { kind, object: Handle::from(code), everything }
}

async fn answer(request: &Request, app: &App, memory: &Memory, address: Option<Address>) -> Result<Response, Error> {
    let Some(subscription) = found(request, app, memory, address).await? else { return Ok(nothing()) };
    let answer = about(&subscription, app.clock.now())?;
    if is_known(request, &subscription) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    let body = subscription::body(app, memory, &subscription).await?;
    if !compression::takes_compressed_calendar(request.headers(), body.len()) {
        return Ok(whole(request, answer, &subscription, body));
    }
    let mut response =
        whole(request, answer, &subscription, subscription::body_compressed(memory, &subscription, body).await?);
    compression::mark_compressed(&mut response);
    Ok(response)
}

/// Free and busy times are few and pass by themselves, so they are worked out each time, and told by what they say.
async fn free_busy(request: &Request, app: &App, memory: &Memory, address: Option<Address>) -> Result<Response, Error> {
    let Some(subscription) = found(request, app, memory, address).await? else { return Ok(nothing()) };
    let (subscription, body) = subscription::free_busy(app, &subscription).await?;
    let answer = about(&subscription, app.clock.now())?;
    if is_known(request, &subscription) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    Ok(whole(request, answer, &subscription, body))
}

/// The address as a QR code, with the scheme by which telephones subscribe. To look at it is not to fetch the calendar.
async fn picture(app: &App, address: &Address, stem: &str) -> Result<Response, Error> {
    let public = matches!(address, Address::Public { .. });
    match subscription::find_unnoted(app, address).await {
        Ok(_) => {}
        Err(Error::NotFound | Error::Gone) => return Ok(nothing()),
        Err(error) => return Err(error),
    }
    let url = Program::Apple.url(&format!("{}/ical/{stem}.ics", app.config.public_url));
    let svg = documents::qr::svg(&url).map_err(|_| Error::internal("an address that fits no code"))?;
    let inline = "inline; filename=\"calendar.svg\"";
    let answer = with_policy(Response::builder(), public).header(header::CONTENT_DISPOSITION, inline);
    Ok(answer.content_type("image/svg+xml").body(svg))
}

async fn found(
    request: &Request,
    app: &App,
    memory: &Memory,
    address: Option<Address>,
) -> Result<Option<Arc<Subscription>>, Error> {
    let Some(address) = address else { return Ok(None) };
    let subscription = match subscription::find(app, memory, address, request.header(header::USER_AGENT)).await {
        Ok(subscription) => subscription,
        Err(Error::NotFound | Error::Gone) => return Ok(None),
        Err(error) => return Err(error),
    };
    if let Some(feed) = subscription.feed {
        principal::note(request, format!("feed {feed}"));
    }
    Ok(Some(subscription))
}

/// The answer as far as it does not say what is in the file.
fn about(subscription: &Subscription, now: Timestamp) -> Result<ResponseBuilder, Error> {
    Ok(with_policy(Response::builder(), subscription.feed.is_none())
        .header(header::ETAG, &subscription.etag)
        .header(header::LAST_MODIFIED, http_date(told_last_modified(subscription, now))?))
}

/// The file, to be read where it is; to be kept where somebody asks for a download: some programs subscribe to nothing that
/// is sent so.
fn whole(request: &Request, answer: ResponseBuilder, subscription: &Subscription, body: Bytes) -> Response {
    let kept = request.uri().query() == Some("download");
    let disposition = if kept { "attachment" } else { "inline" };
    let disposition = format!("{disposition}; filename=\"{}\"", subscription.file_name);
    answer.header(header::CONTENT_DISPOSITION, disposition).content_type(CALENDAR).body(body)
}

/// The same for everything that is not there, whatever the reason.
fn nothing() -> Response {
    with_policy(Response::builder().status(StatusCode::NOT_FOUND), false).finish()
}

/// A public feed may be kept by everybody for a while and read by pages of other sites. One with a token is kept by its
/// reader only, asked for each time, and neither passed on in `Referer` nor listed by search engines.
fn with_policy(answer: ResponseBuilder, public: bool) -> ResponseBuilder {
    if public {
        return answer
            .header(header::CACHE_CONTROL, "public, max-age=300, stale-while-revalidate=3600")
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    answer
        .header(header::CACHE_CONTROL, "private, no-cache")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(HeaderName::from_static("x-robots-tag"), "noindex")
}

/// `If-None-Match` wins over `If-Modified-Since` (RFC 9110, 13.2.2).
fn is_known(request: &Request, subscription: &Subscription) -> bool {
    let tags: Vec<&str> =
        request.headers().get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).collect();
    if !tags.is_empty() {
        return matches(&tags.join(","), &subscription.etag);
    }
    let since = request.header(header::IF_MODIFIED_SINCE);
    let since = since.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
    since.is_some_and(|since| subscription.last_modified.as_second() <= since.as_second())
}

/// Dates in HTTP have whole seconds. What was written within the second that is not over yet may be written again
/// within it, so the second before is told: the reader then asks once too often instead of missing the change.
fn told_last_modified(subscription: &Subscription, now: Timestamp) -> Timestamp {
    subscription.last_modified.min(now - SignedDuration::from_secs(1))
}

/// An IMF-fixdate (RFC 9110, 5.6.7).
fn http_date(at: Timestamp) -> Result<String, Error> {
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).map_err(Error::internal)
}
