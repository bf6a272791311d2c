//! The name of a request, by which a person's complaint finds its log lines.

use std::{
    fmt::{self, Display, Formatter},
    sync::Arc,
};

use poem::{
    Endpoint, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;
use uuid::Uuid;

use super::{client_address::Client, problem::PROBLEM_JSON};

/// Carries the id on requests from a trusted proxy and on every answer.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A UUIDv7 of our own, or what a trusted proxy sent. Found in the request's data; on every answer as `X-Request-Id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[expect(clippy::disallowed_methods, reason = "an id for the log, which decides nothing")]
    fn generate() -> Self {
        Self(Uuid::now_v7().to_string().into())
    }

    /// The proxy's id if it is one word that no log or header can be broken with.
    fn from_proxy(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(X_REQUEST_ID)?.to_str().ok()?;
        let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        ((1..=64).contains(&value.len()) && plain).then(|| Self(value.into()))
    }
}

impl Display for RequestId {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Names the request and its answer.
pub(super) async fn identify<E: Endpoint<Output = Response>>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let proxied = request.data::<Client>().is_some_and(|client| client.through_proxy);
    let given = if proxied { RequestId::from_proxy(request.headers()) } else { None };
    let id = given.unwrap_or_else(RequestId::generate);
    request.set_data(id.clone());
    let mut response = next.call(request).await?;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    Ok(response)
}

/// Writes the id into problems, because the body is what people copy into a mail.
pub(super) async fn name_problems<E: Endpoint<Output = Response>>(next: Arc<E>, request: Request) -> Result<Response> {
    let id = request.data::<RequestId>().cloned();
    let mut response = next.call(request).await?;
    let Some(id) = id.filter(|_| response.content_type() == Some(PROBLEM_JSON)) else { return Ok(response) };
    let body = response.take_body().into_bytes().await?;
    response.set_body(named(&body, &id).unwrap_or_else(|| body.to_vec()));
    Ok(response)
}

fn named(problem: &[u8], id: &RequestId) -> Option<Vec<u8>> {
    let mut problem: serde_json::Map<String, Value> = serde_json::from_slice(problem).ok()?;
    problem.insert("request_id".into(), id.as_str().into());
    serde_json::to_vec(&problem).ok()
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync, test::TestClient};

    use super::*;

    async fn answered(through_proxy: bool, sent: &str) -> String {
        let echo = make_sync(|request| request.data::<RequestId>().unwrap().to_string());
        let client = Client { address: None, through_proxy, https: false };
        let endpoint = echo.map_to_response().around(identify).data(client);
        let response = TestClient::new(endpoint).get("/").header(X_REQUEST_ID, sent).send().await;
        let header = response.0.header(X_REQUEST_ID).unwrap().to_owned();
        response.assert_text(header.clone()).await;
        header
    }

    #[tokio::test]
    async fn only_a_proxy_may_name_a_request_and_only_with_a_plain_word() {
        assert_eq!(answered(true, "edge-7.4_b").await, "edge-7.4_b");
        let own = |id: &str| Uuid::parse_str(id).is_ok_and(|id| id.get_version_num() == 7);
        assert!(own(&answered(false, "edge-7.4_b").await));
        for rubbish in ["", "two words", "a\"b", "x,y", &"x".repeat(65)] {
            assert!(own(&answered(true, rubbish).await), "{rubbish:?}");
        }
    }
}
