//! Keys and accounts through the API.

use api::config::Networks;
use domain::access::{NewKey, Role, Scope, Tlp};
use regex::Regex;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client, Server, api_document},
};

fn desk() -> Value {
    json!({"name": "Registration desk", "role": "secretariat", "scopes": ["sessions:write"], "expires_in_days": 30})
}

/// The secret part of the key in an answer.
fn secret(made: &Answer) -> &str {
    made.json["secret"].as_str().unwrap().split('_').nth(3).unwrap()
}

fn holder(server: &Server, made: &Answer) -> Client {
    server.with_key(made.json["secret"].as_str().unwrap())
}

on_both! {
    async fn a_leaked_key_is_found_by_the_published_pattern_and_nothing_else_is(server) {
        let document = api_document();
        let format = document["components"]["securitySchemes"]["key"]["bearerFormat"].as_str().unwrap();
        let published = Regex::new(format).unwrap();
        let made = server.admin().await.post("keys", desk()).await.expect(201);
        let key = made.json["secret"].as_str().unwrap();
        let leaked = format!("let url = 'https://plenum.example'; // {key}\n");
        assert_eq!(published.find(&leaked).map(|found| found.as_str()), Some(key));
        assert!(!published.is_match(made.json["prefix"].as_str().unwrap()), "the public part is no leak");
        let operations = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/OPERATIONS.md")).unwrap();
        assert!(operations.contains(format), "docs/OPERATIONS.md tells secret scanners another pattern");
    }

    async fn a_key_is_shown_once_used_and_revoked(server) {
        let admin = server.admin().await;
        let made = admin.post("keys", desk()).await.expect(201);
        assert_eq!(made.header("cache-control"), "no-store");
        assert_eq!((&made.json["state"], &made.json["expires_at"]), (&json!("active"), &json!("2026-04-01T08:00:00Z")));
        let whole = made.json["secret"].as_str().unwrap();
        assert!(whole.starts_with(made.json["prefix"].as_str().unwrap()));

        let path = format!("keys/{}", made.id());
        let read = admin.get(&path).await.expect(200);
        assert!(read.json.get("secret").is_none() && read.json.get("last_used_at").is_none());
        holder(&server, &made).get("organisations").await.expect(403);
        holder(&server, &made).get("sessions").await;
        let used = admin.get(&path).await.expect(200);
        assert_eq!((&used.json["last_used_at"], &used.json["version"]), (&json!("2026-03-02T08:00:00Z"), &json!(1)));

        admin.delete(&path).await.expect(428);
        admin.if_match(&made).delete(&path).await.expect(204);
        holder(&server, &made).get("changes").await.expect(401);
        admin.get(&path).await.expect(410);
        let listed = admin.get("keys").await.expect(200);
        assert!(listed.json["items"].as_array().unwrap().iter().all(|key| key["id"] != made.json["id"]));
    }

    async fn no_table_holds_a_secret(server) {
        let admin = server.admin().await;
        let once = admin.header("Idempotency-Key", "desk-1");
        let made = once.post("keys", desk()).await.expect(201);
        holder(&server, &made).get("keys").await.expect(403);
        let dump = server.dump().await;
        assert!(dump.contains("Registration desk") && dump.contains("desk-1"), "the dump shows what is kept");
        assert!(!dump.contains(secret(&made)));
        // Its answer is not kept either, so a repetition learns nothing and makes no second key.
        once.post("keys", desk()).await.expect(409);
        let keys = admin.get("keys").await.expect(200);
        let named = keys.json["items"].as_array().unwrap().iter().filter(|key| key["name"] == "Registration desk");
        assert_eq!(named.count(), 1);
    }

    async fn a_key_has_its_time(server) {
        let admin = server.admin().await;
        let made = admin.post("keys", json!({"name": "Guest", "role": "auditor", "expires_in_days": 1})).await.expect(201);
        holder(&server, &made).get("keys").await.expect(200);
        server.advance(jiff::SignedDuration::from_hours(24));
        holder(&server, &made).get("keys").await.expect(401);
        let expired = admin.get(&format!("keys/{}", made.id())).await.expect(200);
        assert_eq!((&expired.json["state"], &expired.json["idle"]), (&json!("expired"), &json!(false)));
    }

    async fn an_unused_key_is_pointed_out_after_90_days(server) {
        let admin = server.key(NewKey { role: Role::Admin, expires_in_days: 366, ..NewKey::default() }).await;
        let made = admin.post("keys", desk()).await.expect(201);
        for (days, idle) in [(90, false), (1, true)] {
            server.advance(jiff::SignedDuration::from_hours(24 * days));
            let key = admin.get(&format!("keys/{}", made.id())).await.expect(200);
            assert_eq!(key.json["idle"], json!(idle), "after {days} more days");
        }
    }

    async fn only_administrators_make_keys_and_nobody_hands_out_more_than_they_have(server) {
        server.anonymous().get("keys").await.expect(401);
        server.anonymous().post("keys", desk()).await.expect(401);
        for (role, read) in [(Role::Secretariat, 403), (Role::Auditor, 200)] {
            let client = server.role(role).await;
            client.get("keys").await.expect(read);
            client.get("accounts").await.expect(read);
            client.post("keys", desk()).await.expect(403);
        }
        let scopes = ["keys:write", "sessions:write"].map(|scope| Scope::parse(scope).unwrap()).to_vec();
        let narrowed = server.key(NewKey { role: Role::Admin, scopes, ..NewKey::default() }).await;
        narrowed.post("keys", desk()).await.expect(201);
        // An account is not narrowed: whoever signed in to it would have more than the key that made it.
        let account = json!({"email": "more@example.org", "name": "More", "role": "auditor"});
        narrowed.post("accounts", account.clone()).await.expect(403);
        let low = server.key(NewKey { role: Role::Admin, tlp_ceiling: Tlp::Amber, ..NewKey::default() }).await;
        low.post("accounts", account.clone()).await.expect(403);
        let made = server.admin().await.post("accounts", account).await.expect(201);
        let path = format!("accounts/{}", made.id());
        narrowed.if_match(&made).patch(&path, json!({"role": "admin"})).await.expect(403);
        for wider in [json!([]), json!(["*:read"]), json!(["sessions:read", "events:read"])] {
            let key = json!({"name": "x", "role": "admin", "scopes": wider});
            narrowed.post("keys", key).await.expect(403);
        }
    }

    async fn every_fault_of_a_key_is_named(server) {
        let admin = server.admin().await;
        let bad = json!({"name": " ", "role": "admin", "event_ids": ["x1"], "organisation_id": "PL", "expires_in_days": 0});
        let answer = admin.post("keys", bad).await.expect(422);
        let mut codes = answer.codes();
        codes.sort_unstable();
        assert_eq!(codes, ["blank", "does_not_fit_role", "does_not_fit_role", "out_of_range"]);
        for (member, code) in [("event_ids", "unknown_event"), ("group_ids", "unknown_group")] {
            let key = json!({"name": "x", "role": "auditor", member: ["nowhere-2030"]});
            assert_eq!(admin.post("keys", key).await.expect(422).codes(), [code]);
        }
        let delegate = json!({"name": "x", "role": "delegate", "organisation_id": "XX"});
        assert_eq!(admin.post("keys", delegate).await.expect(422).codes(), ["unknown_organisation"]);
        let owned = json!({"name": "x", "role": "auditor", "owner_id": "nobody@example.org"});
        assert_eq!(admin.post("keys", owned).await.expect(422).codes(), ["unknown_account"]);
        admin.post("keys", json!({"name": "x", "role": "king"})).await.expect(400);
    }

    async fn a_key_can_never_do_more_than_its_account(server) {
        let admin = server.admin().await;
        let account = json!({"email": "Anna@Example.org", "name": "Anna", "role": "admin"});
        let made = admin.post("accounts", account.clone()).await.expect(201);
        let path = format!("accounts/{}", made.id());
        let owned = json!({"name": "x", "role": "admin", "owner_id": "anna@example.ORG"});
        let first = admin.post("keys", owned).await.expect(201);
        assert_eq!(first.json["owner_id"], made.json["id"]);
        // What a key with an owner makes belongs to the same owner.
        let second = holder(&server, &first).post("keys", desk()).await.expect(201);
        assert_eq!(second.json["owner_id"], made.json["id"]);
        holder(&server, &second).get("changes").await.expect(403);

        let lowered = admin.if_match(&made).patch(&path, json!({"role": "secretariat"})).await.expect(200);
        holder(&server, &first).get("keys").await.expect(401);
        holder(&server, &second).get("changes").await.expect(403);
        let too_much = json!({"name": "x", "role": "admin", "owner_id": made.id()});
        assert_eq!(admin.post("keys", too_much).await.expect(422).codes(), ["owner_may_not"]);
        let disabled = admin.if_match(&lowered).patch(&path, json!({"state": "disabled"})).await.expect(200);
        holder(&server, &second).get("changes").await.expect(401);
        let back = admin.if_match(&disabled).patch(&path, json!({"role": "admin", "state": "active"})).await.expect(200);
        holder(&server, &first).get("keys").await.expect(200);
        admin.if_match(&back).delete(&path).await.expect(204);
        holder(&server, &first).get("keys").await.expect(401);
        admin.get(&path).await.expect(410);
        admin.post("accounts", account).await.expect(201);
    }

    async fn every_key_has_a_purpose_an_end_and_an_owner(server) {
        let admin = server.admin().await;
        for key in admin.get("keys").await.expect(200).json["items"].as_array().unwrap() {
            let owner = admin.get(&format!("accounts/{}", key["owner_id"].as_str().unwrap())).await.expect(200);
            // Keys made on the host for nobody in particular are those of whoever operates it.
            assert_eq!((&owner.json["email"], &owner.json["role"]), (&json!("operator@localhost"), &json!("admin")));
        }
        admin.post("keys", json!({"role": "auditor"})).await.expect(400);
        let made = admin.post("keys", json!({"name": "Export to the archive", "role": "auditor"})).await.expect(201);
        assert_eq!(made.json["expires_at"], "2026-05-31T08:00:00Z", "90 days, where nothing is said");
        assert!(made.json["owner_id"].is_string());

        let delegate = json!({"email": "d@example.org", "name": "D", "role": "delegate"});
        assert_eq!(admin.post("accounts", delegate).await.expect(422).codes(), ["does_not_fit_role"]);
        for code in ["ONE", "TWO"] {
            admin.post("organisations", json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}})).await.expect(201);
        }
        let delegate = json!({"email": "d@example.org", "name": "D", "role": "delegate", "organisation_id": "ONE"});
        admin.post("accounts", delegate).await.expect(201);
        for (organisation, status) in [("ONE", 201), ("TWO", 422)] {
            let key = json!({"name": "x", "role": "delegate", "organisation_id": organisation, "owner_id": "d@example.org"});
            admin.post("keys", key).await.expect(status);
        }
    }

    async fn an_address_has_one_account_and_can_be_erased_from_the_audit_log(server) {
        let admin = server.admin().await;
        let made = admin.post("accounts", json!({"email": "anna@example.org", "name": "Anna", "role": "auditor"})).await.expect(201);
        assert_eq!(made.json["state"], "active");
        let twice = json!({"email": "ANNA@example.org", "name": "Another", "role": "auditor"});
        assert_eq!(admin.post("accounts", twice).await.expect(409).json["type"], "/problems/email-taken");
        let bad = json!({"email": "anna at example", "name": "", "role": "auditor"});
        assert_eq!(admin.post("accounts", bad).await.expect(422).codes(), ["blank", "invalid"]);
        let path = format!("accounts/{}", made.id());
        admin.patch(&path, json!({"name": "Anna B."})).await.expect(428);
        admin.if_match(&made).patch(&path, json!({"name": "Anna B."})).await.expect(200);
        admin.if_match(&made).patch(&path, json!({"name": "Anna C."})).await.expect(412);
        assert_eq!(admin.get("accounts").await.expect(200).json["items"][0]["name"], "Anna B.");
        let audit = admin.get("audit-entries").await.expect(200);
        assert!(audit.text.contains("account.updated") && audit.text.contains("anna@example.org"), "{}", audit.text);
        // What is sealed, and so kept for ever, holds neither name nor address.
        let sealed = api::audit::store::entries_after(server.app.db.read(), 0, 100).await.unwrap();
        let sealed = format!("{sealed:?}");
        assert!(sealed.contains("account.updated") && !sealed.contains("example.org") && !sealed.contains("Anna"));
    }

    async fn a_key_tied_to_networks_works_from_there_only_whatever_the_request_says_of_itself(server) {
        let admin = server.admin().await;
        let tied = async |networks: Value| {
            let made = admin.post("keys", json!({"name": "Tied", "role": "auditor", "networks": networks})).await.expect(201);
            assert_eq!(made.json["networks"], networks);
            (made.id(), made.json["secret"].as_str().unwrap().to_owned())
        };
        let (_, local) = tied(json!(["127.0.0.0/8"])).await;
        let (elsewhere_id, elsewhere) = tied(json!(["198.51.100.0/24", "2001:db8::/32"])).await;
        let direct = server.on_a_socket(|_| {}).await;
        let proxied = server.on_a_socket(|config| config.trusted_proxies = Networks(vec!["127.0.0.0/8".parse().unwrap()])).await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let ask = async |site: &crate::support::Socket, key: &str, forwarded: Option<&str>| {
            let mut request = http.get(format!("{}/api/v1/keys", site.url())).bearer_auth(key);
            if let Some(forwarded) = forwarded {
                request = request.header("X-Forwarded-For", forwarded).header("Forwarded", format!("for={forwarded}"));
            }
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        };
        for (site, key, forwarded, status) in [
            (&direct, &local, None, 200),
            (&direct, &elsewhere, None, 401),
            // Nobody is trusted, so nobody is believed.
            (&direct, &elsewhere, Some("198.51.100.7"), 401),
            (&direct, &local, Some("198.51.100.7"), 200),
            // What the proxy has seen counts, and not what its client wrote before it.
            (&proxied, &elsewhere, Some("198.51.100.7"), 200),
            (&proxied, &elsewhere, Some("2001:db8::7"), 200),
            (&proxied, &elsewhere, Some("198.51.100.7, 203.0.113.9"), 401),
            (&proxied, &elsewhere, Some("unknown"), 401),
            (&proxied, &local, Some("203.0.113.9"), 401),
        ] {
            assert_eq!(ask(site, key, forwarded).await.0, status, "{forwarded:?}");
        }
        // Somebody without an address, such as a request that came over no socket, is nowhere.
        let nowhere = server.with_key(&elsewhere).get("keys").await.expect(401);
        let unknown = server.with_key(&elsewhere.replace('_', "x")).get("keys").await.expect(401);
        assert_eq!(nowhere.problem(), unknown.problem(), "as if it were unknown");
        let noted = admin.get(&format!("audit-entries?object_id={elsewhere_id}")).await.expect(200);
        let reasons: Vec<_> = noted.json["items"].as_array().unwrap().iter()
            .filter(|entry| entry["action"] == "key.refused").map(|entry| entry["diff"]["reason"]["new"].clone()).collect();
        assert_eq!(reasons, ["network"], "once a minute");
    }

    async fn what_is_no_network_is_refused(server) {
        let admin = server.admin().await;
        for network in ["198.51.100.7/24", "198.51.100.0/33", "example.org", ""] {
            let refused = admin.post("keys", json!({"name": "x", "role": "auditor", "networks": ["::1", network]})).await.expect(422);
            assert_eq!((refused.codes(), &refused.json["errors"][0]["pointer"]), (vec!["invalid_network"], &json!("/networks/1")));
        }
        let many: Vec<_> = (0..51).map(|number| format!("198.51.100.{number}/32")).collect();
        let key = json!({"name": "x", "role": "auditor", "networks": many});
        assert_eq!(admin.post("keys", key).await.expect(422).codes(), ["too_many"]);
    }

    async fn a_replaced_key_works_until_the_overlap_ends_and_its_successor_is_as_narrow(server) {
        let admin = server.admin().await;
        let event = json!({
            "code": "e1", "kind": "workshop", "title": {"en": "E"}, "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC",
            "starts_on": "2026-05-04", "ends_on": "2026-05-04", "languages": ["en"], "visibility": "public",
        });
        admin.post("events", event).await.expect(201);
        let narrow = json!({
            "name": "Desk", "role": "secretariat", "scopes": ["sessions:write"], "event_ids": ["e1"],
            "tlp_ceiling": "green",
        });
        let old = admin.post("keys", narrow).await.expect(201);
        let path = format!("keys/{}/rotate", old.id());
        let new = admin.post(&path, json!({"overlap_hours": 48, "expires_in_days": 30})).await.expect(201);
        assert_eq!(new.header("cache-control"), "no-store");
        assert_eq!(new.json["expires_at"], "2026-04-01T08:00:00Z");
        for member in ["name", "role", "scopes", "event_ids", "group_ids", "tlp_ceiling", "networks", "owner_id", "lineage_id"] {
            assert_eq!(new.json[member], old.json[member], "{member}");
        }
        assert_ne!(secret(&new), secret(&old));
        // Two of one lineage work at a time.
        let third = admin.post(&path, json!({})).await.expect(409);
        assert_eq!(third.json["type"], "/problems/rotation-under-way");
        admin.post(&format!("keys/{}/rotate", new.id()), json!({})).await.expect(409);

        server.advance(jiff::SignedDuration::from_hours(48) - jiff::SignedDuration::from_secs(1));
        holder(&server, &old).get("sessions").await.expect(200);
        holder(&server, &new).get("sessions").await.expect(200);
        server.advance(jiff::SignedDuration::from_secs(1));
        holder(&server, &old).get("sessions").await.expect(401);
        holder(&server, &new).get("sessions").await.expect(200);
        let again = admin.post(&path, json!({})).await.expect(409);
        assert_eq!(again.json["type"], "/problems/key-expired");
        let last = admin.post(&format!("keys/{}/rotate", new.id()), json!({"overlap_hours": 0})).await.expect(201);
        holder(&server, &new).get("sessions").await.expect(401);
        holder(&server, &last).get("sessions").await.expect(200);
    }

    async fn an_overlap_lasts_seven_days_at_most_and_never_longer_than_the_key(server) {
        let admin = server.admin().await;
        let old = admin.post("keys", json!({"name": "x", "role": "auditor", "expires_in_days": 3})).await.expect(201);
        let path = format!("keys/{}/rotate", old.id());
        for (body, pointer) in [(json!({"overlap_hours": 169}), "/overlap_hours"), (json!({"expires_in_days": 367}), "/expires_in_days")] {
            let refused = admin.post(&path, body).await.expect(422);
            assert_eq!(refused.json["errors"][0]["pointer"], pointer);
        }
        admin.header("If-Match", "\"7\"").post(&path, json!({})).await.expect(412);
        admin.if_match(&old).post(&path, json!({"overlap_hours": 168})).await.expect(201);
        let ending = admin.get(&format!("keys/{}", old.id())).await.expect(200);
        assert_eq!(ending.json["expires_at"], old.json["expires_at"]);
    }

    async fn feeds_and_repetitions_survive_the_replacement_of_their_key(server) {
        let admin = server.admin().await;
        let event = json!({
            "code": "e1", "kind": "workshop", "title": {"en": "E"}, "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC",
            "starts_on": "2026-05-04", "ends_on": "2026-05-04", "languages": ["en"], "visibility": "public",
        });
        admin.post("events", event).await.expect(201);
        let old = admin.post("keys", json!({"name": "Portal", "role": "secretariat"})).await.expect(201);
        let feed = json!({"kind": "event", "object_id": "e1", "name": "Mine", "access": "token"});
        let feed = holder(&server, &old).post("feeds", feed).await.expect(201);
        let url = feed.json["url"].as_str().unwrap();
        let calendar = &url[url.find("/ical/").unwrap()..];
        let ngo = json!({"code": "ONE", "kind": "ngo", "names": {"en": {"list": "One"}}});
        let first = holder(&server, &old).header("Idempotency-Key", "once").post("organisations", ngo.clone()).await.expect(201);

        let new = admin.post(&format!("keys/{}/rotate", old.id()), json!({"overlap_hours": 0})).await.expect(201);
        let again = holder(&server, &new).header("Idempotency-Key", "once").post("organisations", ngo).await.expect(201);
        assert_eq!((again.id(), again.header("idempotency-replayed")), (first.id(), "true"));
        assert_eq!(server.anonymous().get(calendar).await.status, 200);
        let owned = admin.get(&format!("feeds/{}", feed.id())).await.expect(200);
        assert_eq!(owned.json["owner_key_id"], new.json["id"]);
        admin.if_match(&new).delete(&format!("keys/{}", new.id())).await.expect(204);
        assert_eq!(server.anonymous().get(calendar).await.status, 404);
    }

    async fn of_many_replacements_at_once_one_is_made(server) {
        let admin = server.admin().await;
        let old = admin.post("keys", json!({"name": "x", "role": "auditor"})).await.expect(201);
        let path = format!("keys/{}/rotate", old.id());
        let answers = futures_util::future::join_all((0..8).map(|_| admin.post(&path, json!({})))).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1);
        assert!(answers.iter().all(|answer| [201, 409, 412].contains(&answer.status.as_u16())));
        let keys = admin.get("keys").await.expect(200);
        let lineage = keys.json["items"].as_array().unwrap().iter().filter(|key| key["lineage_id"] == old.json["lineage_id"]);
        assert_eq!(lineage.count(), 2);
    }
}
