//! What answers where. Errors leave as errors; the edge makes problems of them.

use std::time::Duration;

use poem::{EndpointExt, IntoEndpoint, Response, Route, endpoint::BoxEndpoint, get, handler, http::Method};

use super::{
    body_limit::BodyLimits,
    browser, denials, docs,
    health::Readiness,
    idempotency,
    methods::PathMethods,
    openapi, problem_types, settings,
    shutdown::Shutdown,
    stack::{EdgeConfig, RouteLimits, edge},
};
use crate::{
    access::{oidc, sign_in},
    attendance::invitations,
    calendars,
    context::App,
    error::Error,
    overview, web,
};

/// What a table that is imported may weigh.
const IMPORT_BYTES: usize = 10 * 1024 * 1024;

/// The whole server as it was configured: the routes with the edge around them.
pub fn site(app: &App, shutdown: &Shutdown) -> Result<BoxEndpoint<'static, Response>, Error> {
    Ok(edge(endpoint(app, shutdown)?, &settings::edge_config(&app.config, edge_config())).boxed())
}

/// The routes, without the edge around them; ready until `shutdown` begins.
pub fn endpoint(app: &App, shutdown: &Shutdown) -> Result<BoxEndpoint<'static, Response>, Error> {
    let shared = app.clone();
    let service = openapi::service()
        .into_endpoint()
        .around(move |endpoint, request| idempotency::once(shared.clone(), endpoint, request))
        .around(denials::record);
    let providers = oidc::Providers::new(&app.config.oidc).map_err(Error::internal)?;
    let memory = calendars::subscription::Memory::default();
    let route = readiness(app, shutdown)
        .add_to(Route::new())
        .nest(openapi::BASE, service)
        .nest("/assets", web::assets())
        .nest("/docs", docs::endpoint())
        .nest("/problems", problem_types::endpoint())
        .nest("/sign-in/oidc", oidc::pages::endpoint(providers))
        .nest("/sign-in/passkey", sign_in::passkeys::pages::endpoint())
        .nest("/me", sign_in::passkeys::pages::own().around(web::frame_refusals))
        .nest("/invitations", invitations::pages::endpoint().around(web::frame_refusals))
        .nest("/ical", calendars::pages::endpoint(memory.clone()))
        .nest_no_strip("/dav", calendars::caldav::resource::endpoint(memory))
        .at(calendars::caldav::resource::WELL_KNOWN, calendars::caldav::resource::moved)
        .at("/openapi.json", get(openapi_json))
        .at("/openapi.yaml", get(openapi_yaml))
        .nest("/sign-in", sign_in::pages::endpoint().around(web::frame_refusals))
        .at("/sign-out", sign_in::pages::out().around(web::frame_refusals))
        .nest("/", overview::pages::endpoint().around(web::frame_refusals));
    let shared = app.clone();
    let guarded = route.around(move |endpoint, request| browser::guard(shared.clone(), endpoint, request));
    Ok(guarded.data(app.clone()).map_to_response().boxed())
}

/// The edge as these routes need it. Keep in step with [`endpoint`]; [`settings`] adds what is configured.
pub fn edge_config() -> EdgeConfig {
    let methods = PathMethods::default().with_operations(openapi::BASE, openapi::operations());
    let readable = [
        "/",
        "/events/*",
        "/sign-in",
        "/me",
        "/assets/*",
        "/healthz",
        "/readyz",
        "/docs",
        "/docs/*",
        "/problems",
        "/problems/*",
        "/ical/*",
        "/openapi.json",
        "/openapi.yaml",
        "/sign-in/oidc/{code}/callback",
    ];
    let methods = readable.into_iter().fold(methods, |methods, path| methods.with(path, &[Method::GET]));
    let posted = [
        "/sign-in/oidc/{code}",
        "/sign-in/oidc/{code}/logout",
        "/sign-in/passkey",
        "/sign-in/passkey/challenge",
        "/me/passkeys/{id}/delete",
    ];
    let methods = posted.into_iter().fold(methods, |methods, path| methods.with(path, &[Method::POST]));
    let forms = [
        "/sign-in/mail",
        "/sign-in/mail/{token}",
        "/sign-in/demo/{token}",
        "/sign-in/emergency",
        "/invitations/{token}",
    ];
    let methods = forms.into_iter().fold(methods, |methods, path| methods.with(path, &[Method::GET, Method::POST]));
    let methods = methods.with("/sign-out", &[Method::POST]);
    let methods = with_calendars(methods);

    // Waiting for changes takes up to 30 s by itself.
    let waiting = RouteLimits { deadline: Duration::from_secs(45), ..RouteLimits::default() };
    // A table of thousands of rows is larger than anything else that is sent, and takes longer to look through.
    let body = BodyLimits { bytes: IMPORT_BYTES, time: Duration::from_secs(120), ..BodyLimits::default() };
    let import = RouteLimits { body, deadline: Duration::from_secs(60) };
    let exceptions =
        vec![("/api/v1/changes", waiting), ("/api/v1/events/*/imports", import), ("/api/v1/imports", import)];
    EdgeConfig { methods, exceptions, ..EdgeConfig::default() }
}

/// The addresses of CalDAV, with methods that are not among those everybody has.
fn with_calendars(methods: PathMethods) -> PathMethods {
    let webdav: Vec<Method> = ["PROPFIND", "REPORT"].iter().filter_map(|name| name.parse().ok()).collect();
    let read = [webdav.as_slice(), &[Method::GET]].concat();
    methods
        .with(calendars::caldav::resource::WELL_KNOWN, &read)
        .with("/dav", &webdav)
        .with("/dav/*", &webdav)
        .with("/dav/c/{account}/{feed}/{name}.ics", &read)
}

/// Ready is who reaches its database and finds it as this release expects it.
fn readiness(app: &App, shutdown: &Shutdown) -> Readiness {
    let (database, migrations) = (app.db.clone(), app.db.clone());
    Readiness::new(shutdown.clone())
        .check("database", move || {
            let db = database.clone();
            async move { db.now().await.map(drop).map_err(|error| error.to_string()) }
        })
        .check("migrations", move || {
            let db = migrations.clone();
            async move { db.check_schema().await.map_err(|error| error.to_string()) }
        })
}

#[handler]
fn openapi_json() -> Response {
    Response::builder().content_type("application/json").body(openapi::JSON)
}

#[handler]
fn openapi_yaml() -> Response {
    Response::builder().content_type("application/yaml").body(openapi::YAML)
}
