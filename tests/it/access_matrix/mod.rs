//! Every operation, asked by everybody: who gets in, who is turned away, and who is not told that there is anything.
//!
//! `matrix.json` says what is expected: a row is an operation, perhaps with the circle that may see its object
//! (`get_event participants`), and holds a status for each principal. Bodies are the examples of the API document, with
//! what a row says otherwise; `$key` in them stands for the id of something seeded. So a refusal is about rights and
//! not about a bad request.

mod elsewhere;
mod scopes;
pub mod seed;
mod swaps;
mod tenant;

use std::collections::{BTreeMap, BTreeSet};

use poem::http::Method;
use serde::Deserialize;
use serde_json::Value;

use self::seed::Seed;
use crate::support::{Answer, Client, Server, api_document};

/// Who asks, in the order of the columns.
pub const PRINCIPALS: [&str; 13] = [
    "anonymous",
    // Of an organisation that belongs to the group and has a delegation at its event.
    "delegate",
    // Of the same, composing its delegations.
    "manager",
    // Of an organisation that takes part in nothing.
    "outsider",
    // A secretariat limited to another event.
    "limited_other",
    // A secretariat limited to the events the rows are about.
    "limited_here",
    "secretariat",
    "auditor",
    "admin",
    "revoked",
    // Signed in with a browser, without an office or an organisation.
    "guest",
    // The same, chairing the group of the event the rows are about.
    "chair",
    // The same, heading a delegation at the event the rows are about.
    "head",
];

/// The golden table.
#[derive(Deserialize)]
pub struct Matrix {
    principals: String,
    /// By operation and circle.
    pub rows: BTreeMap<String, Row>,
}

/// The statuses of one row.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Row {
    Plain(String),
    With { statuses: String, body: Value },
}

impl Row {
    /// In the order of the principals.
    pub fn statuses(&self) -> Vec<u16> {
        let (Self::Plain(statuses) | Self::With { statuses, .. }) = self;
        statuses.split_whitespace().map(|status| status.parse().unwrap()).collect()
    }

    fn body(&self) -> Option<&Value> {
        match self {
            Self::Plain(_) => None,
            Self::With { body, .. } => Some(body),
        }
    }
}

/// What is expected.
pub fn matrix() -> Matrix {
    let matrix: Matrix = serde_json::from_str(include_str!("matrix.json")).unwrap();
    assert_eq!(matrix.principals.split_whitespace().collect::<Vec<_>>(), PRINCIPALS);
    matrix
}

/// An operation of the served document.
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path, with names in braces.
    pub path: String,
    /// The body of its example, where it takes one.
    pub example: Option<Value>,
}

/// All of them by their ids.
pub fn operations(document: &Value) -> BTreeMap<String, Operation> {
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object().and_then(|content| content.values().next());
            let pointer = content.and_then(|media| media["examples"]["example"]["$ref"].as_str());
            let example = pointer.map(|pointer| document.pointer(&pointer[1..]).unwrap()["value"].clone());
            let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
            let id = operation["operationId"].as_str().unwrap().to_owned();
            found.insert(id, Operation { method, path: path.clone(), example });
        }
    }
    found
}

#[tokio::test]
async fn every_operation_has_its_row_and_every_row_its_operation() {
    let document = &api_document();
    let operations: BTreeSet<String> = operations(document).into_keys().collect();
    let rows: BTreeSet<String> = matrix().rows.keys().map(|row| row.split(' ').next().unwrap().to_owned()).collect();
    let missing: Vec<_> = operations.difference(&rows).collect();
    let surplus: Vec<_> = rows.difference(&operations).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "tests/it/access_matrix/matrix.json lacks {missing:?}, has {surplus:?}"
    );
}

#[tokio::test]
async fn everybody_gets_what_the_matrix_says_and_no_more() {
    let seed = Seed::new().await;
    let document = seed.server.anonymous().get("/openapi.json").await.expect(200).json;
    let operations = operations(&document);
    let mut wrong = vec![];
    let mut cells = 0;
    for (row, expected) in &matrix().rows {
        let (name, circle) = row.split_once(' ').unwrap_or((row, ""));
        let Some(operation) = operations.get(name) else { continue };
        let statuses = expected.statuses();
        assert_eq!(statuses.len(), PRINCIPALS.len(), "{row}");
        for (principal, status) in PRINCIPALS.into_iter().zip(statuses) {
            cells += 1;
            let answer = ask(&seed, operation, circle, expected.body(), principal, status).await;
            if answer.status.as_u16() != status {
                wrong.push(format!("{row}, {principal}: {status} expected, {} {}", answer.status, answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{} operations, {cells} cells", operations.len());
}

/// Sends the request of one cell. What is to succeed in writing gets a copy of the database, so that no cell sees what
/// another has done.
async fn ask(
    seed: &Seed,
    operation: &Operation,
    circle: &str,
    more: Option<&Value>,
    principal: &str,
    status: u16,
) -> Answer {
    let path = seed.path(&operation.path, circle);
    let body = operation.example.clone().map(|example| seed.fill(merged(example, more)));
    let writes = operation.method != Method::GET && status < 400;
    let copy: Server;
    let server = if writes {
        copy = seed.server.copy().await;
        &copy
    } else {
        &seed.server
    };
    let client = client(server, seed.headers(principal));
    match &body {
        // A file: what its example says, in the first format of the operation.
        Some(Value::String(file)) => client.send_file(&path, "text/csv", file.as_bytes()).await,
        _ => client.send(operation.method.clone(), &path, body.as_ref()).await,
    }
}

/// Somebody with these headers, who writes on top of whatever is there.
pub fn client(server: &Server, headers: &[(&str, String)]) -> Client {
    let client = server.anonymous().header("If-Match", "*");
    headers.iter().fold(client, |client, (name, value)| client.header(name, value))
}

fn merged(mut example: Value, more: Option<&Value>) -> Value {
    if let (Some(example), Some(more)) = (example.as_object_mut(), more.and_then(Value::as_object)) {
        example.extend(more.clone());
    }
    example
}
