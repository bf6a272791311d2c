//! Ids of somebody else in requests that would otherwise be right (CWE-639): no door opens, nothing changes.
//!
//! The requests are those of the matrix. In each, every id in the path, the query and the body is exchanged for what
//! the caller may not see, by id, by code and by external id.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use poem::http::Method;
use serde_json::{Value, json};

use super::{
    Operation, PRINCIPALS, client, matrix, merged, operations,
    seed::Seed,
    tenant::{EXTERNAL, Tenant},
};
use crate::{
    on_both,
    support::{Answer, Client},
};

/// Who tries, and of which collections everything is theirs to name: secretariats share people and organisations.
const WHO: [(&str, &[&str]); 4] = [("manager", &[]), ("limited_here", &["persons"]), ("chair", &[]), ("guest", &[])];
/// What a request may leave behind although it was refused, and what counts requests.
const TRACES: [&str; 5] = ["audit_entries", "audit_values", "audit_seals", "counters", "throttles"];
/// What nobody has: the answer to it is what the answer to somebody else's must look like.
const NOBODY: &str = "0192f3a4-5b6c-7d8e-9fa0-000000000000";
/// The same for codes; it begins as theirs do, for what refuses all codes and says why.
const NOBODYS_CODE: &str = "their-none";

/// The collection that a member of a body or a parameter of a query names an object of; none for what is no reference
/// to anything that can be somebody else's.
fn collection_of(name: &str, operation: &Operation) -> Option<&'static str> {
    Some(match name {
        "delegation_id" | "delegation" => "delegations",
        "event_id" | "event_ids" | "event" => "events",
        // A feed is of an event or of a group; the examples are of events.
        "object_id" => "events",
        "group_id" | "group_ids" | "joint_group_ids" | "owner_group_id" | "group" | "parent" => "groups",
        "parent_id" if operation.path.starts_with("/groups") => "groups",
        "owner_id" | "account_ids" => "accounts",
        "parent_id" if operation.path.contains("/agenda-items") => "agenda-items",
        "person_id" | "lead_person_id" | "audience_ids" | "required_person_ids" => "persons",
        "represented_by" | "delegate_id" | "delegate_ids" | "collected_by" => "delegates",
        "badge_ids" => "badges",
        "speaker_ids" => "speakers",
        "session_id" | "session_ids" | "keep_ids" | "sitting_of" => "sessions",
        "release_id" => "releases",
        // Everybody may name every organisation and room: they are the catalogue.
        "parent_id"
        | "organisation_id"
        | "lead_organisation_id"
        | "country_id"
        | "host_id"
        | "room_id"
        | "room_ids"
        | "organisation"
        | "room" => {
            return None;
        }
        // Only organisations; and options that are those of the poll in the address.
        "organisation_ids" | "required_ids" | "option_id" => return None,
        _ => return None,
    })
}

/// A request with one thing exchanged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Attempt {
    method: String,
    path: String,
    body: Option<String>,
}

struct Attack<'a> {
    seed: &'a Seed,
    tenant: &'a Tenant,
    principal: &'static str,
    own: &'a [&'a str],
    document: &'a Value,
    tried: BTreeSet<Attempt>,
    wrong: Vec<String>,
}

impl Attack<'_> {
    fn client(&self) -> Client {
        client(&self.seed.server, self.seed.headers(self.principal))
    }

    fn foreign(&self, collection: &str) -> Vec<String> {
        if self.own.contains(&collection) {
            return vec![];
        }
        let mut handles = self.tenant.handles(collection).to_vec();
        // In the manager's own event there are delegations of others as well.
        let others = match (self.principal, collection) {
            ("manager", "delegations") => Some("delegations other"),
            ("manager", "delegates") => Some("delegates other"),
            ("manager", "feeds") => Some("feeds"),
            _ => None,
        };
        handles.extend(others.map(|key| self.seed.id(key).to_owned()));
        handles
    }

    /// Tries everything with the request of one row; `succeeds` says whether it is answered well as it stands.
    async fn on(&mut self, operation: &Operation, circle: &str, more: Option<&Value>, succeeds: bool) {
        let body = operation.example.clone().map(|example| self.seed.fill(merged(example, more)));
        let path = self.seed.path(&operation.path, circle);
        for swapped in self.paths(operation, circle) {
            let answer = self.refused(operation, &swapped, body.as_ref()).await;
            if let Some(answer) = answer.filter(|_| operation.method == Method::GET) {
                self.looks_like_nobodys(&answer, &swapped, operation).await;
            }
        }
        if !succeeds {
            return;
        }
        for query in self.queries(operation) {
            self.finds_nothing(&path, query).await;
        }
        for swapped in body.iter().flat_map(|body| self.bodies(operation, body)).collect::<Vec<_>>() {
            self.refused(operation, &path, Some(&swapped)).await;
        }
    }

    /// Addresses of what is somebody else's.
    fn paths(&self, operation: &Operation, circle: &str) -> Vec<String> {
        let collection = operation.path.split('/').nth(1).unwrap();
        let template = |part: &str, value: &str| {
            let replaced = operation.path.replace(part, value);
            self.seed.path(&replaced, circle)
        };
        let mut paths = vec![];
        for (part, collection) in [("{id}", collection), ("{delegation}", "delegations")] {
            if operation.path.contains(part) {
                paths.extend(self.foreign(collection).iter().map(|handle| template(part, handle)));
            }
        }
        if operation.path.contains("{external_id}") && !self.own.contains(&collection) {
            paths.push(template("{external_id}", EXTERNAL));
        }
        paths
    }

    fn queries(&self, operation: &Operation) -> Vec<(String, String)> {
        let parameters =
            self.document["paths"][&operation.path][operation.method.as_str().to_ascii_lowercase()]["parameters"]
                .as_array();
        let names = parameters.into_iter().flatten().filter(|parameter| parameter["in"] == "query");
        let names = names.map(|parameter| parameter["name"].as_str().unwrap());
        names
            .filter_map(|name| Some((name, collection_of(name, operation)?)))
            .flat_map(|(name, collection)| {
                self.foreign(collection).into_iter().map(|handle| (name.to_owned(), handle)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// The body with one reference exchanged, or one more in it, for every reference the schema knows.
    fn bodies(&self, operation: &Operation, body: &Value) -> Vec<Value> {
        let mut bodies = vec![];
        for (name, schema) in properties(self.document, operation) {
            if let Some(collection) = collection_of(&name, operation) {
                for handle in self.foreign(collection) {
                    let value = if schema["type"] == "array" { json!([handle]) } else { json!(handle) };
                    bodies.push(with(body, &name, value));
                }
            }
            let collection = operation.path.split('/').nth(1).unwrap();
            let theirs = self.foreign(collection);
            match name.as_str() {
                // The address of a PUT by external id speaks for the system `partner` already.
                "external_ids" if !theirs.is_empty() => {
                    bodies.push(with(body, &name, json!([{"system": "desk", "id": EXTERNAL}])));
                }
                "code" if theirs.len() > 1 => bodies.push(with(body, &name, json!(theirs[1]))),
                "lines" => bodies.extend(self.within(operation, body, "lines", &["delegation_id", "represented_by"])),
                "placements" => bodies.extend(self.within(operation, body, "placements", &["session_id"])),
                "marks" => bodies.extend(self.within(operation, body, "marks", &["delegate_id"])),
                "scans" => bodies.extend(self.foreign("check-types").into_iter().map(|handle| {
                    let mut body = body.clone();
                    body["scans"][0]["check_type_id"] = json!(handle);
                    body
                })),
                "terms" => bodies.extend(
                    self.foreign("delegates").iter().map(|id| with(body, &name, json!([{ "delegate_id": id }]))),
                ),
                "moves" => bodies.extend(
                    self.foreign("sessions").iter().map(|id| with(body, &name, json!({ "session_ids": [id] }))),
                ),
                _ => {}
            }
        }
        bodies
    }

    /// References within the first item of a list.
    fn within(&self, operation: &Operation, body: &Value, list: &str, names: &[&'static str]) -> Vec<Value> {
        names
            .iter()
            .flat_map(|name| {
                self.foreign(collection_of(name, operation).unwrap()).into_iter().map(move |it| (*name, it))
            })
            .map(|(name, handle)| {
                let mut body = body.clone();
                body[list][0][name] = json!(handle);
                body
            })
            .collect()
    }

    /// Sends it once; anything but a refusal is wrong. A server that breaks has not refused.
    async fn refused(&mut self, operation: &Operation, path: &str, body: Option<&Value>) -> Option<Answer> {
        let method = operation.method.to_string();
        let attempt = Attempt { method, path: path.to_owned(), body: body.map(Value::to_string) };
        if !self.tried.insert(attempt.clone()) {
            return None;
        }
        let answer = self.client().send(operation.method.clone(), path, body).await;
        if !answer.status.is_client_error() {
            self.wrong.push(format!("{}: {attempt:?}: {} {}", self.principal, answer.status, answer.text));
        }
        Some(answer)
    }

    /// What is somebody else's and what is not there are answered alike (R37), to those who may ask at all.
    async fn looks_like_nobodys(&mut self, answer: &Answer, path: &str, operation: &Operation) {
        let handle = differing(path, &operation.path);
        let unknown = self.client().get(&path.replace(handle, NOBODY)).await;
        let masked = |answer: &Answer, handle: &str| answer.problem().to_string().replace(handle, "…");
        if unknown.status != answer.status || masked(answer, handle) != masked(&unknown, NOBODY) {
            self.wrong.push(format!("{}: {path}: {} but {} for nobody's", self.principal, answer.text, unknown.text));
        }
    }

    /// A list narrowed to somebody else's is the list narrowed to nobody's.
    async fn finds_nothing(&mut self, path: &str, (name, handle): (String, String)) {
        let ask = async |handle: &str| self.client().get(&format!("{path}?{name}={handle}")).await;
        let nobody = if handle.len() == NOBODY.len() { NOBODY } else { NOBODYS_CODE };
        let (theirs, nobodys) = (ask(&handle).await, ask(nobody).await);
        let masked = |answer: &Answer, handle: &str| {
            let mut json = answer.json.clone();
            json.as_object_mut().map(|members| members.remove("request_id"));
            json.to_string().replace(handle, "…")
        };
        if theirs.status != nobodys.status || masked(&theirs, &handle) != masked(&nobodys, nobody) {
            self.wrong
                .push(format!("{}: {path}?{name}={handle}: {}, but {}", self.principal, theirs.text, nobodys.text));
        }
    }
}

/// The part of the path where the template has its first `{`.
fn differing<'a>(path: &'a str, template: &str) -> &'a str {
    let at = template.split('/').position(|part| part.starts_with('{')).unwrap();
    path.trim_start_matches("/api/v1").split('/').nth(at).unwrap()
}

fn with(body: &Value, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[name] = value;
    if name == "audience_ids" {
        body["visibility"] = json!("named");
    }
    body
}

/// The members that the document allows in the body of an operation.
fn properties(document: &Value, operation: &Operation) -> BTreeMap<String, Value> {
    let method = operation.method.as_str().to_ascii_lowercase();
    let content = document["paths"][&operation.path][method]["requestBody"]["content"].as_object();
    let mut found = BTreeMap::new();
    for media in content.into_iter().flat_map(|content| content.values()) {
        collect(document, &media["schema"], &mut found);
    }
    found
}

fn collect(document: &Value, schema: &Value, found: &mut BTreeMap<String, Value>) {
    if let Some(pointer) = schema["$ref"].as_str() {
        return collect(document, document.pointer(&pointer[1..]).unwrap(), found);
    }
    for part in ["allOf", "anyOf", "oneOf"].iter().filter_map(|name| schema[*name].as_array()).flatten() {
        collect(document, part, found);
    }
    found.extend(schema["properties"].as_object().cloned().into_iter().flatten());
}

/// A new reference must be known to this test before it can be forgotten.
#[tokio::test]
async fn every_reference_in_a_body_is_one_that_is_swapped() {
    let document = &crate::support::api_document();
    // The last is a name in an identity document.
    let common = [
        "parent_id",
        "organisation_id",
        "lead_organisation_id",
        "country_id",
        "host_id",
        "room_id",
        "room_ids",
        "organisation_ids",
        "required_ids",
        "option_id",
        "name_on_id",
    ];
    let mut unknown = BTreeSet::new();
    for (id, operation) in operations(document) {
        for name in properties(document, &operation).into_keys() {
            let reference = name.ends_with("_id") || name.ends_with("_ids");
            let known = collection_of(&name, &operation).is_some() || name == "external_ids";
            if reference && !known && !common.contains(&name.as_str()) {
                unknown.insert(format!("{id}: {name}"));
            }
        }
    }
    assert!(unknown.is_empty(), "tests/it/access_matrix/swaps.rs does not know {unknown:?}");
}

on_both! {
    async fn ids_of_another_tenant_open_nothing_and_change_nothing(server) {
        let seed = Seed::on(server).await;
        let tenant = Tenant::beside(&seed).await;
        let document = seed.server.anonymous().get("/openapi.json").await.expect(200).json;
        let operations = operations(&document);
        let rows = matrix().rows;
        // Who asks for the first time leaves a time of day behind.
        for (principal, _) in WHO {
            client(&seed.server, seed.headers(principal)).get("me").await.expect(200);
        }
        let before = seed.server.dump_without(&TRACES).await;
        let attacks = WHO.map(|(principal, own)| {
            let (tried, wrong) = (BTreeSet::new(), vec![]);
            let mut attack = Attack { seed: &seed, tenant: &tenant, principal, own, document: &document, tried, wrong };
            let (rows, operations) = (&rows, &operations);
            let column = PRINCIPALS.iter().position(|known| *known == principal).unwrap();
            async move {
                for (row, expected) in rows {
                    let (name, circle) = row.split_once(' ').unwrap_or((row, ""));
                    let Some(operation) = operations.get(name) else { continue };
                    attack.on(operation, circle, expected.body(), expected.statuses()[column] < 400).await;
                }
                (attack.tried.len(), attack.wrong)
            }
        });
        let (counts, wrong): (Vec<_>, Vec<_>) = join_all(attacks).await.into_iter().unzip();
        let wrong = wrong.concat();
        assert!(wrong.is_empty(), "{} were not refused:\n{}", wrong.len(), wrong.join("\n"));
        let after = seed.server.dump_without(&TRACES).await;
        let changed: Vec<_> = after.lines().filter(|line| !before.contains(line)).collect();
        assert!(before == after, "what was refused has changed something: {changed:#?}");
        eprintln!("{counts:?} requests with one id of somebody else");
        assert!(counts.iter().all(|count| *count > 100), "{counts:?}: too few to mean anything");
    }
}
