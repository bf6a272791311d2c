//! The frame of the pages: layout, styles, templates and the headers every page carries.
//!
//! Pages are rendered on the server from templates compiled into the binary, every value escaped, without inline
//! script or style.

use std::sync::{Arc, LazyLock};

use domain::access::{Principal, Role};
use minijinja::{Environment, Value, context};
use poem::{
    Endpoint, IntoResponse, Request, Response, Route, get, handler,
    http::{HeaderValue, StatusCode, header},
};

use crate::{context::Ctx, error::Error, http::problem::Problem};

const TEMPLATES: &[(&str, &str)] = &[
    ("access/oidc_continue.html", include_str!("../../templates/access/oidc_continue.html")),
    ("access/oidc_refused.html", include_str!("../../templates/access/oidc_refused.html")),
    ("web/layout.html", include_str!("../../templates/web/layout.html")),
    ("web/problem.html", include_str!("../../templates/web/problem.html")),
    ("access/sign_in.html", include_str!("../../templates/access/sign_in.html")),
    ("access/sent.html", include_str!("../../templates/access/sent.html")),
    ("access/link.html", include_str!("../../templates/access/link.html")),
    ("access/me.html", include_str!("../../templates/access/me.html")),
    ("access/emergency.html", include_str!("../../templates/access/emergency.html")),
    ("attendance/invitation.html", include_str!("../../templates/attendance/invitation.html")),
    ("overview/index.html", include_str!("../../templates/overview/index.html")),
    ("overview/event.html", include_str!("../../templates/overview/event.html")),
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
});

/// Nothing from elsewhere, nothing inline, in nobody's frame, and no script makes markup out of text (R101).
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// What the layout needs to know: who looks at it, and the token that its forms send back.
fn frame(ctx: Option<&Ctx>) -> Value {
    let who = ctx.and_then(|ctx| match &ctx.actor.principal {
        Principal::Session { name, .. } => Some(context! { name, role => ctx.actor.role.map(Role::as_str) }),
        _ => None,
    });
    let csrf_token = ctx.and_then(|ctx| ctx.browser.csrf_token());
    let csrf_token = csrf_token.as_ref().map(|token| token.reveal().to_owned());
    context! { language => "en", release => env!("CARGO_PKG_VERSION"), who, csrf_token }
}

/// The page a template makes of `context`, in the frame of whoever looks at it. What is shown to a browser we know is kept
/// by nobody: it holds a token, and what only this person may see.
pub fn page(ctx: &Ctx, template: &str, context: Value) -> Result<Response, Error> {
    let mut response = answer(StatusCode::OK, template, context! { page => frame(Some(ctx)), ..context })?;
    if ctx.browser.csrf_token().is_some() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

/// Shows what a page's extractors refuse in the frame of a page, not as data.
pub async fn frame_refusals<E: Endpoint>(next: Arc<E>, request: Request) -> poem::Result<Response> {
    let error = match next.call(request).await {
        Ok(response) => return Ok(response.into_response()),
        Err(error) if error.is_from_response() => error,
        Err(error) => return Err(error),
    };
    Ok(match error.data::<Problem>().cloned() {
        Some(problem) => shown_problem(problem),
        None => error.into_response(),
    })
}

/// The page, or one that says in the same frame what went wrong.
pub fn shown(page: Result<Response, Error>) -> Response {
    page.unwrap_or_else(|error| shown_problem(Problem::from(error)))
}

fn shown_problem(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let fallback = problem.clone().into_response();
    let Ok(mut shown) = answer(status, "web/problem.html", context! { problem, page => frame(None) }) else {
        return fallback;
    };
    for name in [header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = fallback.headers().get(&name) {
            shown.headers_mut().insert(name, value.clone());
        }
    }
    shown
}

/// The page a template makes of `context`, with this status, in the frame of nobody in particular.
pub fn page_with_status(status: StatusCode, template: &str, context: Value) -> Result<Response, Error> {
    answer(status, template, context! { page => frame(None), ..context })
}

fn answer(status: StatusCode, template: &str, context: Value) -> Result<Response, Error> {
    let environment = ENVIRONMENT.as_ref().map_err(|error| Error::internal(error.to_string()))?;
    let html = environment.get_template(template).and_then(|template| template.render(context));
    Ok(Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::VARY, "Accept-Language, Authorization, Cookie")
        .body(html.map_err(Error::internal)?))
}

/// Styles and other files every page shares.
pub fn assets() -> impl Endpoint {
    Route::new().at("/plenum.css", get(styles)).at("/passkeys.js", get(passkeys))
}

#[handler]
fn styles() -> Response {
    asset("text/css; charset=utf-8", include_str!("../../templates/web/plenum.css"))
}

#[handler]
fn passkeys() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("../../templates/web/passkeys.js"))
}

fn asset(content_type: &str, body: &'static str) -> Response {
    let answer = Response::builder().content_type(content_type).header(header::CACHE_CONTROL, "public, max-age=3600");
    answer.body(body).into_response()
}
