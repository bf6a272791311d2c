//! Many clients writing at once: nothing fails on our side and no update is lost.
//!
//! Five seconds here; `PLENUM_TEST_SECONDS=60` for the claim in docs/CLAIMS.md.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use crate::{
    on_both,
    support::{Client, Server, setting},
};

const CLIENTS: usize = 64;

/// What one client saw.
#[derive(Default)]
struct Tally {
    increments: u64,
    made: u64,
    refused: u64,
}

/// Adds one to the shared counter, on top of what it read.
async fn increment(client: &Client, tally: &mut Tally) {
    let read = client.get("organisations/COUNTER").await.expect(200);
    let count: u64 = read.json["region"].as_str().unwrap().parse().unwrap();
    let answer =
        client.if_match(&read).patch("organisations/COUNTER", json!({"region": (count + 1).to_string()})).await;
    if answer.status == 200 {
        tally.increments += 1;
    } else {
        answer.expect(412);
        tally.refused += 1;
    }
}

/// Makes an organisation of its own, changes it and now and then deletes it.
async fn make(client: &Client, number: usize, round: u64, tally: &mut Tally) {
    let code = format!("C{number}-{round}");
    let made = client
        .post("organisations", json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}}))
        .await
        .expect(201);
    let changed =
        client.if_match(&made).patch(&format!("organisations/{code}"), json!({"region": "Europe"})).await.expect(200);
    tally.made += 1;
    if round.is_multiple_of(3) {
        client.if_match(&changed).delete(&format!("organisations/{code}")).await.expect(204);
        tally.made -= 1;
    }
}

async fn one_client(client: Client, number: usize, until: Instant) -> Tally {
    let mut tally = Tally::default();
    let mut round = 0;
    while Instant::now() < until {
        increment(&client, &mut tally).await;
        make(&client, number, round, &mut tally).await;
        client.get("organisations?limit=20&q=c").await.expect(200);
        round += 1;
    }
    tally
}

async fn count(admin: &Client) -> u64 {
    let (mut count, mut path) = (0, "organisations?limit=200".to_owned());
    loop {
        let page = admin.get(&path).await.expect(200);
        count += page.json["items"].as_array().unwrap().len() as u64;
        let Some(cursor) = page.json["next_cursor"].as_str() else { return count };
        path = format!("organisations?limit=200&cursor={cursor}");
    }
}

async fn clients_at_work(server: Server) {
    let admin = server.admin().await;
    let counter = json!({"code": "COUNTER", "kind": "other", "names": {"en": {"list": "Counter"}}, "region": "0"});
    admin.post("organisations", counter).await.expect(201);
    let seconds = setting("SECONDS").and_then(|text| text.parse().ok()).unwrap_or(3);
    let until = Instant::now() + Duration::from_secs(seconds);
    let tasks = (0..CLIENTS).map(|number| tokio::spawn(one_client(admin.clone(), number, until)));
    let tallies: Vec<Tally> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
    let sum = |of: fn(&Tally) -> u64| tallies.iter().map(of).sum::<u64>();
    let stands =
        admin.get("organisations/COUNTER").await.expect(200).json["region"].as_str().unwrap().parse::<u64>().unwrap();
    assert_eq!(stands, sum(|tally| tally.increments), "an acknowledged increment was lost");
    assert_eq!(count(&admin).await, sum(|tally| tally.made) + 1, "an acknowledged organisation was lost");
    eprintln!(
        "{CLIENTS} clients, {seconds} s: {stands} increments, {} refused as stale, {} organisations",
        sum(|t| t.refused),
        sum(|t| t.made)
    );
}

on_both! {
    async fn many_clients_lose_no_update(server) {
        clients_at_work(server).await;
    }
}
