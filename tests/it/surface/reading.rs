//! Whoever only reads leaves nothing behind (R104): no GET, HEAD or OPTIONS of anybody changes a table, save what notes
//! that they read.

use poem::http::Method;

use super::{feed, pages, readable};
use crate::{
    access_matrix::{PRINCIPALS, client, seed::Seed},
    on_both,
};

/// What notes who asked: the audit log with its numbers, and the counters of what too many ask.
const NOTES: [&str; 5] = ["audit_entries", "audit_values", "audit_seals", "counters", "throttles"];

on_both! {
    async fn no_look_at_anything_by_anybody_changes_anything(server) {
        let seed = Seed::on(server).await;
        let feed = feed(&seed).await;
        let pages = pages(&seed, &feed).into_iter().filter(|(_, methods)| methods.contains(&Method::GET));
        let paths: Vec<_> = readable(&seed).into_iter().map(|(_, path)| path).chain(pages.map(|(path, _)| path)).collect();
        // Who comes for the first time leaves the hour; the clock stands, so the hour stays.
        for principal in PRINCIPALS {
            client(&seed.server, seed.headers(principal)).get("me").await;
        }
        seed.server.anonymous().get(&feed).await;
        let before = seed.server.dump_without(&NOTES).await;
        for principal in PRINCIPALS {
            // What a mail scanner or a careless script might send along.
            let client = client(&seed.server, seed.headers(principal)).header("Idempotency-Key", "look-at-this");
            // The other two are GET, or nothing, before any route is found.
            let methods: &[Method] = if principal == "admin" { &[Method::GET, Method::HEAD, Method::OPTIONS] } else { &[Method::GET] };
            for path in &paths {
                for method in methods {
                    let answer = client.send(method.clone(), path, None).await;
                    assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.text);
                }
            }
            let after = seed.server.dump_without(&NOTES).await;
            let changed: Vec<_> = after.lines().filter(|line| !before.contains(line)).collect();
            assert!(before == after, "reading as {principal} has changed {changed:#?}");
        }
    }
}
