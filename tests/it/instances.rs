//! Several instances on one database: what one of them does holds for all at once.

use api::{
    access::sign_in::emergency,
    context::{Browser, Ctx},
    error::Error,
};
use domain::access::{Account, Actor, Role, TOKEN_BYTES, Token, TokenKind};
use jiff::SignedDuration;
use poem::http::Method;
use serde_json::json;

use crate::{
    on_both,
    support::{Answer, Server},
};

on_both! {
    async fn a_key_revoked_on_one_instance_is_refused_by_the_other(server) {
        let other = server.beside().await;
        let admin = server.admin().await;
        let made = admin.post("keys", json!({"name": "Partner", "role": "auditor"})).await.expect(201);
        let secret = made.json["secret"].as_str().unwrap();
        // The other instance has seen the key, so what it might remember of it is there to be wrong.
        other.with_key(secret).get("events").await.expect(200);
        admin.if_match(&made).delete(&format!("keys/{}", made.id())).await.expect(204);
        // Five seconds are allowed (R20); no time passes here at all.
        other.with_key(secret).get("events").await.expect(401);
        other.advance(SignedDuration::from_secs(5));
        other.with_key(secret).get("events").await.expect(401);
    }

    async fn two_keys_of_one_account_work_side_by_side_until_the_old_one_is_revoked(server) {
        let admin = server.admin().await;
        admin.post("accounts", json!({"email": "portal@example.org", "name": "Portal", "role": "auditor"})).await.expect(201);
        let key = json!({"name": "Portal", "role": "auditor", "owner_id": "portal@example.org"});
        let (old, new) = (admin.post("keys", key.clone()).await.expect(201), admin.post("keys", key).await.expect(201));
        let holder = |made: &crate::support::Answer| server.with_key(made.json["secret"].as_str().unwrap());
        holder(&old).get("events").await.expect(200);
        holder(&new).get("events").await.expect(200);
        admin.if_match(&old).delete(&format!("keys/{}", old.id())).await.expect(204);
        holder(&old).get("events").await.expect(401);
        holder(&new).get("events").await.expect(200);
    }

    async fn a_role_taken_on_one_instance_is_gone_on_the_other(server) {
        let other = server.beside().await;
        let admin = server.admin().await;
        let account = admin.post("accounts", json!({"email": "a@example.org", "name": "A", "role": "admin"})).await.expect(201);
        let key = json!({"name": "A", "role": "admin", "owner_id": "a@example.org"});
        let made = admin.post("keys", key).await.expect(201);
        let secret = made.json["secret"].as_str().unwrap();
        other.with_key(secret).get("accounts").await.expect(200);
        admin.if_match(&account).patch(&format!("accounts/{}", account.id()), json!({"role": "auditor"})).await.expect(200);
        other.with_key(secret).get("accounts").await.expect(401);
    }

    async fn a_feed_revoked_on_one_instance_is_gone_there_at_once_and_on_the_other_within_a_second(server) {
        let other = server.beside().await;
        let admin = server.admin().await;
        let event = json!({
            "code": "e1", "kind": "workshop", "title": {"en": "E"}, "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC",
            "starts_on": "2026-05-04", "ends_on": "2026-05-04", "languages": ["en"], "visibility": "public",
        });
        admin.post("events", event).await.expect(201);
        let feed = json!({"kind": "event", "object_id": "e1", "name": "Mine", "access": "token"});
        let made = admin.post("feeds", feed).await.expect(201);
        let url = made.json["url"].as_str().unwrap();
        let path = &url[url.find("/ical/").unwrap()..];
        let fetched = other.anonymous().get(path).await;
        assert_eq!(fetched.status, 200);
        admin.if_match(&made).delete(&format!("feeds/{}", made.id())).await.expect(204);
        for instance in [&server, &other] {
            let again = instance.anonymous().header("If-None-Match", fetched.header("etag")).get(path).await;
            assert_eq!(again.status, 404);
            other.advance(SignedDuration::from_secs(1));
        }
    }

    async fn a_sign_in_ended_anywhere_has_ended_everywhere_at_once(server) {
        let other = server.beside().await;
        let admin = server.admin().await;
        for (number, way) in ["out", "one", "everywhere", "by an administrator", "disabled", "deleted"].into_iter().enumerate() {
            let email = format!("desk{number}@example.org");
            let headers = server.browser(Account::of(Role::Auditor, &email, "Desk")).await;
            let here = server.as_browser(&headers);
            let there = other.as_browser(&headers);
            let mine = there.get("me/sign-ins").await.expect(200);
            let id = mine.json["items"][0]["id"].as_str().unwrap().to_owned();
            let accounts = admin.get("accounts?limit=200").await.expect(200);
            let accounts = accounts.json["items"].as_array().unwrap();
            let account = accounts.iter().find(|account| account["email"] == email).unwrap()["id"].as_str().unwrap();
            let account = format!("accounts/{account}");
            let any = admin.header("If-Match", "*");
            match way {
                "out" => drop(sign_out(&server, &headers).await),
                "one" => drop(here.delete(&format!("me/sign-ins/{id}")).await.expect(204)),
                "everywhere" => drop(here.delete("me/sign-ins").await.expect(204)),
                "by an administrator" => drop(admin.delete(&format!("{account}/sign-ins")).await.expect(204)),
                "disabled" => drop(any.patch(&account, json!({"state": "disabled"})).await.expect(200)),
                _ => drop(any.delete(&account).await.expect(204)),
            }
            // Five seconds are allowed (R10); no time passes here at all.
            for path in ["me", "events", "me/sign-ins"] {
                assert_eq!(there.get(path).await.status, 401, "{way}: {path}");
            }
            let late = there.post("organisations", json!({"code": "LATE", "kind": "ngo", "names": {"en": {"list": "Late"}}})).await;
            assert_eq!(late.status, 401, "{way}");
            other.advance(SignedDuration::from_secs(5));
            there.get("me").await.expect(401);
        }
    }

    async fn attempts_to_sign_in_are_counted_for_all_instances_together(server) {
        let (second, third) = (server.beside().await, server.beside().await);
        let console = Ctx::internal(&server.app, "console");
        emergency::create(&console, "root@example.org".into(), "Root".into(), "a".repeat(20)).await.unwrap();
        let instances = [&server, &second, &third];
        // Each from another network, so that the account is what is counted; then each on another account from one /64.
        for (limit, times) in [(30, 60), (10, 30)] {
            let tries = (0..times).map(|number| {
                let app = &instances[number % 3].app;
                let (address, account) = match limit {
                    30 => (format!("198.51.100.{number}"), "root@example.org".to_owned()),
                    _ => (format!("2001:db8:0:7::{number:x}"), format!("somebody-{number}@example.org")),
                };
                let mark = Token::generate(TokenKind::Browser, &app.entropy.bytes::<TOKEN_BYTES>().unwrap());
                let browser = Browser { mark: Some(mark), ..Browser::default() };
                let ctx = Ctx { actor: Actor::anonymous(), address: Some(address), browser, ..Ctx::internal(app, "api") };
                async move { emergency::open(&ctx, &account, "b".repeat(20)).await }
            });
            let answers = futures_util::future::join_all(tries).await;
            let counted = answers.iter().filter(|answer| matches!(answer, Err(Error::Forbidden(_)))).count();
            let stopped = answers.iter().filter(|answer| matches!(answer, Err(Error::TooOften { wait: 0..=900, .. }))).count();
            assert_eq!((counted, stopped), (limit, times - limit), "the limit, to the last attempt");
        }
    }
}

/// What the button of the page does.
async fn sign_out(server: &Server, headers: &[(&'static str, String)]) -> Answer {
    let browser = server.as_browser(headers);
    let token = &headers.iter().find(|(name, _)| *name == "X-CSRF-Token").unwrap().1;
    let form = format!("csrf_token={token}");
    let answer = browser.send_text(Method::POST, "/sign-out", "application/x-www-form-urlencoded", &form).await;
    answer.expect(303)
}
