//! Many clients that want the same rooms at once: whatever they do, no two have a room at the same time.
//!
//! Two seconds here; `PLENUM_TEST_SECONDS=60` for the claim in docs/CLAIMS.md. On PostgreSQL the clients are those of
//! three instances. Who has what is read from the tables by SQL of its own, all the while and at the end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server, setting},
};

const CLIENTS: u64 = 32;
const ROOMS: u64 = 4;
const EVENTS: u64 = 8;

/// Pairs that have one room at one time, both certain, and none admitted by the other: sessions, and sessions and
/// bookings of others.
const OVERLAPS: &str = "
    WITH had AS (
        SELECT s.id, s.room_id, s.starts_at, s.ends_at, s.event_id, 'session' AS kind
        FROM sessions s JOIN events e ON e.id = s.event_id
        WHERE s.deleted_at IS NULL AND (s.state = 'held' OR (s.state = 'scheduled' AND e.state <> 'cancelled'))
        UNION ALL
        SELECT id, room_id, starts_at, ends_at, event_id, kind FROM room_bookings
        WHERE deleted_at IS NULL AND state = 'approved'
    )
    SELECT count(*) AS pairs FROM had a JOIN had b
    ON a.room_id = b.room_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
    WHERE (a.kind = 'session' AND b.kind = 'session')
       OR (a.kind <> b.kind AND (a.kind = 'blocking' OR b.kind = 'blocking'))
       OR (a.kind <> 'blocking' AND b.kind <> 'blocking' AND a.event_id <> b.event_id)";

async fn overlaps(connection: &DatabaseConnection) -> i64 {
    let backend = connection.get_database_backend();
    let row = connection.query_one_raw(Statement::from_string(backend, OVERLAPS)).await.unwrap().unwrap();
    row.try_get("", "pairs").unwrap()
}

/// Chance that is the same in every run: who wants what, not who comes first.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        // The generator of Numerical Recipes; its upper bits are good enough for wishes.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    /// Half an hour to two, somewhere in one day.
    fn span(&mut self) -> Value {
        let start = self.below(20);
        let end = start + 1 + self.below(4);
        let at = |half: u64| format!("2026-10-06T{:02}:{:02}:00", 8 + half / 2, 30 * (half % 2));
        json!({"start": at(start), "end": at(end)})
    }
}

#[derive(Default)]
struct Tally {
    had: AtomicU64,
    refused: AtomicU64,
}

impl Tally {
    fn says_nothing(&self) -> bool {
        [&self.had, &self.refused].iter().any(|count| count.load(Ordering::Relaxed) <= 10)
    }

    /// Either it is had or somebody else has it; nothing else may happen.
    fn count(&self, answer: &Answer, done: u16) {
        if answer.status.as_u16() == done {
            self.had.fetch_add(1, Ordering::Relaxed);
            return;
        }
        assert_eq!(
            (answer.status.as_u16(), &answer.json["type"]),
            (409, &json!("/problems/room-taken")),
            "{}",
            answer.text
        );
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}

/// Wants a room for its session at another time, again and again; now and then gives it up, or closes a room for a while.
async fn one_client(client: Client, number: u64, until: Instant, tally: Arc<Tally>) {
    let mut dice = Dice(number);
    let event = format!("event-{}", number % EVENTS);
    let first = json!({"event_id": event, "kind": "workshop", "title": {"en": "S"}, "placement": dice.span(), "room_id": "room-0"});
    let path = format!("sessions/{}", client.post("sessions", first).await.expect(201).id());
    // On a busy machine it lasts until enough has happened to say something.
    while Instant::now() < until || tally.says_nothing() {
        let current = client.get(&path).await.expect(200);
        let room = format!("room-{}", dice.below(ROOMS));
        match (current.json["state"].as_str().unwrap(), dice.below(6)) {
            ("scheduled", 0) => {
                drop(client.post(&format!("{path}/transitions"), json!({"to": "draft"})).await.expect(200))
            }
            ("draft", _) => {
                let said = json!({"room_id": room, "placement": dice.span()});
                client.if_match(&current).patch(&path, said).await.expect(200);
                tally.count(&client.post(&format!("{path}/transitions"), json!({"to": "scheduled"})).await, 200);
            }
            (_, 1) => {
                let kind = if dice.below(2) == 0 { "blocking" } else { "hold" };
                let mut booking = json!({"kind": kind, "placement": dice.span(), "event_id": event});
                if kind == "hold" {
                    booking["expires_at"] = json!("2026-12-01");
                }
                let answer = client.post(&format!("rooms/{room}/bookings"), booking).await;
                tally.count(&answer, 201);
                if answer.status == 201 {
                    client.if_match(&answer).delete(&format!("room-bookings/{}", answer.id())).await.expect(204);
                }
            }
            _ => {
                let said = json!({"room_id": room, "placement": dice.span()});
                tally.count(&client.if_match(&current).patch(&path, said).await, 200);
            }
        }
    }
}

/// Looks at the tables as somebody else would, until it is told to stop; gives how often it looked.
async fn watched(connection: DatabaseConnection, stop: Arc<AtomicBool>) -> u64 {
    let mut looks = 0;
    while !stop.load(Ordering::Relaxed) {
        assert_eq!(overlaps(&connection).await, 0, "two have one room at one time");
        looks += 1;
        tokio::task::yield_now().await;
    }
    looks
}

async fn many_want_the_same_rooms(server: Server) {
    let postgres = server.app.db.read().get_database_backend() == DbBackend::Postgres;
    let admin = server.admin().await;
    for n in 0..EVENTS {
        let event = json!({
            "code": format!("event-{n}"), "kind": "workshop", "title": {"en": "E"}, "city": {"name": {"en": "Seoul"}},
            "time_zone": "Asia/Seoul", "starts_on": "2026-10-05", "ends_on": "2026-10-07", "languages": ["en"],
        });
        admin.post("events", event).await.expect(201);
    }
    for n in 0..ROOMS {
        let room =
            json!({"code": format!("room-{n}"), "name": {"en": "R"}, "venue": {"en": "V"}, "time_zone": "Asia/Seoul"});
        admin.post("rooms", room).await.expect(201);
    }
    let mut instances = vec![];
    for _ in 0..if postgres { 2 } else { 0 } {
        instances.push(server.beside().await);
    }
    let doors: Vec<_> = std::iter::once(&server).chain(&instances).map(|instance| admin.at(instance)).collect();
    let seconds = setting("SECONDS").and_then(|text| text.parse().ok()).unwrap_or(2);
    let until = Instant::now() + Duration::from_secs(seconds);
    let (stop, tally) = (Arc::new(AtomicBool::new(false)), Arc::new(Tally::default()));
    let watcher = tokio::spawn(watched(server.app.db.read().clone(), stop.clone()));
    let clients = (0..CLIENTS).map(|number| {
        let door = doors[usize::try_from(number).unwrap() % doors.len()].clone();
        tokio::spawn(one_client(door, number, until, tally.clone()))
    });
    join_all(clients).await.into_iter().for_each(Result::unwrap);
    stop.store(true, Ordering::Relaxed);
    let looks = watcher.await.unwrap();
    assert_eq!(overlaps(server.app.db.read()).await, 0, "two have one room at one time");
    let (had, refused) = (tally.had.load(Ordering::Relaxed), tally.refused.load(Ordering::Relaxed));
    assert!(had > 10 && refused > 10, "{had} had and {refused} refused say nothing");
    eprintln!(
        "{CLIENTS} clients of {} instances, {seconds} s: {had} times a room was had, {refused} times it was taken; looked \
         at {looks} times from outside",
        doors.len()
    );
}

on_both! {
    async fn no_two_have_a_room_at_once(server) {
        many_want_the_same_rooms(server).await;
    }
}
