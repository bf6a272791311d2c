//! Sign-ins: browsers that are signed in, by cookie, and what other sites cannot make them do.

use api::{
    access::{accounts, sign_in},
    context::Ctx,
};
use domain::access::{Account, Role, SignInMethod};
use jiff::SignedDuration;
use poem::http::Method;
use regex::Regex;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    on_both,
    support::{Answer, Client, Server, api_document},
};

/// A browser that is signed in.
struct Browser {
    /// Sends its cookie and nothing else.
    bare: Client,
    /// Sends what a page of ours sends as well.
    page: Client,
    cookie: String,
}

async fn account(server: &Server, role: Role) -> Uuid {
    let email = format!("{role}-{}@example.org", server.app.entropy.uuid(server.app.clock.now()).unwrap().simple());
    let account = Account::of(role, email, "Anna");
    accounts::create(&Ctx::internal(&server.app, "console"), account).await.unwrap().id
}

async fn sign_in(server: &Server, account: Uuid) -> Browser {
    let ctx = Ctx::internal(&server.app, "api");
    let opened = sign_in::open(&ctx, account, SignInMethod::OpenidConnect).await.unwrap();
    let cookie = opened.token.reveal();
    let bare = server.anonymous().header("Cookie", &format!("__Host-plenum={cookie}"));
    let me = bare.get("me").await.expect(200);
    let token = me.json["csrf_token"].as_str().unwrap();
    let page = bare.header("Sec-Fetch-Site", "same-origin").header("X-CSRF-Token", token);
    Browser { bare, page, cookie }
}

async fn signed_in(server: &Server, role: Role) -> Browser {
    sign_in(server, account(server, role).await).await
}

fn ngo(code: &str) -> Value {
    json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}})
}

fn gives_cookie_up(answer: &Answer) -> bool {
    answer.header("set-cookie").starts_with("__Host-plenum=; ") && answer.header("set-cookie").contains("Max-Age=0")
}

on_both! {
    async fn a_browser_that_is_signed_in_may_what_its_account_may(server) {
        let admin = signed_in(&server, Role::Admin).await;
        admin.bare.get("keys").await.expect(200);
        let made = admin.page.post("organisations", ngo("ONE")).await.expect(201);
        let audit = admin.bare.get(&format!("audit-entries?object_id={}", made.id())).await.expect(200);
        assert_eq!(audit.json["items"][0]["actor_kind"], "account");
        let auditor = signed_in(&server, Role::Auditor).await;
        auditor.bare.get("keys").await.expect(200);
        auditor.page.post("organisations", ngo("TWO")).await.expect(403);
        let me = auditor.bare.get("me").await.expect(200);
        assert_eq!((&me.json["proof"], &me.json["role"]), (&json!("sign_in"), &json!("auditor")));
        assert_eq!(me.header("cache-control"), "no-store");
        server.anonymous().get("me").await.expect(401);
        assert_eq!(server.admin().await.get("me").await.expect(200).json["proof"], "key");
    }

    async fn a_bad_cookie_is_refused_and_taken_away_and_never_taken_for_none(server) {
        let good = signed_in(&server, Role::Admin).await;
        let other_secret = good.cookie.replace(good.cookie.split('_').nth(2).unwrap(), &"Z".repeat(43));
        for bad in ["", "x", "wgs_x_y_z", &format!("{}x", good.cookie), &other_secret] {
            let client = server.anonymous().header("Cookie", &format!("__Host-plenum={bad}"));
            let refused = client.get("organisations").await.expect(401);
            assert!(gives_cookie_up(&refused), "{bad}: {:?}", refused.headers);
        }
        server.anonymous().get("organisations").await.expect(200);
    }

    async fn with_a_key_cookies_are_not_looked_at(server) {
        let admin = signed_in(&server, Role::Admin).await;
        let cookie = format!("__Host-plenum={}", admin.cookie);
        let auditor = server.role(Role::Auditor).await.header("Cookie", &cookie);
        assert_eq!(auditor.get("me").await.expect(200).json["proof"], "key");
        auditor.post("organisations", ngo("ONE")).await.expect(403);
        server.with_key("nonsense").header("Cookie", &cookie).get("organisations").await.expect(401);
        server.admin().await.header("Cookie", "__Host-plenum=rubbish").post("organisations", ngo("ONE")).await.expect(201);
    }

    async fn a_sign_in_ends_when_idle_and_at_the_end_of_its_time(server) {
        let account = account(&server, Role::Admin).await;
        let idle = sign_in(&server, account).await;
        server.advance(SignedDuration::from_mins(59));
        idle.bare.get("me").await.expect(200);
        server.advance(SignedDuration::from_mins(59));
        idle.bare.get("me").await.expect(200);
        server.advance(SignedDuration::from_mins(60));
        idle.bare.get("me").await.expect(401);
        let busy = sign_in(&server, account).await;
        for _ in 0..14 {
            server.advance(SignedDuration::from_mins(50));
            busy.bare.get("me").await.expect(200);
        }
        server.advance(SignedDuration::from_mins(20));
        busy.bare.get("me").await.expect(401);
    }

    async fn whoever_signs_in_gets_a_new_cookie_and_the_old_one_is_dead(server) {
        let account = account(&server, Role::Admin).await;
        let first = sign_in(&server, account).await;
        let mut ctx = Ctx::internal(&server.app, "api");
        ctx.browser.held = domain::access::Token::parse(domain::access::TokenKind::SignIn, &first.cookie);
        let second = sign_in::open(&ctx, account, SignInMethod::OpenidConnect).await.unwrap();
        first.bare.get("me").await.expect(401);
        let second = server.anonymous().header("Cookie", &format!("__Host-plenum={}", second.token.reveal()));
        let listed = second.get("me/sign-ins").await.expect(200);
        assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
    }

    async fn own_sign_ins_are_listed_and_ended_one_by_one_or_all(server) {
        let account = account(&server, Role::Auditor).await;
        let (one, two, three) =
            (sign_in(&server, account).await, sign_in(&server, account).await, sign_in(&server, account).await);
        let strange = signed_in(&server, Role::Auditor).await;
        let listed = one.bare.get("me/sign-ins").await.expect(200);
        let items = listed.json["items"].as_array().unwrap();
        assert_eq!((items.len(), items.iter().filter(|item| item["current"] == true).count()), (3, 1));

        let of_two = two.bare.get("me/sign-ins").await.expect(200);
        let of_two = of_two.json["items"].as_array().unwrap().iter().find(|item| item["current"] == true).unwrap()["id"]
            .as_str().unwrap().to_owned();
        strange.page.delete(&format!("me/sign-ins/{of_two}")).await.expect(404);
        one.page.delete(&format!("me/sign-ins/{of_two}")).await.expect(204);
        two.bare.get("me").await.expect(401);
        one.page.delete(&format!("me/sign-ins/{of_two}")).await.expect(404);
        one.page.delete("me/sign-ins").await.expect(204);
        one.bare.get("me").await.expect(401);
        three.bare.get("me").await.expect(401);
        strange.bare.get("me").await.expect(200);
    }

    async fn an_administrator_ends_sign_ins_and_a_disabled_account_has_none(server) {
        let admin = server.admin().await;
        let id = account(&server, Role::Secretariat).await;
        let path = format!("accounts/{id}");
        let first = sign_in(&server, id).await;
        server.role(Role::Auditor).await.delete(&format!("{path}/sign-ins")).await.expect(403);
        admin.delete(&format!("{path}/sign-ins")).await.expect(204);
        first.bare.get("me").await.expect(401);
        let any = admin.header("If-Match", "*");
        let second = sign_in(&server, id).await;
        any.patch(&path, json!({"state": "disabled"})).await.expect(200);
        second.bare.get("me").await.expect(401);
        any.patch(&path, json!({"state": "active"})).await.expect(200);
        second.bare.get("me").await.expect(401);
        let third = sign_in(&server, id).await;
        any.patch(&path, json!({"name": "Anna B."})).await.expect(200);
        third.bare.get("me").await.expect(200);
        any.patch(&path, json!({"role": "auditor"})).await.expect(200);
        third.bare.get("me").await.expect(401);
        let fourth = sign_in(&server, id).await;
        any.delete(&path).await.expect(204);
        fourth.bare.get("me").await.expect(401);
    }

    async fn what_ends_on_one_instance_has_ended_on_all(server) {
        let account = account(&server, Role::Auditor).await;
        let (one, two) = (sign_in(&server, account).await, sign_in(&server, account).await);
        let elsewhere = server.beside().await;
        let there = |browser: &Browser| elsewhere.anonymous().header("Cookie", &format!("__Host-plenum={}", browser.cookie));
        let (first, second) = (there(&one), there(&two));
        first.get("me").await.expect(200);
        one.page.delete("me/sign-ins").await.expect(204);
        first.get("me").await.expect(401);
        second.get("me").await.expect(401);
    }

    async fn no_operation_takes_bad_credentials_for_none(server) {
        let over = signed_in(&server, Role::Admin).await;
        over.page.delete("me/sign-ins").await.expect(204);
        let document = api_document();
        let parameter = Regex::new(r"\{\w+\}").unwrap();
        let mut operations = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            let path = path.replace("{number}", "1");
            let path = parameter.replace_all(&path, "0192f3a4-5b6c-7d8e-9fa0-b1c2d3e4f506");
            for method in item.as_object().unwrap().keys() {
                operations += 1;
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
                let rubbish = server.anonymous().header("Cookie", "__Host-plenum=rubbish");
                for client in [&rubbish, &over.page, &server.with_key("wgk_live_rubbish")] {
                    let body = json!({});
                    let answer = client.send(method.clone(), &format!("/api/v1{path}"), Some(&body)).await;
                    assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
                }
            }
        }
        assert!(operations > 80, "{operations}");
    }

    async fn no_table_holds_what_signs_anybody_in(server) {
        let browser = signed_in(&server, Role::Admin).await;
        browser.page.post("organisations", ngo("ONE")).await.expect(201);
        let token = browser.bare.get("me").await.expect(200).json["csrf_token"].as_str().unwrap().to_owned();
        let dump = server.dump().await;
        let public = browser.cookie.split('_').nth(1).unwrap();
        assert!(dump.contains(public), "the dump shows what is kept");
        assert!(!dump.contains(browser.cookie.split('_').nth(2).unwrap()) && !dump.contains(&token));
    }

    async fn of_too_many_browsers_the_oldest_is_signed_out(server) {
        let account = account(&server, Role::Auditor).await;
        let first = sign_in(&server, account).await;
        for _ in 0..19 {
            server.advance(SignedDuration::from_secs(1));
            sign_in(&server, account).await;
        }
        first.bare.get("me").await.expect(200);
        server.advance(SignedDuration::from_secs(1));
        let last = sign_in(&server, account).await;
        first.bare.get("me").await.expect(401);
        assert_eq!(last.bare.get("me/sign-ins").await.expect(200).json["items"].as_array().unwrap().len(), 20);
    }

    async fn a_key_is_made_with_a_fresh_sign_in_only(server) {
        let admin = signed_in(&server, Role::Admin).await;
        let key = json!({"name": "Desk", "role": "auditor"});
        admin.page.post("keys", key.clone()).await.expect(201);
        server.advance(SignedDuration::from_mins(10));
        admin.page.post("keys", key.clone()).await.expect(201);
        server.advance(SignedDuration::from_secs(1));
        let refused = admin.page.post("keys", key).await.expect(403);
        assert_eq!(refused.json["type"], "/problems/sign-in-again");
        admin.page.post("organisations", ngo("ONE")).await.expect(201);
    }

    async fn another_site_cannot_make_a_browser_write(server) {
        let admin = signed_in(&server, Role::Admin).await;
        let token = admin.bare.get("me").await.expect(200).json["csrf_token"].as_str().unwrap().to_owned();
        let stranger = signed_in(&server, Role::Admin).await.bare.get("me").await.expect(200);
        let stranger = stranger.json["csrf_token"].as_str().unwrap().to_owned();
        let ours = server.app.config.public_url.as_str().to_owned();
        let sites = [
            (Some(("Sec-Fetch-Site", "same-origin")), true),
            (Some(("Sec-Fetch-Site", "none")), true),
            (Some(("Sec-Fetch-Site", "same-site")), false),
            (Some(("Sec-Fetch-Site", "cross-site")), false),
            (Some(("Origin", ours.as_str())), true),
            (Some(("Origin", "https://evil.example")), false),
            (Some(("Origin", "null")), false),
            (None, false),
        ];
        let tokens = [(Some(token.as_str()), true), (Some(stranger.as_str()), false), (Some(""), false), (None, false)];
        let bodies = [
            ("application/json", json!({"to": "x"}).to_string()),
            ("text/plain", json!({"to": "x"}).to_string()),
            ("application/x-www-form-urlencoded", "a=b".to_owned()),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n".to_owned()),
        ];
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for (content_type, body) in &bodies {
                for (site, ours) in &sites {
                    for (token, own) in &tokens {
                        let mut client = admin.bare.clone();
                        if let Some((name, value)) = site {
                            client = client.header(name, value);
                        }
                        if let Some(token) = token {
                            client = client.header("X-CSRF-Token", token);
                        }
                        let answer = client.send_text(method.clone(), "persons/by-external/x/y", content_type, body).await;
                        let forged = ["/problems/cross-site-request", "/problems/csrf-token-missing"];
                        let refused = forged.iter().any(|kind| answer.json["type"] == *kind);
                        assert_eq!(refused, !(*ours && *own), "{method} {content_type} {site:?} {token:?}: {}", answer.text);
                        assert_eq!(answer.status == 403, refused, "{method} {content_type}: {}", answer.text);
                    }
                }
            }
        }
        admin.bare.header("Sec-Fetch-Site", "cross-site").get("me").await.expect(200);
    }

    async fn what_cannot_be_taken_back_needs_a_fresh_sign_in(server) {
        let admin = server.admin().await;
        let account = Account::of(Role::Admin, "fresh@example.org", "Fresh");
        let browser = server.signed_in(account).await;
        let event = json!({
            "code": "e1", "kind": "workshop", "title": {"en": "E"}, "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC",
            "starts_on": "2026-05-04", "ends_on": "2026-05-04", "languages": ["en"], "visibility": "participants",
            "tlp": "green",
        });
        let group = json!({"code": "g1", "kind": "working_group", "name": {"en": "G"}, "visibility": "participants", "tlp": "amber"});
        admin.post("groups", group).await.expect(201);
        admin.post("events", event).await.expect(201);
        let session = json!({"event_id": "e1", "title": {"en": "S"}, "kind": "plenary", "visibility": "participants", "tlp": "amber"});
        let session = admin.post("sessions", session).await.expect(201).id();
        let other = admin.post("accounts", json!({"email": "o@example.org", "name": "O", "role": "auditor"})).await.expect(201).id();
        let person = admin.post("persons", json!({"display_name": "Olga Ortega"})).await.expect(201).id();
        let session = format!("sessions/{session}");
        let summary = json!({"code": "summary", "event_id": "e1", "kind": "chairs_summary", "title": {"en": "Summary"}, "drafting_language": "en", "languages": ["en"]});
        admin.post("statements", summary).await.expect(201);
        admin.post("statements/summary/clauses", json!({"text": {"en": "The chair noted convergence."}})).await.expect(201);
        let lowered = [("groups/g1", "green"), ("events/e1", "clear"), (&*session, "green")];

        server.advance(SignedDuration::from_mins(11));
        let again = |answer: Answer| assert_eq!(answer.expect(403).json["type"], "/problems/sign-in-again");
        let any = browser.header("If-Match", "*");
        for (object, label) in lowered {
            again(any.patch(object, json!({"tlp": label})).await);
        }
        // To publish is to lower the label that a draft has.
        again(browser.post("statements/summary/transitions", json!({"to": "published"})).await);
        // A narrower circle takes nothing back.
        any.patch("groups/g1", json!({"tlp": "amber+strict"})).await.expect(200);
        let account = format!("accounts/{other}");
        again(any.patch(&account, json!({"role": "admin"})).await);
        again(any.patch(&account, json!({"event_ids": ["e1"]})).await);
        again(any.patch(&account, json!({"person_id": person})).await);
        any.patch(&account, json!({"name": "Olga"})).await.expect(200);
        again(browser.post("accounts", json!({"email": "n@example.org", "name": "N", "role": "admin"})).await);
        // A key has no sign-in that could be fresh.
        let key = admin.header("If-Match", "*");
        for (object, label) in lowered {
            key.patch(object, json!({"tlp": label})).await.expect(200);
        }
        for (object, label) in [("groups/g1", "amber"), ("events/e1", "green"), (&*session, "amber")] {
            key.patch(object, json!({"tlp": label})).await.expect(200);
        }

        let fresh = server.signed_in(Account::of(Role::Admin, "fresher@example.org", "Fresher")).await;
        for (object, label) in lowered {
            fresh.header("If-Match", "*").patch(object, json!({"tlp": label})).await.expect(200);
        }
        fresh.post("statements/summary/transitions", json!({"to": "published"})).await.expect(200);
        fresh.header("If-Match", "*").patch(&account, json!({"role": "secretariat"})).await.expect(200);
    }
}
