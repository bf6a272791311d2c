//! Feeds with a token: what their addresses open, and what they tell those who guess.

use domain::access::Role;
use jiff::SignedDuration;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::json;

use super::{SEOUL, path_of, readers::read, subscribe, world::programme};
use crate::{
    on_both,
    support::{Answer, Server},
};

/// All of an answer but the id that every request has of its own.
fn plain(answer: &Answer) -> (u16, poem::http::HeaderMap, String) {
    let mut headers = answer.headers.clone();
    headers.remove("x-request-id");
    (answer.status.as_u16(), headers, answer.text.clone())
}

/// The address of a feed that nobody has.
fn unknown() -> String {
    let token = domain::access::Token::generate(domain::access::TokenKind::Feed, &[7; domain::access::TOKEN_BYTES]);
    format!("/ical/{}.ics", token.reveal())
}

fn token_in(path: &str) -> &str {
    path.strip_prefix("/ical/").unwrap().strip_suffix(".ics").unwrap()
}

/// `Authorization` as `curl -u` sends it.
fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}")))
}

on_both! {
    async fn both_addresses_work_until_the_overlap_ends(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let (old, id) = subscribe(&admin, json!({})).await;
        let rotate = format!("feeds/{id}/rotate");
        let rotated = admin.post(&rotate, json!({"overlap_hours": 168})).await.expect(200);
        let new = path_of(&rotated.json);
        assert_eq!(rotated.json["former_url_until"], "2026-03-09T08:00:00Z");
        let reader = server.anonymous();
        server.advance(SignedDuration::from_hours(168) - SignedDuration::from_secs(1));
        let (by_old, by_new) = (reader.get(&old).await, reader.get(&new).await);
        assert_eq!((by_old.status.as_u16(), &by_old.text), (200, &by_new.text));
        server.advance(SignedDuration::from_secs(1));
        assert_eq!((reader.get(&old).await.status.as_u16(), reader.get(&new).await.status.as_u16()), (404, 200));

        // Of two replacements in a row the oldest address ends at once.
        let newer = path_of(&admin.post(&rotate, json!({"overlap_hours": 24})).await.expect(200).json);
        let newest = path_of(&admin.post(&rotate, json!({"overlap_hours": 24})).await.expect(200).json);
        let mut statuses = vec![];
        for path in [&new, &newer, &newest] {
            statuses.push(reader.get(path).await.status.as_u16());
        }
        assert_eq!(statuses, [404, 200, 200]);
        admin.header("If-Match", "*").delete(&format!("feeds/{id}")).await.expect(204);
        assert_eq!((reader.get(&newer).await.status.as_u16(), reader.get(&newest).await.status.as_u16()), (404, 404));
    }

    async fn without_an_overlap_the_old_address_ends_at_once_and_seven_days_are_the_most(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let (old, id) = subscribe(&admin, json!({})).await;
        let rotate = format!("feeds/{id}/rotate");
        assert_eq!(admin.post(&rotate, json!({"overlap_hours": 169})).await.expect(422).codes(), ["out_of_range"]);
        assert_eq!(server.anonymous().get(&old).await.status, 200);
        let rotated = admin.post(&rotate, json!({})).await.expect(200);
        assert!(rotated.json.get("former_url_until").is_none());
        assert_eq!(server.anonymous().get(&old).await.status, 404);
    }

    async fn the_owner_and_staff_replace_a_token_and_nobody_else(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let one = server.delegate_of(&super::world::organisation(&admin, "ONE").await).await;
        let two = server.delegate_of(&super::world::organisation(&admin, "TWO").await).await;
        let (_, id) = subscribe(&one, json!({})).await;
        let rotate = format!("feeds/{id}/rotate");
        two.post(&rotate, json!({"overlap_hours": 24})).await.expect(404);
        one.post(&rotate, json!({"overlap_hours": 24})).await.expect(200);
        server.role(Role::Secretariat).await.post(&rotate, json!({"overlap_hours": 24})).await.expect(200);
    }

    async fn what_opens_nothing_says_nothing_of_why_and_costs_the_same(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let (revoked, gone) = subscribe(&admin, json!({})).await;
        admin.header("If-Match", "*").delete(&format!("feeds/{gone}")).await.expect(204);
        let (ended, turned) = subscribe(&admin, json!({})).await;
        admin.post(&format!("feeds/{turned}/rotate"), json!({"overlap_hours": 24})).await.expect(200);
        // The feed of a key that expires.
        let brief = server.key(domain::access::NewKey { role: Role::Secretariat, expires_in_days: 1, ..Default::default() }).await;
        let (expired, _) = subscribe(&brief, json!({})).await;
        let (others, _) = subscribe(&admin, json!({})).await;
        server.advance(SignedDuration::from_hours(24));
        let live = server.anonymous().get(&others).await;
        assert_eq!(live.status, 200);
        // The public part of a feed that works, with the secret of another one.
        let (ours, theirs) = (token_in(&others), token_in(&ended));
        let parts = |token: &str| token.split('_').map(str::to_owned).collect::<Vec<_>>();
        let body = format!("wgf_{}_{}", parts(ours)[1], parts(theirs)[2]);
        let check = domain_check(&body);
        let mixed = format!("/ical/{body}_{check}.ics");

        let reader = server.anonymous().header("If-None-Match", live.header("etag"));
        let expected = plain(&reader.get(&unknown()).await);
        assert_eq!(expected.0, 404);
        for (what, path) in [("revoked", &revoked), ("ended overlap", &ended), ("expired", &expired), ("mixed", &mixed)] {
            server.statements();
            assert_eq!(plain(&reader.get(path).await), expected, "{what}");
            assert_eq!(server.statements(), 1, "{what}: as an unknown one");
        }
        server.statements();
        reader.get(&unknown()).await;
        assert_eq!(server.statements(), 1);
    }

    async fn no_parameter_of_an_address_shows_more(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let (busy, _) = subscribe(&server.role(Role::Secretariat).await, json!({"detail": "busy_only"})).await;
        let (own, _) = subscribe(&server.delegate_of(&super::world::organisation(&admin, "ONE").await).await, json!({})).await;
        let mut runner = TestRunner::deterministic();
        let names = "from|to|start|end|lang|alarm|detail|visibility|tlp|scope|all|group|event|object_id|kind|access|owner|token|key|limit|window";
        let values = "2000-01-01|2100-01-01|pl|en|full|all|true|1|red|secretariat|public|token|seoul-2019|\\*|%00|%2e%2e";
        let pair = proptest::string::string_regex(&format!("({names}|[a-z_]{{1,8}})=({values}|[a-zA-Z0-9%2C*.-]{{0,8}})")).unwrap();
        let queries = prop::collection::vec(pair, 1..5);
        for path in [SEOUL, &busy, &own] {
            let without = server.anonymous().get(path).await;
            let shown = read(&without.text);
            assert!(!shown.is_empty());
            for _ in 0..60 {
                let query = queries.new_tree(&mut runner).unwrap().current().join("&").replace("%2", "2");
                let with = server.anonymous().get(&format!("{path}?{query}")).await;
                if with.status == 200 {
                    for entry in read(&with.text) {
                        assert!(shown.contains(&entry), "{path}?{query} shows {entry:?}");
                    }
                } else {
                    assert!(with.status.is_client_error(), "{path}?{query}: {}", with.status);
                }
            }
        }
    }

    async fn a_program_that_can_send_a_password_keeps_it_out_of_the_address(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let (path, id) = subscribe(&admin, json!({})).await;
        let (other, _) = subscribe(&admin, json!({})).await;
        let token = token_in(&path);
        let fetch = async |authorization: String| server.anonymous().header("Authorization", &authorization).get("/ical/feed.ics").await;
        let fetched = fetch(basic(&id, token)).await;
        let by_address = server.anonymous().get(&path).await;
        assert_eq!((fetched.status.as_u16(), &fetched.text), (200, &by_address.text));
        assert_eq!(fetched.header("cache-control"), "private, no-cache");
        let known = server.anonymous().header("Authorization", &basic(&id, token)).header("If-None-Match", fetched.header("etag"));
        assert_eq!(known.get("/ical/feed.ics").await.status, 304);

        let first = plain(&server.anonymous().get("/ical/feed.ics").await);
        assert_eq!((first.0, first.2.as_str()), (401, ""));
        assert!(first.1["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
        for refused in [
            basic(&id, token_in(&other)),
            basic(&uuid::Uuid::nil().to_string(), token),
            basic(&id, token_in(&unknown())),
            basic(&id, ""),
            basic("", token),
            format!("Basic {token}"),
            format!("Bearer {token}"),
            "Basic".to_owned(),
        ] {
            assert_eq!(plain(&fetch(refused.clone()).await), first, "{refused}");
        }
        admin.header("If-Match", "*").delete(&format!("feeds/{id}")).await.expect(204);
        assert_eq!(plain(&fetch(basic(&id, token)).await), first);
    }

    async fn what_calendar_accounts_ask_for_is_refused_with_what_there_is(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let (path, _) = subscribe(&admin, json!({})).await;
        for path in [SEOUL, &path, "/ical/feed.ics"] {
            for method in ["PROPFIND", "REPORT", "PUT", "POST", "DELETE"] {
                let method = poem::http::Method::from_bytes(method.as_bytes()).unwrap();
                let refused = server.anonymous().send(method.clone(), path, None).await.expect(405);
                assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS", "{method} {path}");
            }
        }
    }
}

/// The last six characters of a token: CRC-32 in base 62, worked out apart from the code of the server.
fn domain_check(body: &str) -> String {
    let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut crc = u32::MAX;
    for byte in body.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    let mut rest = !crc;
    let mut text = vec![];
    for _ in 0..6 {
        text.push(digits[(rest % 62) as usize]);
        rest /= 62;
    }
    text.iter().rev().map(|digit| char::from(*digit)).collect()
}

/// The middle of the times that two kinds of requests take, asked in turn, in microseconds.
async fn medians(rounds: usize, one: impl AsyncFn(), other: impl AsyncFn()) -> (f64, f64) {
    let mut times = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for _ in 0..rounds {
        let start = std::time::Instant::now();
        one().await;
        let between = std::time::Instant::now();
        other().await;
        times.0.push(between - start);
        times.1.push(between.elapsed());
    }
    let middle = |times: &mut Vec<std::time::Duration>| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e6
    };
    (middle(&mut times.0), middle(&mut times.1))
}

/// Time tells nobody whether an address or a key was ever there. Depends on the time of the machine, so it is run by
/// `scripts/prove secret-timing` and not with the rest.
#[tokio::test]
#[ignore = "measures time; scripts/prove secret-timing runs it"]
async fn the_time_of_a_refusal_does_not_tell_revoked_from_unknown() {
    const ROUNDS: usize = 3_000;
    let server = Server::start(crate::support::Backend::Sqlite).await.unwrap();
    let admin = server.admin().await;
    programme(&admin).await;
    let (revoked, id) = subscribe(&admin, json!({})).await;
    admin.header("If-Match", "*").delete(&format!("feeds/{id}")).await.expect(204);
    let (never, reader) = (unknown(), server.anonymous());
    let feeds = medians(
        ROUNDS,
        async || assert_eq!(reader.get(&never).await.status, 404),
        async || assert_eq!(reader.get(&revoked).await.status, 404),
    )
    .await;

    let (key, secret) = server.secret(domain::access::NewKey::default()).await;
    admin.header("If-Match", "*").delete(&format!("keys/{key}")).await.expect(204);
    let nobodys =
        domain::access::Token::generate(domain::access::TokenKind::Key, &[7; domain::access::TOKEN_BYTES]).reveal();
    let (never, gone) = (server.with_key(&nobodys), server.with_key(&secret));
    let keys = medians(
        ROUNDS,
        async || assert_eq!(never.get("events").await.status, 401),
        async || assert_eq!(gone.get("events").await.status, 401),
    )
    .await;
    for (what, (unknown, revoked)) in [("feed", feeds), ("key", keys)] {
        let difference = (revoked / unknown - 1.0).abs() * 100.0;
        eprintln!("{what}: median {unknown:.1} us unknown, {revoked:.1} us revoked, {difference:.1} % apart");
        assert!(difference < 5.0, "{what}: {difference:.1} % apart");
    }
}
