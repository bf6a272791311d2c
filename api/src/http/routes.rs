//! What answers where.

use poem::{EndpointExt, IntoEndpoint, Response, Route, endpoint::BoxEndpoint, get, handler, web::Data};

use super::{docs, idempotency, openapi, problem};
use crate::{context::App, error::Error};

/// All of the server, without the edge around it.
pub fn endpoint(app: &App) -> Result<BoxEndpoint<'static, Response>, Error> {
    let shared = app.clone();
    let service = openapi::service()
        .into_endpoint()
        .around(move |endpoint, request| idempotency::once(shared.clone(), endpoint, request));
    let route = Route::new()
        .nest(openapi::BASE, service)
        .nest("/docs", docs::endpoint())
        .at("/openapi.json", get(openapi_json))
        .at("/openapi.yaml", get(openapi_yaml));
    Ok(route
        .data(app.clone())
        .data(Documents::new()?)
        .catch_all_error(problem::from_framework)
        .map_to_response()
        .boxed())
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
