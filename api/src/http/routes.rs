//! What answers where. Errors leave as errors; the edge makes problems of them.

use std::time::Duration;

use poem::{EndpointExt, IntoEndpoint, Response, Route, endpoint::BoxEndpoint, get, handler, http::Method, web::Data};

use super::{
    docs, idempotency,
    methods::PathMethods,
    openapi,
    stack::{EdgeConfig, RouteLimits},
};
use crate::{calendars, context::App, error::Error};

/// All of the server, without the edge around it.
pub fn endpoint(app: &App) -> Result<BoxEndpoint<'static, Response>, Error> {
    let shared = app.clone();
    let service = openapi::service()
        .into_endpoint()
        .around(move |endpoint, request| idempotency::once(shared.clone(), endpoint, request));
    let route = Route::new()
        .nest(openapi::BASE, service)
        .nest("/docs", docs::endpoint())
        .nest("/ical", calendars::pages::endpoint())
        .at("/openapi.json", get(openapi_json))
        .at("/openapi.yaml", get(openapi_yaml));
    Ok(route.data(app.clone()).data(Documents::new()?).map_to_response().boxed())
}

/// The edge as these routes need it. Keep in step with [`endpoint`]; proxies and rates come from the configuration.
pub fn edge_config() -> Result<EdgeConfig, Error> {
    let methods = PathMethods::default().with_openapi(openapi::BASE, &openapi::document()?);
    let readable = ["/docs", "/docs/*", "/ical/*", "/openapi.json", "/openapi.yaml"];
    let methods = readable.into_iter().fold(methods, |methods, path| methods.with(path, &[Method::GET]));
    // Waiting for changes takes up to 30 s by itself.
    let waiting = RouteLimits { deadline: Duration::from_secs(45), ..RouteLimits::default() };
    Ok(EdgeConfig { methods, exceptions: vec![("/api/v1/changes", waiting)], ..EdgeConfig::default() })
}

/// The API document, made once.
#[derive(Debug, Clone)]
struct Documents {
    json: String,
    yaml: String,
}

impl Documents {
    fn new() -> Result<Self, Error> {
        let json = serde_json::to_string(&openapi::document()?)?;
        Ok(Self { json, yaml: openapi::yaml().map_err(Error::internal)? })
    }
}

#[handler]
fn openapi_json(documents: Data<&Documents>) -> Response {
    Response::builder().content_type("application/json").body(documents.json.clone())
}

#[handler]
fn openapi_yaml(documents: Data<&Documents>) -> Response {
    Response::builder().content_type("application/yaml").body(documents.yaml.clone())
}
