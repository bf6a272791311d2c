//! What the framework and its neighbours do unasked, each held by a test. Most stand beside what they are about; this
//! file has the list, and the tests that belong nowhere else.

use std::path::Path;

use domain::access::{NewKey, Role};
use poem::http::Method;
use serde_json::{Value, json};

use crate::{
    access_matrix::{matrix, operations, seed::Seed},
    support::{Backend, Server, api_document},
};

/// The trap, the file with the test, and the test.
const TRAPS: [(&str, &str, &str); 22] = [
    ("poem's server times no request head", "edge.rs", "slow_heads_are_closed_and_others_keep_being_served"),
    ("nor the first byte", "edge.rs", "a_crowd_of_slow_clients_is_gone_after_the_limits_and_others_do_not_wait_for_it"),
    ("nor a body", "edge.rs", "slow_bodies_are_answered_408_and_others_keep_being_served"),
    ("bodies have no limit", "edge.rs", "bodies_are_counted_however_they_are_sent"),
    ("its compression inflates requests", "edge.rs", "a_gzip_bomb_is_refused_unread"),
    ("its guard against forged requests has a known key", "sign_in.rs", "another_site_cannot_make_a_browser_write"),
    ("its sessions are kept in the clear", "sign_in.rs", "no_table_holds_what_signs_anybody_in"),
    ("and renewed only when asked", "sign_in.rs", "whoever_signs_in_gets_a_new_cookie_and_the_old_one_is_dead"),
    ("its middleware comes in by habit", "traps.rs", "no_part_of_the_framework_with_a_known_fault_is_used"),
    ("objects take unknown members", "traps.rs", "no_request_takes_a_member_it_does_not_know"),
    ("and a member given twice", "traps.rs", "of_a_member_given_twice_none_escapes_the_guard"),
    ("bad credentials fall back to none", "sign_in.rs", "no_operation_takes_bad_credentials_for_none"),
    ("405 comes without Allow", "surface/methods.rs", "a_path_says_which_methods_it_takes_and_takes_no_other"),
    ("HTTP/2 is spoken in the clear", "edge.rs", "the_head_of_a_request_has_limits"),
    ("a panic ends a connection", "edge.rs", "a_panic_is_one_lost_request"),
    ("reqwest follows redirects and proxies", "traps.rs", "outgoing_requests_follow_no_redirect_and_no_proxy"),
    ("transactions on SQLite begin deferred", "concurrency.rs", "many_clients_lose_no_update"),
    ("and anybody can begin one", "traps.rs", "one_place_begins_transactions_and_begins_them_to_write"),
    ("rights by table are not rights by object", "traps.rs", "no_part_of_the_framework_with_a_known_fault_is_used"),
    ("crates bring old faults", "traps.rs", "no_crate_is_older_than_the_mending_of_its_known_faults"),
    ("or another TLS", "traps.rs", "no_crate_is_older_than_the_mending_of_its_known_faults"),
    ("cookies go without attributes", "support/jar.rs", "keep"),
];

fn root(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn every_trap_has_its_test() {
    for (trap, file, test) in TRAPS {
        assert!(root(&format!("tests/it/{file}")).contains(&format!("fn {test}(")), "{trap}: {file} has no {test}");
    }
}

/// Code that ships, by path.
fn shipped() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("api/src")];
    let mut found = vec![];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("\n#[cfg(test)]").next().unwrap();
                let code: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
                found.push((path.display().to_string(), code.join("\n")));
            }
        }
    }
    found
}

/// The files that hold any of `words`.
fn naming(words: &[&str]) -> Vec<String> {
    let naming = shipped().into_iter().filter(|(_, text)| words.iter().any(|word| text.contains(word)));
    naming.map(|(path, _)| path).collect()
}

#[test]
fn no_part_of_the_framework_with_a_known_fault_is_used() {
    // Compression inflates requests; SizeLimit believes a header; Csrf has a key of zeros; the sessions keep their ids in
    // the clear; Server sets no timer; Cors reflects; quick-xml as poem brings it is quadratic; rbac knows tables only.
    for word in [
        "poem::middleware",
        "Compression::new",
        "SizeLimit",
        "Csrf::new",
        "CookieSession",
        "ServerSession",
        "poem::Server",
        "Server::new(",
        "Cors",
        "Xml<",
        "quick_xml",
        "rbac",
    ] {
        assert_eq!(naming(&[word]), Vec::<String>::new(), "{word}");
    }
}

#[test]
fn outgoing_requests_follow_no_redirect_and_no_proxy() {
    let clients = naming(&["Client::builder()", "reqwest::Client::new", "ClientBuilder"]);
    let [file] = clients.as_slice() else { unreachable!("one place makes clients, not {clients:?}") };
    let (_, text) = shipped().into_iter().find(|(path, _)| path == file).unwrap();
    for part in [".redirect(Policy::none())", ".no_proxy()", ".referer(false)", ".connect_timeout(", ".timeout("] {
        assert!(text.contains(part), "{file} lacks {part}");
    }
}

#[test]
fn one_place_begins_transactions_and_begins_them_to_write() {
    let begin = naming(&[".begin()", ".begin_with", "begin_with_options"]);
    assert!(begin.iter().all(|path| path.contains("/api/src/db/")), "{begin:?}");
    // A plain one would be deferred on SQLite; this one holds a lock of PostgreSQL while migrations run.
    let plain = naming(&[".begin()", ".begin_with_config("]);
    assert!(plain.len() == 1 && plain[0].ends_with("/db/connect.rs"), "{plain:?}");
    assert_eq!(naming(&["SqliteTransactionMode::Immediate"]).len(), 1);
    assert_eq!(naming(&["SqliteTransactionMode::Deferred"]), Vec::<String>::new());
}

/// The crates of Cargo.lock with their versions.
fn locked() -> Vec<(String, Vec<u32>)> {
    let lock = root("Cargo.lock");
    let packages = lock.split("[[package]]").skip(1);
    let quoted = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.trim_matches(|c| c == '"' || c == ' ' || c == '=').to_owned()
    };
    let numbers = |version: String| {
        let numbers = version.split(['.', '-', '+']).map_while(|part| part.parse().ok());
        numbers.collect::<Vec<u32>>()
    };
    packages.map(|package| (quoted(package, "name"), numbers(quoted(package, "version")))).collect()
}

#[test]
fn no_crate_is_older_than_the_mending_of_its_known_faults() {
    let locked = locked();
    assert!(locked.len() > 200, "{}", locked.len());
    for (name, least) in [
        // RUSTSEC-2026-0258: empty DATA frames.
        ("h2", [0, 4, 16]),
        // RUSTSEC-2026-0193 and -0213.
        ("ammonia", [4, 1, 4]),
        ("time", [0, 3, 47]),
        ("rustls-webpki", [0, 103, 13]),
        // RUSTSEC-2026-0141: names of hosts unchecked.
        ("lettre", [0, 11, 22]),
        ("sqlx", [0, 8, 1]),
        ("hyper", [1, 0, 0]),
    ] {
        for (_, version) in locked.iter().filter(|(known, _)| known == name) {
            assert!(version.as_slice() >= least.as_slice(), "{name} {version:?}");
        }
    }
    // TLS is rustls alone (`ring` is locked for platforms nobody builds for: deny.toml); rsa leaks by its timing (RUSTSEC-2023-0071).
    for banned in ["openssl", "openssl-sys", "native-tls", "boring", "boring-sys", "rsa", "openidconnect"] {
        assert!(!locked.iter().any(|(name, _)| name == banned), "{banned}");
    }
}

/// Every object that a request may hold, at any depth, with its place.
fn objects<'a>(document: &'a Value, schema: &'a Value, place: &str, found: &mut Vec<(String, &'a Value)>) {
    if !schema.is_object() {
        return;
    }
    if let Some(pointer) = schema["$ref"].as_str() {
        let name = pointer.rsplit('/').next().unwrap();
        if !place.split('/').any(|part| part == name) {
            objects(document, document.pointer(&pointer[1..]).unwrap(), &format!("{place}/{name}"), found);
        }
        return;
    }
    if schema["properties"].is_object() {
        found.push((place.to_owned(), schema));
    }
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        objects(document, part, &format!("{place}/{name}"), found);
    }
    for part in ["allOf", "anyOf", "oneOf"].iter().filter_map(|name| schema[*name].as_array()).flatten() {
        objects(document, part, place, found);
    }
    for inner in ["items", "additionalProperties"] {
        objects(document, &schema[inner], place, found);
    }
}

#[tokio::test]
async fn no_request_takes_a_member_it_does_not_know() {
    let document = &api_document();
    let mut open = vec![];
    for (id, operation) in operations(document) {
        let method = operation.method.as_str().to_ascii_lowercase();
        let content = document["paths"][&operation.path][method]["requestBody"]["content"].as_object();
        for (media_type, media) in content.into_iter().flatten() {
            // A file has no members.
            if !media_type.contains("json") {
                continue;
            }
            let mut found = vec![];
            objects(document, &media["schema"], &id, &mut found);
            assert!(!found.is_empty(), "{id}");
            open.extend(
                found.into_iter().filter(|(_, it)| it["additionalProperties"] != json!(false)).map(|(at, _)| at),
            );
        }
    }
    assert_eq!(open, Vec::<String>::new(), "these take anything");

    // And the server keeps to it, with requests that are right otherwise.
    let seed = Seed::new().await;
    let admin = seed.server.admin().await.header("If-Match", "*");
    let operations = operations(document);
    let mut tried = 0;
    for row in matrix().rows.keys() {
        let (name, circle) = row.split_once(' ').unwrap_or((row, ""));
        // What an administrator does not see either.
        if circle == "sealed" {
            continue;
        }
        let operation = &operations[name];
        let Some(mut body) = operation.example.clone().filter(Value::is_object) else { continue };
        body["is_admin"] = json!(true);
        let path = seed.path(&operation.path, circle);
        let answer = admin.send(operation.method.clone(), &path, Some(&body)).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{row}: {} {}", answer.status, answer.text);
        assert!(answer.text.contains("is_admin"), "{row}: {}", answer.text);
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

#[tokio::test]
async fn of_a_member_given_twice_none_escapes_the_guard() {
    let server = Server::start(Backend::Sqlite).await.unwrap();
    let admin = server.admin().await;
    for code in ["mine-2026", "theirs-2026"] {
        let event = json!({
            "code": code, "kind": "workshop", "title": {"en": "E"}, "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC",
            "starts_on": "2026-05-04", "ends_on": "2026-05-04", "languages": ["en"], "visibility": "participants",
        });
        admin.post("events", event).await.expect(201);
    }
    let event_ids = vec!["mine-2026".into()];
    let mine = server.key(NewKey { role: Role::Secretariat, event_ids, ..NewKey::default() }).await;
    let post = async |first: &str, second: &str| {
        let rest = r#""kind": "plenary", "title": {"en": "T"}, "visibility": "participants""#;
        let body = format!(r#"{{"event_id": "{first}", {rest}, "event_id": "{second}"}}"#);
        mine.send_text(Method::POST, "sessions", "application/json", &body).await
    };
    assert!(post("mine-2026", "theirs-2026").await.status.is_client_error());
    // Which one counts is nobody's business as long as the guard and the table mean the same.
    post("theirs-2026", "mine-2026").await;
    let theirs = admin.get("sessions?event=theirs-2026").await.expect(200);
    assert_eq!(theirs.json["items"], json!([]));
}
