//! The matrix for keys that are narrowed to scopes, and for the tokens of feeds: every operation names the scope it
//! needs (`x-scope`), needs that one and no other, and is closed to a token that only opens a calendar.

use std::collections::BTreeMap;

use domain::access::{NewKey, Resource, Role, Scope, Verb};
use serde_json::Value;

use super::{Operation, ask, matrix, operations, seed::Seed};

/// What no key may do that is narrowed to one scope, because what comes of it would reach further: accounts and keys that
/// are not narrowed, calendars that show sessions, and what ends or shows the accounts of a person.
const REACH_FURTHER: [&str; 7] =
    ["create_account", "update_account", "create_key", "rotate_key", "create_feed", "export_person", "erase_person"];

fn scopes() -> Vec<Scope> {
    let words = |resource: &Resource| ["read", "write"].map(|verb| format!("{}:{verb}", resource.as_str()));
    Resource::ALL.iter().flat_map(words).map(|scope| Scope::parse(&scope).unwrap()).collect()
}

/// The operations that need a scope, with it.
fn scoped(document: &Value) -> BTreeMap<String, (Operation, Scope)> {
    let needed = |operation: &Operation| {
        let method = operation.method.as_str().to_ascii_lowercase();
        document["paths"][&operation.path][method]["x-scope"].as_str().map(|scope| Scope::parse(scope).unwrap())
    };
    let operations = operations(document).into_iter();
    operations.filter_map(|(id, operation)| needed(&operation).map(|scope| (id, (operation, scope)))).collect()
}

/// Whether a key with `own` may do what needs `needed`: what may be written may be read.
fn covers(own: &Scope, needed: &Scope) -> bool {
    Resource::ALL.iter().any(|resource| {
        let verb = if needed.covers(Verb::Write, *resource) { Verb::Write } else { Verb::Read };
        needed.covers(Verb::Read, *resource) && own.covers(verb, *resource)
    })
}

#[tokio::test]
async fn an_operation_needs_the_scope_it_names_and_no_other() {
    let mut seed = Seed::new().await;
    let document = seed.server.anonymous().get("/openapi.json").await.expect(200).json;
    let admin = super::PRINCIPALS.iter().position(|principal| *principal == "admin").unwrap();
    let (rows, mut wrong, mut cells) = (matrix().rows, vec![], 0);
    for scope in scopes() {
        let only = NewKey { role: Role::Admin, scopes: vec![scope.clone()], ..NewKey::default() };
        seed.admit(scope.to_string(), only).await;
    }
    for (id, (operation, needed)) in scoped(&document) {
        let row =
            rows.iter().find(|(row, expected)| row.split(' ').next() == Some(&id) && expected.statuses()[admin] < 400);
        let Some((row, expected)) = row else { continue };
        let circle = row.split_once(' ').map_or("", |(_, circle)| circle);
        for scope in scopes() {
            let open = covers(&scope, &needed) && !REACH_FURTHER.contains(&id.as_str());
            let status = if open { expected.statuses()[admin] } else { 403 };
            let answer = ask(&seed, &operation, circle, expected.body(), &scope.to_string(), status).await;
            cells += 1;
            if answer.status.as_u16() != status {
                wrong.push(format!("{row} with {scope}: {status} expected, {} {}", answer.status, answer.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{cells} cells");
}

#[tokio::test]
async fn a_key_narrowed_to_scopes_opens_no_pages() {
    let mut seed = Seed::new().await;
    let scopes = vec![Scope::parse("*:read").unwrap()];
    seed.admit("narrowed".to_owned(), NewKey { role: Role::Admin, scopes, ..NewKey::default() }).await;
    for (principal, status) in [("narrowed", 403), ("admin", 200), ("anonymous", 200)] {
        for page in ["/", "/events/open-2019"] {
            let answer = super::client(&seed.server, seed.headers(principal)).get(page).await;
            assert_eq!(answer.status.as_u16(), status, "{page} as {principal}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn the_token_of_a_feed_opens_its_calendar_and_no_operation() {
    let seed = Seed::new().await;
    let admin = super::client(&seed.server, seed.headers("admin"));
    let feed = serde_json::json!({"kind": "event", "object_id": "seoul-2019", "name": "Mine", "access": "token"});
    let made = admin.post("feeds", feed).await.expect(201);
    let url = made.json["url"].as_str().unwrap();
    let token = url[url.find("wgf_").unwrap()..].trim_end_matches(".ics");
    let feed = seed.server.anonymous().header("Authorization", &format!("Bearer {token}"));
    let document = seed.server.anonymous().get("/openapi.json").await.expect(200).json;
    let rows = matrix().rows;
    for (id, operation) in operations(&document) {
        let circle = rows.keys().find_map(|row| row.split_once(' ').filter(|(name, _)| *name == id));
        let path = seed.path(&operation.path, circle.map_or("", |(_, circle)| circle));
        let answer = feed.send(operation.method.clone(), &path, operation.example.as_ref()).await;
        assert_eq!(answer.status.as_u16(), 401, "{id}: {}", answer.text);
    }
}
