//! A client that speaks HTTP to the endpoint without a socket.

use std::sync::Arc;

use poem::{
    Body, Endpoint, Request, Response,
    endpoint::BoxEndpoint,
    http::{Method, StatusCode, header},
};
use serde_json::Value;

use super::canaries;

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client {
    endpoint: Arc<BoxEndpoint<'static, Response>>,
    key: Option<String>,
    headers: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: StatusCode,
    /// Headers.
    pub headers: header::HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as text.
    pub text: String,
    /// The body as JSON; null if it is none.
    pub json: Value,
}

impl Client {
    pub(super) fn new(endpoint: Arc<BoxEndpoint<'static, Response>>, key: Option<String>) -> Self {
        Self { endpoint, key, headers: vec![] }
    }

    /// The same client with one more header on every request.
    pub fn header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.headers.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client, speaking to another server or to this one as it is configured by now.
    pub fn at(&self, server: &super::Server) -> Self {
        Self { endpoint: server.endpoint.clone(), ..self.clone() }
    }

    /// Sends a request; a path that does not begin with `/` is meant below `/api/v1/`.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(Value::to_string);
        self.exchange(method, path, body.map(|body| ("application/json", body.into_bytes()))).await
    }

    /// Adds a session and schedules it: from then on others than its planners know of it.
    pub async fn announce(&self, session: Value) -> Answer {
        let made = self.send(Method::POST, "sessions", Some(&session)).await.expect(201);
        let step = serde_json::json!({"to": "scheduled"});
        self.send(Method::POST, &format!("sessions/{}/transitions", made.id()), Some(&step)).await.expect(200)
    }

    /// Sends a body of any media type.
    pub async fn send_text(&self, method: Method, path: &str, content_type: &str, body: &str) -> Answer {
        self.exchange(method, path, Some((content_type, body.as_bytes().to_vec()))).await
    }

    /// The same of a file.
    pub async fn send_file(&self, path: &str, content_type: &str, file: &[u8]) -> Answer {
        self.exchange(Method::POST, path, Some((content_type, file.to_vec()))).await
    }

    async fn exchange(&self, method: Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Answer {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/api/v1/{path}") };
        let mut request = Request::builder().method(method).uri(path.parse().unwrap());
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        canaries::plant_tokens(&path);
        for (name, value) in &self.headers {
            canaries::plant_header(name, value);
            request = request.header(name.as_str(), value);
        }
        let request = match body {
            Some((content_type, body)) => request.content_type(content_type).body(Body::from(body)),
            None => request.finish(),
        };
        let mut response = self.endpoint.get_response(request).await;
        let bytes = response.take_body().into_vec().await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        let answer = Answer { status: response.status(), headers: response.headers().clone(), bytes, text, json };
        canaries::plant_answer(&path, &answer);
        answer
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(&body)).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(&body)).await
    }

    /// PATCH.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(&body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// The same client that writes on top of `answer`'s version.
    pub fn if_match(&self, answer: &Answer) -> Self {
        self.header("If-Match", answer.header("etag"))
    }
}

impl Answer {
    /// Asserts the status, showing the body where it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if status >= 400 {
            assert_eq!(self.header("content-type"), "application/problem+json");
            assert_eq!(self.json["status"], status);
        }
        self
    }

    /// Asserts the status of a page that says what went wrong.
    #[track_caller]
    pub fn expect_page(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
        self
    }

    /// A header; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `id` of the object in the body.
    #[track_caller]
    pub fn id(&self) -> String {
        self.json["id"].as_str().expect("an object with an id").to_owned()
    }

    /// What a problem says, without the id that every request has of its own.
    pub fn problem(&self) -> Value {
        let mut problem = self.json.clone();
        problem.as_object_mut().expect("a problem").remove("request_id");
        problem
    }

    /// The codes of the faults in a problem.
    pub fn codes(&self) -> Vec<&str> {
        self.json["errors"].as_array().into_iter().flatten().filter_map(|error| error["code"].as_str()).collect()
    }
}
