//! The API document: assembled from the resources, then put right where the framework's own output is wrong.

use poem_openapi::{OpenApi, OpenApiService};
use serde_json::{Map, Value, json};

use super::schema::MARK;
use crate::{
    access::{accounts::resource::Accounts, keys::resource::Keys},
    attendance::{delegates::resource::Delegates, delegations::resource::Delegations, sheet::resource::Attendance},
    calendars::resource::Feeds,
    changes::resource::ChangeFeed,
    events::{resource::Events, rooms::resource::Rooms},
    groups::{memberships::resource::Memberships, resource::Groups, roles::resource::Roles},
    organisations::resource::Organisations,
    people::resource::Persons,
    schedule::resource::Sessions,
    statements::{
        clauses::resource::Clauses, participants::resource::StatementParticipants, resource::Statements,
        versions::resource::Versions,
    },
};

/// Path every operation begins with.
pub const BASE: &str = "/api/v1";

/// All resources. A tuple holds sixteen; nest another beyond.
pub fn resources() -> impl OpenApi {
    let groups = (Groups, Memberships, Roles);
    let statements = (Statements, Clauses, Versions, StatementParticipants);
    let delegations = (Delegations, Delegates, Attendance);
    (
        Organisations,
        Persons,
        groups,
        Events,
        Rooms,
        Sessions,
        delegations,
        statements,
        Feeds,
        Keys,
        Accounts,
        ChangeFeed,
    )
}

/// The service that answers below [`BASE`].
pub fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(resources(), "Plenum", env!("CARGO_PKG_VERSION"))
}

/// The document as JSON.
pub fn document() -> Result<Value, serde_json::Error> {
    let mut document: Value = serde_json::from_str(&service().spec())?;
    put_schemas_in_place(&mut document);
    document["openapi"] = json!("3.1.0");
    document["info"] = json!({
        "title": "Plenum",
        "version": env!("CARGO_PKG_VERSION"),
        "description": include_str!("openapi.md"),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    });
    document["servers"] = json!([{"url": BASE, "description": "This server"}]);
    document["components"]["securitySchemes"] = json!({
        "key": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer wgk_...`"}
    });
    document["security"] = json!([{"key": []}]);
    for_each_operation(&mut document, complete_operation);
    Ok(document)
}

/// The document as YAML: what stands in `openapi.yaml`.
pub fn yaml() -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    Ok(serde_yaml::to_string(&document()?)?)
}

/// Replaces the stand-ins of `schema.rs` by the schemas they carry.
fn put_schemas_in_place(document: &mut Value) {
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (_, component) in schemas.into_iter().flatten() {
        if let Some(schema) = component.get_mut("example").and_then(|example| example.get_mut(MARK)) {
            *component = schema.take();
        }
    }
}

fn for_each_operation(document: &mut Value, mut f: impl FnMut(&str, &str, &mut Map<String, Value>)) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, operations) in paths.into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                f(path, method, operation);
            }
        }
    }
}

/// Adds what every operation has in common, and drops the failures its method cannot have.
fn complete_operation(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let verb = if method == "get" { "read" } else { "write" };
    let scope = format!("{}:{verb}", resource_of(path));
    let description = operation.get("description").and_then(Value::as_str).unwrap_or_default();
    operation.insert("description".into(), json!(format!("{description}\n\nScope: `{scope}`.").trim()));
    operation.insert("x-scope".into(), json!(scope));
    let header = |name: &str, description: &str| json!({"name": name, "in": "header", "required": false, "description": description, "schema": {"type": "string", "maxLength": 200}});
    let mut added = vec![];
    if method == "get" {
        added.push(json!({
            "name": "lang", "in": "query", "required": false, "schema": {"type": "string", "pattern": "^[A-Za-z]{2,3}$"},
            "description": "Give every text as one string in this language, or the next best; `Content-Language` says which.",
        }));
        added.push(header("If-None-Match", "An ETag you have; 304 if it is still current."));
    }
    if method == "post" {
        added.push(header("Idempotency-Key", "Makes repeating this request safe for 24 hours."));
    }
    if matches!(method, "put" | "patch" | "delete") {
        added.push(header("If-Match", "The ETag of the version this write is based on; without it the answer is 428."));
    }
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    if let Some(parameters) = parameters.as_array_mut() {
        parameters.extend(added);
    }
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        responses.retain(|status, _| possible(path, method, status));
    }
}

/// Whether an operation of this path and method can answer with this status.
fn possible(path: &str, method: &str, status: &str) -> bool {
    match status {
        "412" | "428" => matches!(method, "put" | "patch" | "delete"),
        "413" | "415" | "422" => matches!(method, "put" | "patch" | "post"),
        "409" => method != "get",
        // Only something that is named can have been deleted.
        "410" => path.contains('{'),
        _ => true,
    }
}

/// The resource a scope names: memberships and roles belong to groups, clauses and versions to statements.
fn resource_of(path: &str) -> &str {
    let word = path.split('/').find(|part| !part.is_empty()).unwrap_or_default();
    let sub = path.split('/').rfind(|part| !part.is_empty() && !part.starts_with('{')).unwrap_or_default();
    match (word, sub) {
        (_, "attendance") => "attendance",
        ("events", "delegations" | "delegates") | ("delegations" | "delegates", _) => "delegations",
        ("memberships" | "roles", _) => "groups",
        ("clauses", _) => "statements",
        ("accounts", _) => "keys",
        ("audit-entries", _) => "audit",
        (word, _) => word,
    }
}
