//! The ways to sign in without a provider: by mail, by the emergency account's password, by the links of the demonstration.

use api::{
    access::{
        accounts,
        sign_in::{emergency, links},
    },
    config::{Config, Scenarios},
    context::Ctx,
    jobs,
};
use domain::access::{Account, Role};
use jiff::SignedDuration;
use poem::http::Method;
use regex::Regex;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Server, api_document, jar::Jar, mailbox::Mailbox},
};

const COOKIE: &str = "__Host-plenum";

async fn account(server: &Server, email: &str, role: Role) -> uuid::Uuid {
    let organisation_id = if role == Role::Delegate {
        let ngo = json!({"code": format!("ORG{}", email.len()), "kind": "ngo", "names": {"en": {"list": "One"}}});
        Some(server.admin().await.post("organisations", ngo).await.expect(201).id().as_str().into())
    } else {
        None
    };
    let account = Account { organisation_id, ..Account::of(role, email, "Anna") };
    accounts::create(&Ctx::internal(&server.app, "console"), account).await.unwrap().id
}

/// A server that sends mail to `mailbox`; the public address is another than the one it listens on.
fn mailing(server: Server, mailbox: &Mailbox) -> Server {
    server.configured(|config: &mut Config| {
        config.smtp_url = Some(mailbox.url.parse().unwrap());
        config.public_url = "https://plenum.example".parse().unwrap();
    })
}

async fn ask(browser: &mut Jar, address: &str, return_to: &str) -> Answer {
    let page = browser.get(&format!("/sign-in?return_to={return_to}")).await.expect(200);
    browser.submit(&page, "/sign-in/mail", &[("email", address)]).await
}

async fn work(server: &Server) {
    while jobs::run_next(&server.app).await {}
}

/// The path of the link in a mail.
fn path_in(mail: &Value) -> String {
    let link = Regex::new("https://plenum\\.example(/sign-in/mail/wgl_[0-9A-Za-z_]+)").unwrap();
    link.captures(mail["text"].as_str().unwrap()).expect("a link")[1].to_owned()
}

async fn press(browser: &mut Jar, path: &str) -> Answer {
    let page = browser.get(path).await.expect(200);
    browser.submit(&page, path, &[]).await
}

/// What an answer says besides what every answer has of its own.
fn shape(answer: &Answer) -> (u16, String, Vec<String>) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
    (answer.status.as_u16(), answer.text.clone(), headers.map(|(name, value)| format!("{name}: {value:?}")).collect())
}

on_both! {
    async fn a_delegate_signs_in_by_a_mailed_link_once(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = mailing(server, &mailbox);
        account(&server, "Anna@example.org", Role::Delegate).await;
        let mut browser = Jar::new(&server);
        let asked = ask(&mut browser, " anna@EXAMPLE.org", "/events/x?day=2").await.expect(303);
        assert_eq!(asked.header("location"), "/sign-in/mail");
        assert!(browser.get("/sign-in/mail").await.expect(200).text.contains("Look at your mail"));
        work(&server).await;
        let mail = mailbox.next();
        assert_eq!(mail["recipients"], json!(["Anna@example.org"]));
        assert_eq!(mail["headers"]["from"], "Plenum <no-reply@plenum.example>");
        assert!(mail["headers"]["message-id"].as_str().unwrap().ends_with("@plenum>"), "{mail}");

        let path = path_in(&mail);
        // Programs that look for harm open every link, as often as they like.
        for _ in 0..3 {
            Jar::new(&server).get(&path).await.expect(200);
        }
        let done = press(&mut browser, &path).await.expect(303);
        assert_eq!(done.header("location"), "/events/x?day=2");
        let me = browser.client().get("me").await.expect(200);
        assert_eq!((&me.json["name"], &me.json["role"]), (&json!("Anna"), &json!("delegate")));
        let listed = browser.client().get("me/sign-ins").await.expect(200);
        assert_eq!((&listed.json["items"][0]["method"], &listed.json["items"][0]["agent"]), (&json!("mail_link"), &json!("Firefox on Linux")));

        let again = press(&mut browser, &path).await;
        assert_eq!((again.status.as_u16(), again.text.contains("was used before")), (403, true), "{}", again.text);
    }

    async fn a_mailed_link_works_in_the_browser_that_asked_and_for_twenty_minutes(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = mailing(server, &mailbox);
        account(&server, "anna@example.org", Role::Delegate).await;
        let mut browser = Jar::new(&server);
        ask(&mut browser, "anna@example.org", "/").await.expect(303);
        work(&server).await;
        let path = path_in(&mailbox.next());
        let mut thief = Jar::new(&server);
        let refused = press(&mut thief, &path).await;
        assert_eq!((refused.status.as_u16(), thief.cookie(COOKIE)), (403, ""));
        // Without a cookie of ours there was no page of ours.
        assert_eq!(Jar::new(&server).post(&path, "").await.status, 403);
        server.advance(SignedDuration::from_mins(20));
        assert_eq!(press(&mut browser, &path).await.status, 403);

        ask(&mut browser, "anna@example.org", "/").await.expect(303);
        server.advance(SignedDuration::from_mins(19));
        work(&server).await;
        press(&mut browser, &path_in(&mailbox.next())).await.expect(303);
        // A job that comes too late sends nothing: the next mail is that of the next who asks.
        let mut late = Jar::new(&server);
        ask(&mut late, "anna@example.org", "/").await.expect(303);
        server.advance(SignedDuration::from_mins(20));
        work(&server).await;
        account(&server, "bruno@example.org", Role::Delegate).await;
        ask(&mut late, "bruno@example.org", "/").await.expect(303);
        work(&server).await;
        assert_eq!(mailbox.next()["recipients"], json!(["bruno@example.org"]));
    }

    async fn reading_changes_nothing(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = mailing(server, &mailbox);
        account(&server, "anna@example.org", Role::Delegate).await;
        emergency::create(&Ctx::internal(&server.app, "console"), "root@example.org".into(), "Root".into(), "a".repeat(20)).await.unwrap();
        let mut asking = Jar::new(&server);
        ask(&mut asking, "anna@example.org", "/").await.expect(303);
        work(&server).await;
        let link = path_in(&mailbox.next());
        let mut browser = Jar::new(&server);
        let page = browser.get("/sign-in/emergency").await.expect(200);
        let form = [("email", "root@example.org"), ("password", &*"a".repeat(20))];
        browser.submit(&page, "/sign-in/emergency", &form).await.expect(303);

        let before = server.dump().await;
        assert!(!before.contains(link.split('_').nth(2).unwrap()), "a table holds a link that works");
        for path in ["/", "/sign-in", "/sign-in/mail", "/sign-in/emergency", &link, "/events/x"] {
            for browser in [&mut browser, &mut asking, &mut Jar::new(&server)] {
                browser.get(path).await;
                browser.client().send(Method::HEAD, path, None).await;
            }
        }
        browser.get("/sign-out").await.expect(405);
        // Who looked at the audit log stands in the audit log, and nothing else is written by looking.
        let (document, parameter) = (api_document(), Regex::new(r"\{\w+\}").unwrap());
        for path in document["paths"].as_object().unwrap().iter().filter(|(path, item)| item["get"].is_object() && !path.starts_with("/audit-entries")).map(|(path, _)| path) {
            let path = parameter.replace_all(path, "PL");
            let answer = browser.client().get(&format!("/api/v1{path}")).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text);
        }
        assert!(server.dump().await == before, "reading has changed a table");
        press(&mut asking, &link).await.expect(303);
    }

    async fn a_mailed_link_leads_to_this_server_whatever_host_the_request_named(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = mailing(server, &mailbox);
        account(&server, "anna@example.org", Role::Delegate).await;
        for name in ["Host", "X-Forwarded-Host", "Forwarded"] {
            let mut browser = Jar::new(&server).with_header(name, if name == "Forwarded" { "host=evil.example" } else { "evil.example" });
            ask(&mut browser, "anna@example.org", "https://evil.example/").await.expect(303);
            work(&server).await;
            let mail = mailbox.next();
            assert!(!mail.to_string().contains("evil"), "{mail}");
            assert_eq!(press(&mut browser, &path_in(&mail)).await.expect(303).header("location"), "/");
        }
    }

    async fn what_is_no_address_is_refused_before_anything_is_sent(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = mailing(server, &mailbox);
        account(&server, "anna@example.org", Role::Delegate).await;
        let mut browser = Jar::new(&server);
        for address in ["", "anna", "anna@", "anna@example.org\r\nRCPT TO:<x@evil.example>", "anna@example.org, x@evil.example", "a b@example.org", "<anna@example.org>", "anna@example.org\0"] {
            let refused = ask(&mut browser, address, "/").await.expect_page(422);
            assert!(refused.text.contains("anna@example.org"), "{address:?}: {}", refused.text);
        }
        ask(&mut browser, "anna@example.org", "/").await.expect(303);
        work(&server).await;
        assert_eq!(mailbox.next()["recipients"], json!(["anna@example.org"]));
    }

    async fn whether_an_address_is_known_shows_nowhere(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let server = mailing(server, &mailbox);
        account(&server, "known@example.org", Role::Delegate).await;
        account(&server, "staff@example.org", Role::Secretariat).await;
        let mut browser = Jar::new(&server);
        let page = browser.get("/sign-in").await.expect(200);
        let mut seen = vec![];
        for address in ["nobody@example.org", "staff@example.org", "known@example.org"] {
            server.statements();
            let answer = browser.submit(&page, "/sign-in/mail", &[("email", address)]).await;
            seen.push((shape(&answer), server.statements()));
        }
        assert!(seen.iter().all(|one| *one == seen[0]), "{seen:?}");
        work(&server).await;
        assert_eq!(mailbox.next()["recipients"], json!(["known@example.org"]));
        // Staff are to go by their provider, unless the operator says otherwise.
        let server = server.configured(|config| config.mail_sign_in_staff = true);
        ask(&mut Jar::new(&server), "staff@example.org", "/").await.expect(303);
        work(&server).await;
        assert_eq!(mailbox.next()["recipients"], json!(["staff@example.org"]));
    }

    async fn an_address_gets_five_mails_an_hour_known_or_not(server) {
        let Some(mailbox) = Mailbox::open() else { return };
        let server = mailing(server, &mailbox);
        account(&server, "known@example.org", Role::Delegate).await;
        for address in ["known@example.org", "nobody@example.org"] {
            for _ in 0..5 {
                ask(&mut Jar::new(&server), address, "/").await.expect(303);
            }
            let refused = ask(&mut Jar::new(&server), &address.to_uppercase(), "/").await;
            assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "3600"));
        }
        server.advance(SignedDuration::from_mins(60));
        ask(&mut Jar::new(&server), "known@example.org", "/").await.expect(303);
    }

    async fn without_a_mail_server_the_page_says_that_mail_is_off(server) {
        let mut browser = Jar::new(&server);
        let page = browser.get("/sign-in").await.expect(200);
        assert!(page.text.contains("Signing in by mail is off"), "{}", page.text);
        assert!(!page.text.contains("/sign-in/emergency"));
        let token = page.text.contains("csrf_token");
        assert!(!token && !browser.cookie("__Host-plenum-browser").is_empty());
        browser.get("/sign-in/emergency").await.expect_page(404);
    }

    async fn the_emergency_account_signs_in_by_password_and_every_use_is_audited(server) {
        let console = Ctx::internal(&server.app, "console");
        let (address, password) = ("root@example.org", "correct horse battery staple");
        assert!(emergency::create(&console, address.into(), "Root".into(), "too short".into()).await.is_err());
        let made = emergency::create(&console, address.into(), "Root".into(), password.into()).await.unwrap();
        let mut browser = Jar::new(&server);
        assert!(browser.get("/sign-in").await.expect(200).text.contains("/sign-in/emergency"));
        let page = browser.get("/sign-in/emergency").await.expect(200);
        let wrong = browser.submit(&page, "/sign-in/emergency", &[("email", address), ("password", "wrong horse battery staple")]).await.expect_page(403);
        let unknown = browser.submit(&page, "/sign-in/emergency", &[("email", "nobody@example.org"), ("password", password)]).await.expect_page(403);
        assert_eq!(shape(&wrong), shape(&unknown));
        browser.submit(&page, "/sign-in/emergency", &[("email", address), ("password", password)]).await.expect(303);
        assert_eq!(browser.client().get("me").await.expect(200).json["role"], "admin");

        let audit = server.admin().await.get(&format!("audit-entries?object_id={}", made.id)).await.expect(200);
        let actions: Vec<_> = audit.json["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["account.created", "account.password_set", "account.sign_in_refused", "account.signed_in"]);
        // Another password ends what was signed in with the old one.
        emergency::set_password(&console, address, "another horse battery staple".into()).await.unwrap();
        browser.client().get("me").await.expect(401);
        let disabled = json!({"state": "disabled"});
        server.admin().await.header("If-Match", "*").patch(&format!("accounts/{}", made.id), disabled).await.expect(200);
        Jar::new(&server).get("/sign-in/emergency").await.expect_page(404);
    }

    async fn only_the_host_sets_passwords_and_only_for_administrators(server) {
        let console = Ctx::internal(&server.app, "console");
        account(&server, "desk@example.org", Role::Secretariat).await;
        assert!(emergency::set_password(&console, "desk@example.org", "a".repeat(20)).await.is_err());
        let mut remote = console.clone();
        remote.actor = domain::access::Actor::anonymous();
        assert!(emergency::create(&remote, "x@example.org".into(), "X".into(), "a".repeat(20)).await.is_err());
    }

    async fn passwords_are_not_guessed_quickly(server) {
        let console = Ctx::internal(&server.app, "console");
        emergency::create(&console, "root@example.org".into(), "Root".into(), "a".repeat(20)).await.unwrap();
        let mut browser = Jar::new(&server);
        let page = browser.get("/sign-in/emergency").await.expect(200);
        let guess = [("email", "root@example.org"), ("password", "b")];
        for _ in 0..30 {
            browser.submit(&page, "/sign-in/emergency", &guess).await.expect_page(403);
        }
        let right = [("email", "ROOT@example.org"), ("password", &*"a".repeat(20))];
        let refused = browser.submit(&page, "/sign-in/emergency", &right).await.expect_page(429);
        assert_eq!(refused.header("retry-after"), "900");
        server.advance(SignedDuration::from_mins(15));
        browser.submit(&page, "/sign-in/emergency", &right).await.expect(303);
    }

    async fn a_link_of_the_demonstration_opens_the_pages_signed_in(server) {
        let id = account(&server, "demo@localhost", Role::Secretariat).await;
        let console = Ctx::internal(&server.app, "console");
        let old = links::make_demo(&console, id).await.unwrap();
        let link = links::make_demo(&console, id).await.unwrap();
        let path = |link: &str| link[link.find("/sign-in").unwrap()..].to_owned();
        Jar::new(&server).get(&path(&link)).await.expect_page(404);
        let server = server.configured(|config| config.demo = Some(Scenarios(vec![])));
        for _ in 0..2 {
            let mut browser = Jar::new(&server);
            assert_eq!(press(&mut browser, &path(&link)).await.expect(303).header("location"), "/");
            let page = browser.get("/").await.expect(200);
            assert!(page.text.contains("Anna") && page.text.contains("(secretariat)"), "{}", page.text);
            assert_eq!(page.header("cache-control"), "no-store");
            let out = browser.submit(&page, "/sign-out", &[]).await.expect(303);
            assert_eq!((out.header("location"), browser.cookie(COOKIE)), ("/", ""));
            assert!(browser.get("/").await.expect(200).text.contains("href=\"/sign-in\""));
        }
        assert_eq!(press(&mut Jar::new(&server), &path(&old)).await.status, 403);
        let open = server.configured(|config| config.listen = "0.0.0.0:8080".parse().unwrap());
        Jar::new(&open).get(&path(&link)).await.expect_page(404);
    }

    async fn a_cookie_planted_before_signing_in_is_worth_nothing_after(server) {
        let id = account(&server, "demo@localhost", Role::Secretariat).await;
        let path = links::make_demo(&Ctx::internal(&server.app, "console"), id).await.unwrap();
        let path = path[path.find("/sign-in").unwrap()..].to_owned();
        let server = server.configured(|config| config.demo = Some(Scenarios(vec![])));
        let mut attacker = Jar::new(&server);
        press(&mut attacker, &path).await.expect(303);
        let planted = attacker.cookie(COOKIE).to_owned();
        let mut victim = Jar::new(&server);
        victim.plant(COOKIE, &planted);
        press(&mut victim, &path).await.expect(303);
        assert_ne!(victim.cookie(COOKIE), planted);
        attacker.client().get("me").await.expect(401);
        victim.client().get("me").await.expect(200);
    }

    async fn a_form_of_another_site_signs_nobody_in_or_out(server) {
        let id = account(&server, "demo@localhost", Role::Secretariat).await;
        let path = links::make_demo(&Ctx::internal(&server.app, "console"), id).await.unwrap();
        let path = path[path.find("/sign-in").unwrap()..].to_owned();
        let server = server.configured(|config| config.demo = Some(Scenarios(vec![])));
        // The victim has been here before, and has the cookie of its browser; the other site does not know the token.
        let mut victim = Jar::new(&server);
        victim.get("/sign-in").await.expect(200);
        for body in ["", "csrf_token=", "csrf_token=guess"] {
            assert_eq!(victim.post(&path, body).await.json["type"], "/problems/csrf-token-missing", "{body}");
        }
        assert_eq!(Jar::new(&server).post(&path, "").await.status, 403);
        assert_eq!(victim.cookie(COOKIE), "");
        press(&mut victim, &path).await.expect(303);
        assert_eq!(victim.post("/sign-out", "").await.status, 403);
        // A browser sends such a form without the cookie; the answer must not take the cookie away either.
        let out = server.anonymous().send_text(Method::POST, "/sign-out", "text/plain", "").await.expect(303);
        assert_eq!(out.header("set-cookie"), "");
        victim.client().get("me").await.expect(200);
    }

    async fn a_sign_in_that_is_over_is_told_on_the_page_and_the_next_page_is_public(server) {
        let mut browser = Jar::new(&server);
        browser.plant(COOKIE, "wgs_over");
        let told = browser.get("/").await.expect_page(401);
        assert!(told.text.contains("Sign in again"), "{}", told.text);
        browser.get("/").await.expect(200);
        browser.plant(COOKIE, "wgs_over");
        browser.get("/sign-in").await.expect(200);
    }
}
