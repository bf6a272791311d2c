//! A thousand ways to tamper with the log, each of which must be found.

use std::collections::BTreeMap;

use api::clock::Entropy;
use domain::audit::{Counted, Entry, Head, Kept, Mac};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::Value;
use uuid::Uuid;

use super::{audit_key, busy, ledger::Ledger, seal, verified};
use crate::{
    on_both,
    support::{Backend, Server},
};

const MUTATIONS: usize = 1000;

/// Chance that comes out the same each time.
struct Dice(Entropy);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        let number = u64::from_le_bytes(self.0.bytes().unwrap());
        usize::try_from(number % u64::try_from(limit).unwrap()).unwrap()
    }
}

on_both! {
    async fn each_of_a_thousand_mutations_is_found(server) {
        busy(&server).await;
        let head = seal(&server).await;
        let whole = Ledger::read(&server.app).await;
        whole.verified(&audit_key(), Some(head)).unwrap();
        let mut dice = Dice(Entropy::seeded(4711));
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        while found.values().sum::<usize>() < MUTATIONS {
            let mut tampered = whole.clone();
            let kind = mutate(&mut tampered, &mut dice);
            // Some bits say nothing: those of a letter that is written in two ways.
            if tampered == whole {
                continue;
            }
            let verdict = tampered.verified(&audit_key(), Some(head));
            assert!(verdict.is_err(), "{kind} after {found:?} was not found");
            *found.entry(kind).or_default() += 1;
        }
        assert!(found.len() == 9 && found.values().all(|count| *count >= 20), "{found:?}");
    }
}

/// Tampers once; says how.
fn mutate(ledger: &mut Ledger, dice: &mut Dice) -> &'static str {
    let at = dice.below(ledger.entries.len());
    match dice.below(10) {
        0 | 1 => {
            flip_entry(&mut ledger.entries[at], dice);
            "a bit of an entry"
        }
        2 => {
            let text = ledger.seals[at].mac.to_string();
            ledger.seals[at].mac = Mac::parse(&flip_text(&text, dice)).unwrap_or(Mac::START);
            "a bit of a seal"
        }
        3 => {
            let value = dice.below(ledger.values.len());
            flip_value(&mut ledger.values[value], dice);
            "a bit of a value"
        }
        4 => {
            ledger.entries.remove(at);
            if dice.below(2) == 0 {
                // So that no number is missing.
                renumber(&mut ledger.entries);
                ledger.seals.pop();
                ledger.counted = Counted { entries: ledger.counted.entries - 1, seals: ledger.counted.seals - 1 };
            }
            "a deleted entry"
        }
        5 => {
            match dice.below(2) {
                0 => drop(ledger.seals.remove(at)),
                _ => drop(ledger.values.remove(dice.below(ledger.values.len()))),
            }
            "a deleted seal or value"
        }
        6 => {
            let forged = Entry { id: Uuid::from_u128(7), ..ledger.entries[at].clone() };
            ledger.entries.insert(dice.below(ledger.entries.len()), forged);
            if dice.below(2) == 0 {
                renumber(&mut ledger.entries);
                let copy = ledger.seals[at];
                ledger.seals.insert(at, copy);
                for (seal, seq) in ledger.seals.iter_mut().zip(1..) {
                    seal.seq = seq;
                }
                ledger.counted = Counted { entries: ledger.counted.entries + 1, seals: ledger.counted.seals + 1 };
            }
            "an inserted entry"
        }
        7 => {
            let other = dice.below(ledger.entries.len());
            ledger.entries.swap(at, other);
            if dice.below(2) == 0 {
                renumber(&mut ledger.entries);
            }
            "two swapped entries"
        }
        8 => {
            ledger.entries.truncate(at);
            ledger.seals.truncate(dice.below(2) * ledger.seals.len() + at);
            ledger.values.retain(|value| value.seq <= i64::try_from(at).unwrap());
            "an end cut off"
        }
        _ => {
            // All traces are wiped; only who has the head knows.
            let last = i64::try_from(at).unwrap();
            ledger.entries.truncate(at);
            ledger.seals.truncate(at);
            ledger.values.retain(|value| value.seq <= last);
            ledger.counted = Counted { entries: last, seals: last };
            "an end cut off with all traces"
        }
    }
}

fn renumber(entries: &mut [Entry]) {
    for (entry, seq) in entries.iter_mut().zip(1..) {
        entry.seq = seq;
    }
}

fn flip_entry(entry: &mut Entry, dice: &mut Dice) {
    let uuid = |id: Uuid, dice: &mut Dice| Uuid::from_u128(id.as_u128() ^ (1 << dice.below(128)));
    match dice.below(14) {
        0 => entry.seq ^= 1 << dice.below(20),
        1 => entry.id = uuid(entry.id, dice),
        2 => entry.position = uuid(entry.position, dice),
        3 => entry.at = Timestamp::from_microsecond(entry.at.as_microsecond() ^ (1 << dice.below(50))).unwrap(),
        4 => entry.actor_kind = flip_text(&entry.actor_kind, dice),
        5 => entry.actor_id = entry.actor_id.map(|id| uuid(id, dice)),
        6 => entry.actor_name = entry.actor_name.as_ref().map(|name| flip_text(name, dice)),
        7 => entry.via = flip_text(&entry.via, dice),
        8 => entry.action = flip_text(&entry.action, dice),
        9 => entry.object_kind = flip_text(&entry.object_kind, dice),
        10 => entry.object_id = uuid(entry.object_id, dice),
        11 => entry.visibility = flip_text(&entry.visibility, dice),
        12 => entry.diff = flip_json(&entry.diff, dice),
        _ => entry.personal = flip_json(&entry.personal, dice),
    }
}

fn flip_value(value: &mut Kept, dice: &mut Dice) {
    match dice.below(4) {
        0 => value.field = flip_text(&value.field, dice),
        1 => value.subject = Uuid::from_u128(value.subject.as_u128() ^ (1 << dice.below(128))),
        2 => value.salt = flip_text(&value.salt, dice),
        _ => value.value = flip_json(&value.value, dice),
    }
}

/// The text with one bit of one ASCII letter turned.
fn flip_text(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = dice.below(bytes.len());
    if bytes[at].is_ascii() {
        bytes[at] ^= 1 << dice.below(7);
    }
    String::from_utf8(bytes).unwrap()
}

/// The value with one bit of its text turned; what is no JSON any more could not even be read from the database.
fn flip_json(value: &Value, dice: &mut Dice) -> Value {
    serde_json::from_str(&flip_text(&value.to_string(), dice)).unwrap_or_else(|_| value.clone())
}

/// What somebody with the database, but without the key, might do to it.
const TAMPERING: &[(&str, &str)] = &[
    ("UPDATE audit_entries SET via = 'other' WHERE seq = 3", "entry 3 is not what was sealed"),
    ("DELETE FROM audit_entries WHERE seq = 5", "entry 5 is missing"),
    ("DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)", "belongs to no entry"),
    (
        "UPDATE audit_entries SET seq = -1 WHERE seq = 4; UPDATE audit_entries SET seq = 4 WHERE seq = 6; \
         UPDATE audit_entries SET seq = 6 WHERE seq = -1",
        "entry 4 is not what was sealed",
    ),
    ("UPDATE audit_entries SET seq = seq + 1000 WHERE seq = 2", "entry 2 is missing"),
    ("DELETE FROM audit_seals WHERE seq = 8", "entry 8 was sealed once"),
    ("UPDATE audit_seals SET mac = 'nonsense' WHERE seq = 9", "entry 9 is not what was sealed"),
    ("DELETE FROM audit_values WHERE field = 'diff.email'", "no erasure of that person is recorded"),
    ("UPDATE audit_values SET value = '{\"new\":\"x@example.org\"}' WHERE field = 'diff.email'", "is not the one"),
    ("UPDATE audit_entries SET diff = '{' WHERE seq = 3", ""),
    (
        "DELETE FROM audit_entries WHERE seq > 10; DELETE FROM audit_seals WHERE seq > 10; \
         DELETE FROM audit_values WHERE entry_seq > 10; UPDATE counters SET value = 10",
        "does not lead to the head",
    ),
];

const TABLES: [&str; 4] = ["audit_entries", "audit_seals", "audit_values", "counters"];

on_both! {
    async fn tampering_with_the_database_itself_is_found(server) {
        busy(&server).await;
        let head = seal(&server).await;
        without_triggers(&server).await;
        run(&server, |table| format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        for (tampering, words) in TAMPERING {
            if server.app.db.read().execute_unprepared(tampering).await.is_err() {
                // A broken diff is refused by PostgreSQL.
                assert!(words.is_empty(), "{tampering}");
                continue;
            }
            let fault = verified(&server, Some(head)).await.unwrap_err().to_string();
            assert!(fault.contains(words), "{tampering}: {fault}");
            run(&server, |table| format!("DELETE FROM {table}")).await;
            run(&server, |table| format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
            verified(&server, Some(head)).await.unwrap();
        }
    }
}

async fn run(server: &Server, sql: impl Fn(&str) -> String) {
    for table in TABLES {
        server.app.db.read().execute_unprepared(&sql(table)).await.unwrap();
    }
}

async fn without_triggers(server: &Server) {
    let postgres = server.app.db.backend() == DbBackend::Postgres;
    let list: &[&str] = if postgres {
        &[
            "DROP TRIGGER audit_entries_kept ON audit_entries",
            "DROP TRIGGER audit_seals_kept ON audit_seals",
            "DROP TRIGGER audit_values_kept ON audit_values",
        ]
    } else {
        &[
            "DROP TRIGGER audit_entries_no_update",
            "DROP TRIGGER audit_entries_no_delete",
            "DROP TRIGGER audit_seals_no_update",
            "DROP TRIGGER audit_seals_no_delete",
            "DROP TRIGGER audit_values_no_update",
        ]
    };
    for statement in list {
        server.app.db.read().execute_unprepared(statement).await.unwrap();
    }
}

/// Without a head, the database's own counters still tell.
#[tokio::test]
async fn an_end_that_is_cut_off_is_found_without_a_head_while_the_counters_stand() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    busy(&server).await;
    let head: Head = seal(&server).await;
    without_triggers(&server).await;
    let cut = "DELETE FROM audit_entries WHERE seq > 10; DELETE FROM audit_seals WHERE seq > 10; \
               DELETE FROM audit_values WHERE entry_seq > 10";
    server.app.db.read().execute_unprepared(cut).await.unwrap();
    let fault = verified(&server, None).await.unwrap_err();
    assert_eq!(fault, domain::audit::Fault::CutOff { last: 10, counted: head.seq });
}
