//! A busy day: eight devices, half of them offline, wrong clocks, scans sent twice. `PLENUM_TEST_SCANS` says how many.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::*;
use crate::{on_both, support::setting};

/// How many devices there are; the second half is offline.
const DEVICES: usize = 8;
/// Minutes of the day, in each of which every device scans.
const MINUTES: usize = 50;
/// By how many seconds the clock of each device is wrong. Up to ten nothing is corrected.
const WRONG: [i64; DEVICES] = [0, 4, -7_200, 0, 0, 86_400, -11_111, -3];

/// A generator that gives the same day each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((word ^ (word >> 31)) % limit as u64).unwrap()
    }
}

/// What truly happened.
#[derive(Debug, Clone)]
struct Happened {
    at: Timestamp,
    body: Value,
}

/// A device: what it has not sent yet, and whom it has let pass by itself.
struct Device {
    client: Client,
    name: String,
    wrong: SignedDuration,
    offline: bool,
    waiting: Vec<Value>,
    seen: BTreeSet<String>,
}

impl Device {
    /// What its clock shows at an instant.
    fn clock(&self, at: Timestamp) -> Timestamp {
        at + self.wrong
    }

    /// Sends everything, some of it twice at once; the answers to both must be the same.
    async fn send(&mut self, now: Timestamp, twice: bool) {
        let size = if self.offline { 100 } else { 1 };
        let waiting = std::mem::take(&mut self.waiting);
        for part in waiting.chunks(size) {
            let body = scans(&self.name, &self.clock(now).to_string(), part);
            if twice {
                let (first, second) = tokio::join!(record(&self.client, body.clone()), record(&self.client, body));
                assert_eq!(first.json["answers"], second.json["answers"]);
            } else {
                record(&self.client, body).await;
            }
        }
    }
}

/// Delegates with badges, written past the API: they are not what is tried here.
async fn holders(server: &Server, hall: &Hall, count: usize) -> Vec<Holder> {
    let first: Uuid = hall.delegate("PL", "Head").await.parse().unwrap();
    let like = delegate::Entity::find_by_id(first).one(server.app.db.read()).await.unwrap().unwrap();
    let person = entity::people::person::Entity::find_by_id(like.person_id);
    let person = person.one(server.app.db.read()).await.unwrap().unwrap();
    let id = |kind: u128, n: usize| Uuid::from_u128((kind << 64) + n as u128 + 1);
    let persons =
        (0..count).map(|n| entity::people::person::ActiveModel { id: Set(id(1, n)), ..person.clone().into() });
    let delegates = (0..count).map(|n| delegate::ActiveModel {
        id: Set(id(2, n)),
        person_id: Set(id(1, n)),
        ..like.clone().into()
    });
    let write = server.app.db.read();
    entity::people::person::Entity::insert_many(persons).exec_without_returning(write).await.unwrap();
    delegate::Entity::insert_many(delegates).exec_without_returning(write).await.unwrap();
    approve_all(server, &hall.event).await;
    while hall.admin.post("events/assembly/badges", json!({})).await.expect(200).json["remaining"] != 0 {}
    join_all((0..count).map(async |n| hall.code_of(&id(2, n).to_string()).await)).await
}

/// The day: every device scans in every minute; those that are offline send every now and then. Gives what happened, and
/// the session that has a door.
async fn day(server: &Server, hall: &Hall, count: usize) -> (HashMap<(String, String), Happened>, String) {
    let holders = holders(server, hall, (count / 20).clamp(40, 800)).await;
    hall.badge(&holders[0].delegate).await;
    let rules = ["once", "daily", "multiple", "in_and_out"];
    let mut gates = vec![];
    for (n, rule) in rules.iter().enumerate() {
        gates.push((*rule, hall.check_type(&format!("Door {n}"), rule).await));
    }
    // The last is the door of a session.
    let (session, gate) = super::sessions::door_of_a_session(hall, "participants").await;
    gates.push(("in_and_out", gate));
    let mut devices = vec![];
    for (n, wrong) in WRONG.iter().enumerate() {
        let (client, wrong) = (hall.device(server).await, SignedDuration::from_secs(*wrong));
        let (offline, name) = (n >= DEVICES / 2, format!("Door {n}"));
        devices.push(Device { client, name, wrong, offline, waiting: vec![], seen: BTreeSet::new() });
    }
    let (mut chance, mut happened) = (Chance(7), HashMap::new());
    let each = count / DEVICES / MINUTES;
    for minute in 0..MINUTES {
        let begin = server.app.clock.now();
        for (d, device) in devices.iter_mut().enumerate() {
            for n in 0..each {
                // No two scans at the same microsecond.
                let at = begin + SignedDuration::from_micros(i64::try_from(n * 100 + d).unwrap());
                let nonce = format!("{minute}-{n}");
                let body = scanned(device, &mut chance, &holders, &gates, (nonce.clone(), at));
                happened.insert((device.name.clone(), nonce), Happened { at, body: body.clone() });
                device.waiting.push(body);
            }
        }
        server.advance(SignedDuration::from_mins(10));
        let now = server.app.clock.now();
        let due = |device: &Device| !device.offline || [17, 34, MINUTES - 1].contains(&minute);
        let twice = chance.below(10) == 0;
        join_all(devices.iter_mut().filter(|device| due(device)).map(|device| device.send(now, twice))).await;
    }
    (happened, session)
}

/// Somebody comes to a door; one in ten with something that is no good badge. What an offline device says it says by its
/// own memory.
fn scanned(
    device: &mut Device,
    chance: &mut Chance,
    holders: &[Holder],
    gates: &[(&str, String)],
    (nonce, at): (String, Timestamp),
) -> Value {
    let (rule, gate) = &gates[chance.below(gates.len())];
    let holder = &holders[1 + chance.below(holders.len() - 1)];
    let (token, good) = match chance.below(20) {
        0 => ("not one of ours".to_owned(), false),
        1 => (holders[0].qr.clone(), false),
        _ => (holder.qr.clone(), true),
    };
    let out = *rule == "in_and_out" && chance.below(2) == 0;
    let mut body = scan(&nonce, gate, &token, &device.clock(at).to_string());
    body["direction"] = json!(if out { "out" } else { "in" });
    if device.offline {
        let key = format!("{gate} {token}");
        let again = *rule == "once" && good && !device.seen.insert(key);
        body["told"] = json!(if !good {
            "unknown"
        } else if again {
            "already_in"
        } else {
            "ok"
        });
    }
    body
}

/// Who is inside, by going through the rows in the order in which it happened.
fn by_hand(rows: &[Value], gate: &str) -> Vec<String> {
    let mut rows: Vec<_> = rows.iter().filter(|row| row["check_type_id"] == gate && row["passed"] == true).collect();
    rows.sort_by_key(|row| row["happened_at"].as_str().unwrap().parse::<Timestamp>().unwrap());
    let mut inside = BTreeSet::new();
    for row in rows {
        let who = row["delegate_id"].as_str().unwrap().to_owned();
        if row["direction"] == "in" {
            inside.insert(who)
        } else {
            inside.remove(&who)
        };
    }
    inside.into_iter().collect()
}

/// Who is in the session by its attendance, and by a door.
async fn present(hall: &Hall, session: &str) -> Vec<String> {
    let sheet = hall.admin.get(&format!("sessions/{session}/attendance")).await.expect(200).json;
    let lines = sheet["lines"].as_array().unwrap().iter();
    let people = lines.flat_map(|line| line["people"].as_array().into_iter().flatten());
    let there = people.filter(|person| person["status"] == "present" && person["source"] == "scan");
    let mut ids: Vec<_> = there.map(|person| text(person, "delegate_id").to_owned()).collect();
    ids.sort();
    ids
}

fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row[member].as_str().unwrap_or_default()
}

on_both! {
    async fn a_busy_day_loses_nothing_counts_nothing_twice_and_knows_who_is_inside(server) {
        let count = setting("SCANS").map_or(2_000, |count| count.parse().unwrap());
        let hall = Hall::new(&server).await;
        let (happened, session) = day(&server, &hall, count).await;
        let rows = hall.checks().await;
        assert_eq!((rows.len(), happened.len()), (count, count), "every scan is recorded once, refused or not");
        for row in &rows {
            let truth = &happened[&(text(row, "device").to_owned(), text(row, "nonce").to_owned())];
            let sent = &truth.body;
            assert_eq!((text(row, "check_type_id"), text(row, "direction"), text(row, "scanned_at"), text(row, "told")), (text(sent, "check_type_id"), text(sent, "direction"), text(sent, "scanned_at"), text(sent, "told")));
            let at: Timestamp = text(row, "happened_at").parse().unwrap();
            // A clock that is wrong by seconds is left alone, one that is wrong by more is put right to the microsecond.
            let off = at.duration_since(truth.at).abs();
            assert!(off.is_zero() || off <= SignedDuration::from_secs(4), "{off:?} off: {row}");
            if text(sent, "token") == "not one of ours" {
                assert_eq!((text(row, "result"), row.get("delegate_id")), ("unknown", None));
            }
            // What a device did on its own and the server would not have done is marked.
            let differs = text(row, "told") == "ok" && text(row, "result") != "ok";
            assert!(!differs || row["conflict"] == true, "{row}");
        }
        let types = hall.admin.get("events/assembly/check-types").await.expect(200);
        let (mut crowd, mut sitting) = (0, 0);
        for gate in types.json["items"].as_array().unwrap() {
            let own = |row: &&Value| row["check_type_id"] == gate["id"] && row["result"] == "ok" && row["passed"] == true;
            let day = |row: &Value| text(row, "happened_at").parse::<Timestamp>().unwrap().to_zoned(TimeZone::get("Asia/Seoul").unwrap()).date().to_string();
            let mut passed: BTreeMap<(String, String), usize> = BTreeMap::new();
            match text(gate, "rule") {
                "in_and_out" => {
                    let inside = hall.inside(text(gate, "id")).await;
                    assert_eq!(inside, by_hand(&rows, text(gate, "id")));
                    crowd += inside.len();
                    if gate["session_id"] == session.as_str() {
                        assert_eq!(present(&hall, &session).await, inside, "attendance is who is inside");
                        sitting += inside.len();
                    }
                    continue;
                }
                "once" => rows.iter().filter(own).for_each(|row| *passed.entry((text(row, "delegate_id").to_owned(), String::new())).or_default() += 1),
                "daily" => rows.iter().filter(own).for_each(|row| *passed.entry((text(row, "delegate_id").to_owned(), day(row))).or_default() += 1),
                _ => continue,
            }
            assert!(passed.len() > 20 && passed.values().all(|times| *times == 1), "{gate}: {passed:?}");
        }
        assert!(sitting > 5, "{sitting} sit in the session: too few to mean anything");
        assert!(crowd > 10, "{crowd} are inside: too few to mean anything");
        let refused = rows.iter().filter(|row| row["passed"] == false).count();
        eprintln!("{count} scans, {refused} refused, {} conflicts, {crowd} inside", rows.iter().filter(|row| row["conflict"] == true).count());
    }
}
