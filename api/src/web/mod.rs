//! The frame of the pages: layout, styles, templates and the headers every page carries.
//!
//! Pages are rendered on the server from templates compiled into the binary, every value escaped, without inline
//! script or style.

use std::sync::LazyLock;

use minijinja::{Environment, Value, context};
use poem::{
    Endpoint, IntoResponse, Response, Route, get, handler,
    http::{StatusCode, header},
};
use serde::Serialize;

use crate::{error::Error, http::problem::Problem};

const TEMPLATES: &[(&str, &str)] = &[
    ("access/oidc_continue.html", include_str!("../../templates/access/oidc_continue.html")),
    ("access/oidc_refused.html", include_str!("../../templates/access/oidc_refused.html")),
    ("web/layout.html", include_str!("../../templates/web/layout.html")),
    ("web/problem.html", include_str!("../../templates/web/problem.html")),
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

/// Nothing from elsewhere, nothing inline, in nobody's frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// What the layout needs to know.
pub fn frame() -> Value {
    context! { language => "en", release => env!("CARGO_PKG_VERSION") }
}

/// The page a template makes of `context`.
pub fn page(template: &str, context: impl Serialize) -> Result<Response, Error> {
    answer(StatusCode::OK, template, context)
}

/// The page, or one that says in the same frame what went wrong.
pub fn shown(page: Result<Response, Error>) -> Response {
    let problem = match page {
        Ok(page) => return page,
        Err(error) => Problem::from(error),
    };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let fallback = problem.clone();
    let shown = answer(status, "web/problem.html", context! { problem, page => frame() });
    shown.unwrap_or_else(|_| fallback.into_response())
}

/// The page a template makes of `context`, with this status.
pub fn answer(status: StatusCode, template: &str, context: impl Serialize) -> Result<Response, Error> {
    let environment = ENVIRONMENT.as_ref().map_err(|error| Error::internal(error.to_string()))?;
    let html = environment.get_template(template).and_then(|template| template.render(Value::from_serialize(context)));
    Ok(Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::VARY, "Accept-Language, Authorization")
        .body(html.map_err(Error::internal)?))
}

/// Styles and other files every page shares.
pub fn assets() -> impl Endpoint {
    Route::new().at("/plenum.css", get(styles))
}

#[handler]
fn styles() -> Response {
    Response::builder()
        .content_type("text/css; charset=utf-8")
        .header(header::CACHE_CONTROL, "public, max-age=3600")
        .body(include_str!("../../templates/web/plenum.css"))
        .into_response()
}
