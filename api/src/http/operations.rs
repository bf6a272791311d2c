//! What every operation of the API document has in common: its scope, its security, the parameters no handler names,
//! examples, and the failures it can have, each described once for all.

use domain::{
    access::{Actor, Resource},
    external::SEGMENT,
};
use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::{
    examples::Examples,
    links,
    problem::{PROBLEM_JSON, Problem, STATUSES},
    scope::resource_of,
};

/// Completes all operations of `document`, whose schemas are in their place.
pub(super) fn complete(document: &mut Value) {
    let examples = Examples::new(document["components"]["schemas"].clone());
    document["components"]["parameters"] = parameters();
    document["components"]["responses"] = failures();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete_one(&Address { path, method }, operation, &examples);
            }
        }
    }
    document["components"]["examples"] = examples.used();
    links::add(document);
}

/// Where an operation is found.
struct Address<'a> {
    path: &'a str,
    method: &'a str,
}

impl Address<'_> {
    fn reads(&self) -> bool {
        self.method == "get"
    }

    /// Whether it changes an object that has a version; sign-ins, passkeys, app passwords and seals have none. A partner's upsert may say which one,
    /// but need not.
    fn compares(&self) -> bool {
        let versioned =
            !["/sign-ins", "/passkeys", "/app-passwords", "/seal"].iter().any(|part| self.path.contains(part));
        (matches!(self.method, "put" | "patch" | "delete") && versioned) || self.path.ends_with("/erasure")
    }

    fn needs_version(&self) -> bool {
        self.compares() && !self.path.contains("/by-external/") && !self.may_begin()
    }

    /// Whether it writes what is there only once somebody has said something: before, there is no version to name.
    fn may_begin(&self) -> bool {
        let begun = [
            "/rules",
            "/clash-rules",
            "/practical-arrangements",
            "/conflicts",
            "/agenda-numbering",
            "/speakers-list",
            "/availability/subscription",
            "/registration",
            "/attendance/{delegation}",
            "/answers/{organisation_id}",
        ];
        (self.method == "put" && begun.iter().any(|end| self.path.ends_with(end)))
            || (matches!(self.method, "put" | "patch") && self.path.ends_with("/plan"))
    }

    fn names_an_object(&self) -> bool {
        self.path.contains('{')
    }

    fn added_parameters(&self) -> Vec<&'static str> {
        match self.method {
            "get" => vec!["lang", "IfNoneMatch"],
            "post" if self.needs_version() => vec!["lang", "IdempotencyKey", "IfMatch"],
            "post" => vec!["lang", "IdempotencyKey"],
            "delete" if self.compares() => vec!["IfMatch"],
            "delete" => vec![],
            _ if self.needs_version() => vec!["lang", "IfMatch"],
            _ if self.may_begin() => vec!["lang", "IfMatchOnceThere"],
            _ if !self.compares() => vec!["lang"],
            _ => vec!["lang", "OptionalIfMatch"],
        }
    }

    /// Whether this operation can fail with this status.
    fn possible(&self, status: StatusCode, has_body: bool, has_query: bool) -> bool {
        match status {
            StatusCode::NOT_FOUND => self.names_an_object(),
            StatusCode::GONE => self.names_an_object(),
            // Badges are made with a key that may have changed, and pages need fonts.
            StatusCode::CONFLICT => !self.reads() || self.path.ends_with(".pdf") || self.path.contains("/badge"),
            StatusCode::PRECONDITION_FAILED => self.compares(),
            StatusCode::PRECONDITION_REQUIRED => self.needs_version() || self.may_begin(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => has_body,
            // Also an Idempotency-Key that was used for another request, and a cursor that is none of ours.
            StatusCode::UNPROCESSABLE_ENTITY => has_body || self.method == "post" || has_query,
            _ => true,
        }
    }
}

fn complete_one(address: &Address, operation: &mut Map<String, Value>, examples: &Examples) {
    let resource = resource_of(address.path);
    if let Some(resource) = resource {
        let scope = format!("{}:{}", resource.as_str(), if address.reads() { "read" } else { "write" });
        let description = operation.get("description").and_then(Value::as_str).unwrap_or_default();
        operation.insert("description".into(), json!(format!("{description}\n\nScope: `{scope}`.").trim()));
        operation.insert("x-scope".into(), json!(scope));
    }
    operation.insert("security".into(), security(address, resource));
    let has_query = complete_parameters(address, operation);
    let has_body = operation.contains_key("requestBody");
    if let Some(body) = operation.get_mut("requestBody") {
        examples.attach(body);
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    let Some(responses) = responses else { return };
    for (status, _) in STATUSES {
        if address.possible(*status, has_body, has_query) {
            let failure = format!("#/components/responses/{}", failure_name(*status));
            responses.insert(status.as_u16().to_string(), json!({"$ref": failure}));
        } else {
            responses.remove(status.as_str());
        }
    }
    responses.values_mut().for_each(|response| examples.attach(response));
}

/// A key or a sign-in; or neither, where everybody may see what is public.
fn security(address: &Address, resource: Option<Resource>) -> Value {
    let public = address.reads() && resource.is_some_and(|resource| Actor::anonymous().may_read(resource).is_ok());
    if public { json!([{}, {"key": []}, {"sign_in": []}]) } else { json!([{"key": []}, {"sign_in": []}]) }
}

/// Says more of the parameters than the framework knows, and adds those that no handler names. Gives whether the
/// operation takes any of its own in the query.
fn complete_parameters(address: &Address, operation: &mut Map<String, Value>) -> bool {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else { return false };
    let has_query = parameters.iter().any(|parameter| parameter["in"] == "query");
    for parameter in parameters.iter_mut() {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let Some((description, schema)) = known_parameter(&name, &parameter["schema"]) else { continue };
        if parameter["description"].is_null() {
            parameter["description"] = json!(description);
        }
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            parameter["schema"][keyword] = value.clone();
        }
    }
    let added = address.added_parameters();
    parameters.extend(added.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})));
    has_query
}

/// Letters, digits and what else can stand in a code, an id or a cursor.
const HANDLE: &str = "^[A-Za-z0-9._-]+$";
/// What no text may hold: PostgreSQL keeps no NUL.
const NO_NUL: &str = r"^[^\u0000]*$";

/// Description and schema of parameters that mean the same wherever they are.
fn known_parameter(name: &str, schema: &Value) -> Option<(&'static str, Value)> {
    if schema["format"] == "uuid" {
        return Some(("Its id.", json!({})));
    }
    Some(match name {
        "id" => ("Its id, or its code where it has one.", json!({"minLength": 1, "maxLength": 64, "pattern": HANDLE})),
        "organisation_id" => {
            ("The organisation, by id or code.", json!({"minLength": 1, "maxLength": 64, "pattern": HANDLE}))
        }
        "delegation" => {
            ("Its id, or the code of its organisation.", json!({"minLength": 1, "maxLength": 64, "pattern": HANDLE}))
        }
        "cursor" => {
            ("`next_cursor` of the page before.", json!({"minLength": 1, "maxLength": 2000, "pattern": HANDLE}))
        }
        "q" => ("Words to look for.", json!({"pattern": NO_NUL})),
        "system" => ("The partner system.", json!({"minLength": 1, "maxLength": 64, "pattern": SEGMENT})),
        "external_id" => ("The id it has there.", json!({"minLength": 1, "maxLength": 200, "pattern": SEGMENT})),
        _ => return None,
    })
}

/// The parameters that operations share.
fn parameters() -> Value {
    let header = |name: &str, required: bool, pattern: &str, example: &str, description: &str| {
        json!({
            "name": name, "in": "header", "required": required, "description": description,
            "schema": {"type": "string", "pattern": pattern}, "example": example,
        })
    };
    let tag = r#"^(\*|"[!#-~]*")$"#;
    // Empty says nothing, like no header at all.
    let optional_tag = r#"^(\*|"[!#-~]*")?$"#;
    let optional_tags = r#"^(\*|(W/)?"[!#-+\--~]*"( *, *(W/)?"[!#-+\--~]*")*)?$"#;
    json!({
        "lang": {
            "name": "lang", "in": "query", "required": false,
            "schema": {"$ref": "#/components/schemas/Language"},
            "description": "Give every text as one string in this language, or the next best; `Content-Language` says which.",
        },
        "IfNoneMatch": header("If-None-Match", false, optional_tags, "\"3\"", "An ETag you have; 304 if it is still current."),
        "IdempotencyKey": header(
            "Idempotency-Key", false, "^[!-~]{1,200}$", "8f14e45f-ceea-467f-a8f1-2b1f5b1c9a52",
            "Makes repeating this request safe for 24 hours.",
        ),
        "IfMatch": header(
            "If-Match", true, tag, "\"3\"",
            "The ETag of the version this write is based on, or `*` for whatever is there; without it the answer is 428.",
        ),
        "IfMatchOnceThere": header(
            "If-Match", false, optional_tag, "\"3\"",
            "The ETag of the version this write is based on, or `*`; needed once anything was said, and 428 without it.",
        ),
        "OptionalIfMatch": header(
            "If-Match", false, optional_tag, "\"3\"",
            "The ETag of the version this write is based on; without it whatever is there is replaced.",
        ),
    })
}

/// One answer a status, for all operations.
fn failures() -> Value {
    let failure = |(status, description): &(StatusCode, &str)| {
        let example = Problem::example(*status);
        let mut answer = json!({
            "description": description,
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
        });
        let header = match *status {
            StatusCode::UNAUTHORIZED => Some(("WWW-Authenticate", "How to authenticate")),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Some(("Retry-After", "Seconds to wait")),
            _ => None,
        };
        if let Some((name, description)) = header {
            answer["headers"] = json!({name: {"description": description, "schema": {"type": "string"}}});
        }
        (failure_name(*status), answer)
    };
    Value::Object(STATUSES.iter().map(failure).collect())
}

/// `NotFound` for 404.
fn failure_name(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("Error").replace(' ', "")
}
