//! The server's surface as a stranger meets it: headers of every answer, methods, paths in disguise, and that reading
//! leaves nothing behind. Everything here goes over all operations of the document and all pages that the edge knows.

mod headers;
mod methods;
mod paths;
mod reading;

use std::collections::BTreeMap;

use api::http::routes;
use poem::http::Method;

use crate::access_matrix::{matrix, operations, seed::Seed};

/// The columns of the matrix that are no administrator come after this many.
const ADMIN: usize = 8;

/// Every path of the API that can be read, once for each circle, filled in.
pub fn readable(seed: &Seed) -> Vec<(String, String)> {
    let document = &crate::support::api_document();
    let operations = operations(document);
    let rows = matrix().rows;
    let mut paths = vec![];
    for row in rows.keys() {
        let (name, circle) = row.split_once(' ').unwrap_or((row, ""));
        let operation = &operations[name];
        if operation.method == Method::GET {
            paths.push((row.clone(), seed.path(&operation.path, circle)));
        }
    }
    assert!(paths.len() > 60, "{}", paths.len());
    paths
}

/// An address for each pattern outside the API, so that a new page must be thought of here.
pub fn pages(seed: &Seed, feed: &str) -> Vec<(String, Vec<Method>)> {
    let known: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
        ("/", vec!["/"]),
        ("/events/*", vec!["/events/open-2019", "/events/seoul-2019", "/events/nowhere"]),
        ("/sign-in", vec!["/sign-in", "/sign-in?return_to=https://evil.example/"]),
        ("/assets/*", vec!["/assets/plenum.css", "/assets/passkeys.js", "/assets/none.css"]),
        ("/healthz", vec!["/healthz"]),
        ("/readyz", vec!["/readyz"]),
        ("/docs", vec!["/docs"]),
        ("/docs/*", vec!["/docs/", "/docs/swagger-ui.css", "/docs/start.js", "/docs/none"]),
        ("/problems", vec!["/problems"]),
        ("/problems/*", vec!["/problems/", "/problems/not-found", "/problems/none"]),
        ("/ical/*", vec!["/ical/events/open-2019.ics", "/ical/wgf_none.ics", feed]),
        ("/openapi.json", vec!["/openapi.json"]),
        ("/openapi.yaml", vec!["/openapi.yaml"]),
        ("/sign-in/oidc/{}/callback", vec!["/sign-in/oidc/none/callback?state=x&code=y"]),
        ("/sign-in/oidc/{}", vec!["/sign-in/oidc/none"]),
        ("/sign-in/oidc/{}/logout", vec!["/sign-in/oidc/none/logout"]),
        ("/sign-in/mail", vec!["/sign-in/mail"]),
        ("/sign-in/mail/{}", vec!["/sign-in/mail/wgl_none"]),
        ("/sign-in/demo/{}", vec!["/sign-in/demo/none"]),
        ("/sign-in/emergency", vec!["/sign-in/emergency"]),
        ("/sign-in/passkey", vec!["/sign-in/passkey"]),
        ("/sign-in/passkey/challenge", vec!["/sign-in/passkey/challenge"]),
        ("/invitations/{}", vec!["/invitations/wgi_none"]),
        ("/me", vec!["/me"]),
        ("/me/passkeys/{}/delete", vec!["/me/passkeys/0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506/delete"]),
        ("/sign-out", vec!["/sign-out"]),
        ("/.well-known/caldav", vec!["/.well-known/caldav"]),
        ("/dav", vec!["/dav"]),
        ("/dav/*", vec!["/dav/", "/dav/p/0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506/", "/dav/none"]),
        (
            "/dav/c/{}/{}/{}.ics",
            vec!["/dav/c/0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506/0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506/x.ics"],
        ),
    ]);
    let config = routes::edge_config();
    let mut found = vec![];
    for (pattern, methods) in config.methods.paths().filter(|(pattern, _)| !pattern.starts_with("/api/v1")) {
        assert!(known.contains_key(&*pattern), "tests/it/surface/mod.rs has no address for {pattern}");
        let addresses = &known[&*pattern];
        found.extend(addresses.iter().map(|address| ((*address).to_owned(), methods.to_vec())));
    }
    assert!(seed.server.app.config.demo.is_none());
    found
}

/// The address of a feed with a token.
pub async fn feed(seed: &Seed) -> String {
    let admin = seed.server.admin().await;
    let feed = serde_json::json!({"kind": "event", "object_id": "seoul-2019", "name": "Seoul", "access": "token"});
    let made = admin.post("feeds", feed).await.expect(201);
    let url = made.json["url"].as_str().unwrap();
    url[url.find("/ical/").unwrap()..].to_owned()
}
