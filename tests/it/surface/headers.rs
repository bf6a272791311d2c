//! What every answer says to browsers and caches (R101 to R103, R106), errors, redirects and unchanged ones included.

use std::collections::BTreeSet;

use poem::http::Method;
use serde_json::json;

use super::{ADMIN, feed, pages, readable};
use crate::{
    access_matrix::{PRINCIPALS, client, seed::Seed},
    support::{Answer, Backend, Client, Server},
};

/// Names another site, which must not come back from anywhere.
const STRANGER: &str = "evil.example";

/// What somebody else's page would send along.
fn lured(client: &Client) -> Client {
    let origin = format!("https://{STRANGER}");
    let client = client.header("Origin", &origin).header("Access-Control-Request-Method", "DELETE");
    client.header("X-Forwarded-Host", STRANGER).header("Referer", &format!("{origin}/"))
}

/// What is wrong with an answer, in words.
fn faults(path: &str, answer: &Answer) -> Vec<String> {
    let mut faults = vec![];
    let mut expect = |good: bool, what: &str| {
        if !good {
            faults.push(format!("{path}, {}: {what}; {:?}", answer.status, answer.headers));
        }
    };
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
        ("server", ""),
        ("access-control-allow-credentials", ""),
    ] {
        expect(answer.header(name) == value, name);
    }
    expect(answer.header("x-request-id").len() == 36, "no id");
    expect(answer.header("permissions-policy").contains("camera=()"), "permissions-policy");
    let policy = answer.header("content-security-policy");
    let referrer = if path.starts_with("/ical/") { "no-referrer" } else { "same-origin" };
    expect([referrer, "no-referrer"].contains(&answer.header("referrer-policy")), "referrer-policy");
    if policy.ends_with("sandbox") {
        expect(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "policy of data");
    } else {
        pages_policy(path, policy, &mut expect);
    }
    let open = path.starts_with("/ical/events/") && answer.status.as_u16() < 400;
    expect(answer.header("access-control-allow-origin") == if open { "*" } else { "" }, "CORS");
    let said = format!("{:?}{}", answer.headers, answer.text);
    expect(!said.contains(STRANGER), "repeats a stranger's name");
    cached(path, answer, &mut expect);
    faults
}

/// A page loads from here alone and runs nothing that stands in it; only the reference's script sets styles.
fn pages_policy(path: &str, policy: &str, expect: &mut impl FnMut(bool, &str)) {
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        expect(policy.contains(part), part);
    }
    expect(!path.starts_with("/api/") && !path.starts_with("/ical/"), "data with the policy of a page");
    let styled = if path.starts_with("/docs") { "style-src 'self' 'unsafe-inline'" } else { "style-src 'self'" };
    expect(path.starts_with("/docs") || policy.contains("require-trusted-types-for 'script'"), "trusted types");
    let rest = policy.replace(styled, "");
    for part in ["unsafe", "http", "*", "blob:"] {
        expect(!rest.contains(part), part);
    }
}

/// Who may keep the answer.
fn cached(path: &str, answer: &Answer, expect: &mut impl FnMut(bool, &str)) {
    let (cache, vary) = (answer.header("cache-control"), answer.headers.get_all("vary"));
    let vary: BTreeSet<String> =
        vary.iter().flat_map(|line| line.to_str().unwrap().split(", ")).map(str::to_ascii_lowercase).collect();
    let shared = ["/docs", "/assets/", "/ical/events/", "/problems", "/openapi"].iter().any(|it| path.starts_with(it));
    expect(shared || !cache.contains("public"), "a shared cache may keep it");
    expect(!cache.is_empty(), "caches are told nothing");
    let personal = ["persons", "accounts", "keys", "me", "delegates", "roles", "audit-entries", "history"];
    if path.starts_with("/api/v1/") && path.split('/').any(|part| personal.contains(&part)) {
        expect(cache == "no-store", "people's data may be kept");
    }
    // A page or data that is another for another caller.
    let by_caller = path.starts_with("/api/v1/") || path == "/" || path.starts_with("/events/");
    if by_caller && answer.status == 200 {
        expect(vary.contains("authorization") && vary.contains("cookie"), "vary");
    }
}

async fn seeded() -> Seed {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let server = server.configured(|config| config.public_url = "https://plenum.example".parse().unwrap());
    Seed::on(server.behind_its_edge()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_tells_browsers_and_caches_to_be_careful() {
    let seed = seeded().await;
    let feed = feed(&seed).await;
    let (mut wrong, mut statuses) = (vec![], BTreeSet::new());
    let pages = pages(&seed, &feed).into_iter().map(|(path, _)| path);
    let paths: BTreeSet<String> = readable(&seed).into_iter().map(|(_, path)| path).chain(pages).collect();
    for path in &paths {
        for principal in ["anonymous", "guest", PRINCIPALS[ADMIN], "revoked"] {
            let client = lured(&client(&seed.server, seed.headers(principal)));
            let answer = client.get(path).await;
            wrong.extend(faults(path, &answer));
            statuses.insert(answer.status.as_u16());
            if !answer.header("etag").is_empty() {
                let unchanged = client.header("If-None-Match", answer.header("etag")).get(path).await;
                wrong.extend(faults(path, &unchanged));
                statuses.insert(unchanged.status.as_u16());
            }
        }
    }
    for answer in errors(&seed).await {
        wrong.extend(faults("/api/v1/error", &answer));
        statuses.insert(answer.status.as_u16());
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    for status in [200, 204, 303, 304, 400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 422, 428, 431] {
        assert!(statuses.contains(&status), "{status} was never answered: {statuses:?}");
    }
}

/// One answer for each status that no plain look brings about. The 500 of a handler that panics is tried in `edge`.
async fn errors(seed: &Seed) -> Vec<Answer> {
    let admin = lured(&seed.server.admin().await);
    let room = json!({"code": "hall-a", "name": {"en": "Hall"}, "venue": {"en": "Centre"}});
    let patch = json!({"capacity": 5});
    let hall = format!("rooms/{}", seed.id("rooms"));
    let long = "x".repeat(9_000);
    vec![
        admin.send_text(Method::POST, "rooms", "application/json", "{").await,
        admin.post("rooms", room).await,
        admin.post("persons", json!({"display_name": "X", "organisation_id": "none-such"})).await,
        admin.patch(&hall, patch.clone()).await,
        admin.header("If-Match", "\"99\"").patch(&hall, patch).await,
        admin.send_text(Method::POST, "rooms", "application/json", &long.repeat(200)).await,
        admin.send_text(Method::POST, "rooms", "text/plain", "{}").await,
        admin.header("Content-Encoding", "gzip").post("rooms", json!({})).await,
        admin.get(&format!("rooms?q={long}")).await,
        admin.header("X-Long", &long.repeat(4)).get("rooms").await,
        admin.delete("rooms").await,
        admin.send(Method::TRACE, "rooms", None).await,
        admin.send(Method::OPTIONS, "rooms", None).await,
        admin.get("a;b").await,
        admin.post("/sign-in/mail", json!({})).await,
        admin.post("/sign-out", json!({})).await,
    ]
}

#[tokio::test]
async fn https_is_demanded_only_where_it_is_spoken() {
    let plain = Server::start(Backend::Sqlite).await.unwrap().behind_its_edge();
    let answer = plain.anonymous().header("X-Forwarded-Proto", "https").get("/").await.expect(200);
    assert_eq!(answer.header("strict-transport-security"), "", "a stranger says so");
}
