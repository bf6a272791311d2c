//! Keys and accounts through the API.

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
}
