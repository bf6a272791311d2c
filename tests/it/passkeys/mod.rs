//! Passkeys: registered by somebody who has just signed in, and a way to sign in that says nothing to whoever guesses.
//! The authenticator is one in software that can also lie; a real browser with its own is in tests/browser.

mod authenticator;
mod refused;

use api::{access::sign_in, context::Ctx};
use domain::access::{Account, Role, SignInMethod};
use jiff::SignedDuration;
use poem::http::Method;
use regex::Regex;
use serde_json::{Value, json};

use self::authenticator::{Device, ORIGIN, Pair};
use crate::{
    on_both,
    support::{Answer, Client, Server, jar::Jar},
};

const COOKIE: &str = "__Host-plenum";

/// The same server under the address passkeys are made for.
fn named(server: Server) -> Server {
    server.configured(|config| config.public_url = ORIGIN.parse().unwrap())
}

/// Somebody who is signed in, as a page of ours sends it.
async fn owner(server: &Server, email: &str) -> Client {
    server.signed_in(Account::of(Role::Auditor, email, "Anna")).await
}

/// A passkey of an account that is there already, and an instance of the server to use it on.
pub async fn of_account(server: &Server, account: &str) -> (Server, Device) {
    let instance = named(server.beside().await);
    let ctx = Ctx::internal(&instance.app, "console");
    let opened = sign_in::open(&ctx, account.parse().unwrap(), SignInMethod::Demo).await.unwrap();
    let cookie = format!("__Host-plenum={}", opened.token.reveal());
    let bare = instance.anonymous().header("Cookie", &cookie).header("Sec-Fetch-Site", "same-origin");
    let token = bare.get("me").await.expect(200).json["csrf_token"].as_str().unwrap().to_owned();
    let mut device = Device::new(Pair::es256(), 1);
    register(&bare.header("X-CSRF-Token", &token), &mut device).await.expect(201);
    (instance, device)
}

/// Whether the passkey still signs in.
pub async fn signs_in(server: &Server, device: &mut Device) -> bool {
    sign_in(server, device).await.1.status == 303
}

/// Registers a passkey; gives what the API says of it.
async fn register(owner: &Client, device: &mut Device) -> Answer {
    let begun = owner.post("me/passkey-challenges", Value::Null).await.expect(200);
    owner.post("me/passkeys", device.registration(&begun.json)).await
}

/// A browser on the page to sign in with a challenge: the page, and what is to be signed.
async fn challenged(browser: &mut Jar) -> (Answer, String) {
    let page = browser.get("/sign-in").await.expect(200);
    let token =
        Regex::new("name=\"csrf_token\" value=\"([^\"]+)\"").unwrap().captures(&page.text).unwrap()[1].to_owned();
    let client = browser.client().header("Origin", ORIGIN).header("X-CSRF-Token", &token);
    let given = client.send(Method::POST, "/sign-in/passkey/challenge", None).await.expect(200);
    assert_eq!(
        (&given.json["relying_party_id"], given.header("cache-control")),
        (&json!("plenum.example"), "no-store")
    );
    (page, given.json["challenge"].as_str().unwrap().to_owned())
}

/// Sends what an authenticator has said.
async fn send(browser: &mut Jar, page: &Answer, shown: &[(&str, String)]) -> Answer {
    let fields: Vec<_> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.submit(page, "/sign-in/passkey", &fields).await
}

async fn sign_in(server: &Server, device: &mut Device) -> (Jar, Answer) {
    let mut browser = Jar::new(server);
    let (page, challenge) = challenged(&mut browser).await;
    let answer = send(&mut browser, &page, &device.answer(&challenge)).await;
    (browser, answer)
}

/// What the audit log says of an object: the action, and why it was refused if it was.
async fn audited(server: &Server, object: &str) -> Vec<(String, String)> {
    let entries = server.admin().await.get(&format!("audit-entries?object_id={object}&limit=200")).await.expect(200);
    let entries = entries.json["items"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    entries.iter().map(|entry| (text(&entry["action"]), text(&entry["diff"]["refusal"]["new"]))).collect()
}

on_both! {
    async fn a_passkey_of_every_accepted_algorithm_is_registered_and_signs_in(server) {
        let server = named(server);
        for (mark, pair) in [(1, Pair::es256()), (2, Pair::eddsa()), (3, Pair::rs256())] {
            let owner = owner(&server, &format!("anna{mark}@example.org")).await;
            let mut device = Device::new(pair, mark);
            let made = register(&owner, &mut device).await.expect(201);
            assert_eq!((&made.json["name"], &made.json["synced"]), (&json!("Telephone"), &json!(false)));
            assert_eq!(made.header("location"), format!("/api/v1/me/passkeys/{}", made.id()));

            let (mut browser, answer) = sign_in(&server, &mut device).await;
            assert_eq!(answer.expect(303).header("location"), "/");
            let me = browser.client().get("me").await.expect(200);
            let account = me.json["account_id"].as_str().unwrap();
            assert_eq!(decoded_account(&device), account);
            let listed = browser.client().get("me/sign-ins").await.expect(200);
            let methods: Vec<_> = listed.json["items"].as_array().unwrap().iter().map(|one| one["method"].as_str().unwrap()).collect();
            assert!(methods.len() == 2 && methods.contains(&"passkey"), "{methods:?}");
            // It was a sign-in of this moment, so what asks for one is open.
            server.advance(SignedDuration::from_mins(9));
            let page = browser.get("/me").await.expect(200);
            assert!(page.text.contains("Delete passkey Telephone") && !page.text.contains("sign in again"), "{}", page.text);

            let kept = owner.get(&format!("me/passkeys/{}", made.id())).await.expect(200);
            assert_eq!(kept.json["last_used_at"], made.json["created_at"]);
            let actions: Vec<_> = audited(&server, account).await.into_iter().map(|(action, _)| action).collect();
            assert_eq!(actions, ["account.created", "account.signed_in", "account.passkey_registered", "account.signed_in"]);
        }
    }

    async fn registering_and_deleting_need_a_sign_in_of_the_last_ten_minutes(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        let mut device = Device::new(Pair::es256(), 1);
        let made = register(&owner, &mut device).await.expect(201);
        let begun = owner.post("me/passkey-challenges", Value::Null).await.expect(200);
        server.advance(SignedDuration::from_mins(11));
        let late = owner.post("me/passkeys", Device::new(Pair::es256(), 2).registration(&begun.json)).await.expect(403);
        assert_eq!(late.json["type"], "/problems/sign-in-again");
        let begin = owner.post("me/passkey-challenges", Value::Null).await.expect(403);
        assert_eq!(begin.json["type"], "/problems/sign-in-again");
        let path = format!("me/passkeys/{}", made.id());
        assert_eq!(owner.delete(&path).await.expect(403).json["type"], "/problems/sign-in-again");
        owner.get("me/passkeys").await.expect(200);
        // A key is nobody's browser.
        server.admin().await.post("me/passkey-challenges", Value::Null).await.expect(403);
        server.anonymous().post("me/passkey-challenges", Value::Null).await.expect(401);
    }

    async fn a_deleted_passkey_signs_nobody_in_on_any_instance(server) {
        let server = named(server);
        let other = named(server.beside().await);
        let owner = owner(&server, "anna@example.org").await;
        let (mut first, mut second) = (Device::new(Pair::es256(), 1), Device::new(Pair::eddsa(), 2));
        let made = register(&owner, &mut first).await.expect(201);
        register(&owner, &mut second).await.expect(201);
        // The other instance has seen it work, and has a challenge open for it.
        assert_eq!(sign_in(&other, &mut first).await.1.status, 303);
        let mut waiting = Jar::new(&other);
        let (page, challenge) = challenged(&mut waiting).await;
        owner.delete(&format!("me/passkeys/{}", made.id())).await.expect(204);
        let refused = send(&mut waiting, &page, &first.answer(&challenge)).await.expect_page(403);
        assert!(refused.text.contains("did not sign you in"), "{}", refused.text);
        assert_eq!(waiting.cookie(COOKIE), "");
        assert_eq!(sign_in(&other, &mut second).await.1.status, 303);
        owner.delete(&format!("me/passkeys/{}", made.id())).await.expect(404);
        let names: Vec<_> = owner.get("me/passkeys").await.expect(200).json["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert!(names.len() == 1 && names[0] != made.json["id"]);
    }

    async fn the_last_passkey_goes_only_where_another_way_in_exists(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        let made = register(&owner, &mut Device::new(Pair::es256(), 1)).await.expect(201);
        let path = format!("me/passkeys/{}", made.id());
        assert_eq!(owner.delete(&path).await.expect(409).json["type"], "/problems/only-way-in");
        owner.get(&path).await.expect(200);
        // Of two, one may go; and the last where mail is sent to people of this role.
        let spare = register(&owner, &mut Device::new(Pair::es256(), 2)).await.expect(201);
        owner.delete(&format!("me/passkeys/{}", spare.id())).await.expect(204);
        owner.delete(&path).await.expect(409);
        let server = server.configured(|config| config.smtp_url = Some("smtp://127.0.0.1:2525".parse().unwrap()));
        owner.at(&server).delete(&path).await.expect(409);
        let server = server.configured(|config| config.mail_sign_in_staff = true);
        owner.at(&server).delete(&path).await.expect(204);
    }

    async fn another_browser_of_the_account_and_another_account_delete_nothing_of_others(server) {
        let server = named(server);
        let anna = owner(&server, "anna@example.org").await;
        let bruno = owner(&server, "bruno@example.org").await;
        let mut device = Device::new(Pair::es256(), 1);
        let made = register(&anna, &mut device).await.expect(201);
        let path = format!("me/passkeys/{}", made.id());
        bruno.get(&path).await.expect(404);
        bruno.delete(&path).await.expect(404);
        assert_eq!(bruno.get("me/passkeys").await.expect(200).json["items"], json!([]));
        // Nor is a challenge given to one of them good for the other, nor a credential that somebody has already.
        let begun = anna.post("me/passkey-challenges", Value::Null).await.expect(200);
        let stolen = bruno.post("me/passkeys", Device::new(Pair::es256(), 2).registration(&begun.json)).await.expect(422);
        let again = register(&bruno, &mut device).await.expect(422);
        assert_eq!((stolen.codes(), stolen.json["errors"].clone()), (vec!["passkey_refused"], again.json["errors"].clone()));
        assert_eq!(sign_in(&server, &mut device).await.1.status, 403, "it says it is another's by now");
    }

    async fn an_administrator_takes_the_passkeys_of_an_account_away_and_signs_it_out(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        let mut device = Device::new(Pair::es256(), 1);
        register(&owner, &mut device).await.expect(201);
        let account = decoded_account(&device);
        server.admin().await.delete(&format!("accounts/{account}/passkeys")).await.expect(204);
        owner.get("me").await.expect(401);
        assert_eq!(sign_in(&server, &mut device).await.1.status, 403);
        let actions: Vec<_> = audited(&server, &account).await.into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions[2..], ["account.passkey_registered", "account.passkey_deleted", "account.signed_out"]);
    }

    async fn an_account_that_is_not_in_use_is_not_signed_in_to(server) {
        let server = named(server);
        let ends = domain::moment::Moment::parse("2026-03-10");
        let guest = Account { ends_at: ends, ..Account::of(Role::Guest, "guest@example.org", "Guest") };
        let (mut disabled, mut over, mut gone) = (Device::new(Pair::es256(), 1), Device::new(Pair::es256(), 2), Device::new(Pair::es256(), 3));
        register(&owner(&server, "anna@example.org").await, &mut disabled).await.expect(201);
        register(&server.signed_in(guest).await, &mut over).await.expect(201);
        register(&owner(&server, "bruno@example.org").await, &mut gone).await.expect(201);
        let admin = server.admin().await.header("If-Match", "*");
        admin.patch(&format!("accounts/{}", decoded_account(&disabled)), json!({"state": "disabled"})).await.expect(200);
        admin.delete(&format!("accounts/{}", decoded_account(&gone))).await.expect(204);
        server.advance(SignedDuration::from_hours(24 * 9));
        let mut told = vec![];
        for device in [&mut disabled, &mut over, &mut gone] {
            let (browser, refused) = sign_in(&server, device).await;
            told.push((refused.status.as_u16(), refused.text, browser.cookie(COOKIE).to_owned()));
        }
        assert!(told.iter().all(|one| *one == told[0]) && told[0].0 == 403 && told[0].2.is_empty(), "{told:?}");
        let account = decoded_account(&disabled);
        assert_eq!(audited(&server, &account).await.last().unwrap(), &("account.sign_in_refused".to_owned(), "account".to_owned()));
        // Enabled again, it works again: nothing was taken from it.
        let admin = server.admin().await.header("If-Match", "*");
        admin.patch(&format!("accounts/{account}"), json!({"state": "active"})).await.expect(200);
        assert_eq!(sign_in(&server, &mut disabled).await.1.status, 303);
    }

    async fn an_account_has_twenty_passkeys_at_most(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        for mark in 0..20 {
            register(&owner, &mut Device::new(Pair::es256(), mark)).await.expect(201);
        }
        let refused = owner.post("me/passkey-challenges", Value::Null).await.expect(409);
        assert_eq!(refused.json["type"], "/problems/too-many-passkeys");
    }

    async fn passkeys_are_not_tried_without_end(server) {
        let server = named(server);
        let mut device = Device::new(Pair::es256(), 1);
        register(&owner(&server, "anna@example.org").await, &mut device).await.expect(201);
        let mut browser = Jar::new(&server);
        let (page, challenge) = challenged(&mut browser).await;
        let right = device.answer(&challenge);
        let mut wrong = right.clone();
        wrong[1].1 = authenticator::encoded(b"{}");
        for _ in 0..30 {
            send(&mut browser, &page, &wrong).await.expect_page(403);
        }
        let refused = send(&mut browser, &page, &right).await.expect_page(429);
        assert_eq!(refused.header("retry-after"), "900");
        server.advance(SignedDuration::from_mins(15));
        assert_eq!(sign_in(&server, &mut device).await.1.status, 303);
    }

    async fn the_page_offers_passkeys_under_a_name_and_works_without_them(server) {
        let mut browser = Jar::new(&server);
        let page = browser.get("/sign-in").await.expect(200);
        assert!(!page.text.contains("passkey"), "an address of the network has no passkeys");
        let server = named(server);
        let mut browser = Jar::new(&server);
        let page = browser.get("/sign-in").await.expect(200);
        assert!(page.text.contains("Sign in with a passkey") && page.text.contains("/assets/passkeys.js"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
        let script = browser.get("/assets/passkeys.js").await.expect(200);
        assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
        browser.get("/me").await.expect_page(401);
        // Without a cookie of ours there was no page of ours.
        server.anonymous().send(Method::POST, "/sign-in/passkey/challenge", None).await.expect(403);
    }

    async fn a_form_deletes_a_passkey_without_any_script(server) {
        let server = named(server);
        let owner = owner(&server, "anna@example.org").await;
        let (mut kept, mut gone) = (Device::new(Pair::es256(), 1), Device::new(Pair::es256(), 2));
        register(&owner, &mut kept).await.expect(201);
        let made = register(&owner, &mut gone).await.expect(201);
        let (mut browser, _) = sign_in(&server, &mut kept).await;
        let page = browser.get("/me").await.expect(200);
        let action = format!("/me/passkeys/{}/delete", made.id());
        assert_eq!(browser.post(&action, "").await.status, 403, "without the token of the page");
        assert_eq!(browser.submit(&page, &action, &[]).await.expect(303).header("location"), "/me");
        assert_eq!(sign_in(&server, &mut gone).await.1.status, 403);
    }
}

/// The account that the authenticator was told of, as the API writes it.
fn decoded_account(device: &Device) -> String {
    uuid::Uuid::from_slice(&device.user_handle).unwrap().to_string()
}
