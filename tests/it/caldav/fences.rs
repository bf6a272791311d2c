//! Who gets in with what, and that nobody writes.

use domain::access::{Account, Role, Token, TokenKind};
use jiff::SignedDuration;
use poem::http::Method;
use serde_json::{Value, json};

use super::world::{NAMESPACES, ask, program, propfind, somebody, staff};
use crate::{feeds::world::programme, on_both, support::Answer};

fn plain(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status.as_u16(), headers.collect(), answer.text.clone())
}

on_both! {
    async fn only_a_user_with_an_app_password_of_theirs_gets_in(server) {
        programme(&server.admin().await).await;
        let (desk, other) = (staff(&server).await, somebody(&server, Account::of(Role::Admin, "a@mail.example", "A")).await);
        for user in ["desk@mail.example", "DESK@mail.example", &desk.account] {
            assert_eq!(propfind(&program(&server, user, &desk.password), "0", "/dav/", "<D:owner/>").await.status, 207, "{user}");
        }
        let (feed, _) = crate::feeds::subscribe(&desk.browser, json!({})).await;
        let feed = feed.trim_start_matches("/ical/").trim_end_matches(".ics").to_owned();
        let unknown = Token::generate(TokenKind::App, &[7; domain::access::TOKEN_BYTES]).reveal();
        let refused = [
            program(&server, "desk@mail.example", &unknown),
            program(&server, "nobody@mail.example", &unknown),
            program(&server, "nobody@mail.example", &desk.password),
            program(&server, "desk@mail.example", &other.password),
            program(&server, "a@mail.example", &desk.password),
            program(&server, "desk@mail.example", &feed),
            program(&server, "desk@mail.example", "letmein"),
            program(&server, "", ""),
            server.anonymous().header("Authorization", &format!("Bearer {}", desk.password)).header("User-Agent", "Calendar/1.0"),
            server.anonymous().header("Authorization", "Basic %%%").header("User-Agent", "Calendar/1.0"),
            server.anonymous().header("User-Agent", "Calendar/1.0"),
        ];
        let first = propfind(&refused[0], "0", "/dav/", "<D:owner/>").await;
        assert_eq!((first.status.as_u16(), first.text.as_str()), (401, ""));
        assert_eq!(first.header("www-authenticate"), "Basic realm=\"Calendars: an e-mail address and an app password\", charset=\"UTF-8\"");
        for client in &refused {
            assert_eq!(plain(&propfind(client, "0", "/dav/", "<D:owner/>").await), plain(&first));
        }
        // Of another's calendars there is nothing.
        assert_eq!(propfind(&desk.program, "1", &other.home(), "<D:owner/>").await.status, 404);
        assert_eq!(propfind(&desk.program, "0", &format!("/dav/p/{}/", other.account), "<D:owner/>").await.status, 404);
        let theirs = other.subscribes(json!({})).await.replace(&other.account, &desk.account);
        assert_eq!(propfind(&desk.program, "0", &theirs, "<D:owner/>").await.status, 404);
    }

    async fn guessing_takes_the_same_lookup_whether_or_not_there_is_such_a_user(server) {
        let desk = staff(&server).await;
        let unknown = Token::generate(TokenKind::App, &[7; domain::access::TOKEN_BYTES]).reveal();
        let mut costs = vec![];
        for (user, password) in [("desk@mail.example", &unknown), ("nobody@mail.example", &unknown)] {
            server.statements();
            propfind(&program(&server, user, password), "0", "/dav/", "<D:owner/>").await;
            costs.push(server.statements());
        }
        assert_eq!(costs, [1, 1]);
        let end = desk.password.len() - 1;
        let mistyped = format!("{}{}", &desk.password[..end], if desk.password.ends_with('A') { 'B' } else { 'A' });
        server.statements();
        assert_eq!(propfind(&program(&server, "desk@mail.example", &mistyped), "0", "/dav/", "").await.status, 401);
        assert_eq!(server.statements(), 0, "what is mistyped asks nobody");
    }

    async fn an_app_password_opens_calendars_and_nothing_else_and_is_shown_once(server) {
        programme(&server.admin().await).await;
        let desk = staff(&server).await;
        for (header, value) in [("Authorization", format!("Bearer {}", desk.password)), ("Cookie", format!("__Host-plenum={}", desk.password))] {
            assert_eq!(server.anonymous().header(header, &value).get("me").await.status, 401);
        }
        assert_eq!(desk.program.get("events").await.status, 401);
        assert_eq!(server.anonymous().get(&format!("/ical/{}.ics", desk.password)).await.status, 404);
        let listed = desk.browser.get("me/app-passwords").await.expect(200);
        assert!(!listed.text.contains(&desk.password) && listed.json["items"][0]["password"] == Value::Null);
        assert_eq!(listed.json["items"][0]["last_used_at"], Value::Null);
        propfind(&desk.program, "0", "/dav/", "<D:owner/>").await;
        let path = format!("me/app-passwords/{}", desk.password_id);
        let used = desk.browser.get(&path).await.expect(200).json;
        assert_eq!((&used["name"], &used["last_agent"], &used["last_used_at"]), (&json!("Telephone"), &json!("Calendar/1.0"), &json!("2026-03-02T08:00:00Z")));
        assert!(desk.password.starts_with(used["prefix"].as_str().unwrap()));
        let dumped = server.dump().await;
        let secret = desk.password.split('_').nth(2).unwrap();
        assert!(!dumped.contains(secret), "only a hash is kept");
    }

    async fn an_app_password_ends_with_a_word_and_with_its_account(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let status = async |somebody: &super::world::Somebody| propfind(&somebody.program, "0", "/dav/", "<D:owner/>").await.status.as_u16();
        let desk = staff(&server).await;
        desk.browser.delete(&format!("me/app-passwords/{}", desk.password_id)).await.expect(204);
        assert_eq!((status(&desk).await, desk.browser.delete(&format!("me/app-passwords/{}", desk.password_id)).await.status.as_u16()), (401, 404));
        for (email, change) in [("b@mail.example", json!({"state": "disabled"})), ("c@mail.example", json!({"email": "d@mail.example"}))] {
            let somebody = somebody(&server, Account::of(Role::Secretariat, email, "B")).await;
            assert_eq!(status(&somebody).await, 207);
            admin.header("If-Match", "*").patch(&format!("accounts/{}", somebody.account), change).await.expect(200);
            let by_id = program(&server, &somebody.account, &somebody.password);
            assert_eq!(propfind(&by_id, "0", "/dav/", "<D:owner/>").await.status, 401, "{email}");
        }
        let gone = somebody(&server, Account::of(Role::Secretariat, "e@mail.example", "E")).await;
        admin.header("If-Match", "*").delete(&format!("accounts/{}", gone.account)).await.expect(204);
        assert_eq!(status(&gone).await, 401);
    }

    async fn an_app_password_is_made_by_somebody_who_has_just_signed_in_and_there_are_twenty_at_most(server) {
        let desk = staff(&server).await;
        assert_eq!(server.admin().await.post("me/app-passwords", json!({"name": "X"})).await.status, 403);
        assert_eq!(desk.browser.post("me/app-passwords", json!({"name": " "})).await.expect(422).codes(), ["blank"]);
        for _ in 1..20 {
            desk.browser.post("me/app-passwords", json!({"name": "More"})).await.expect(201);
        }
        assert_eq!(desk.browser.post("me/app-passwords", json!({"name": "One too many"})).await.status, 409);
        server.advance(SignedDuration::from_mins(11));
        assert_eq!(desk.browser.post("me/app-passwords", json!({"name": "Later"})).await.status, 403);
        desk.browser.delete(&format!("me/app-passwords/{}", desk.password_id)).await.expect(204);
    }

    async fn every_write_is_refused_and_changes_nothing(server) {
        programme(&server.admin().await).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({})).await;
        propfind(&desk.program, "1", &calendar, "<D:getetag/>").await;
        let before = server.dump().await;
        let event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        for method in ["PUT", "DELETE", "PATCH", "POST", "PROPPATCH", "MKCALENDAR", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "ACL"] {
            for path in [calendar.clone(), format!("{calendar}new.ics"), desk.home(), "/dav/".to_owned()] {
                let refused = ask(&desk.program, method, "0", &path, event).await;
                assert_eq!((refused.status.as_u16(), refused.header("content-type")), (403, "application/xml; charset=utf-8"), "{method} {path}");
                let expected = format!("<D:need-privileges><D:resource><D:href>{path}</D:href><D:privilege><D:write/></D:privilege></D:resource></D:need-privileges>");
                assert!(refused.text.contains(&expected), "{method} {path}: {}", refused.text);
            }
            assert_eq!(ask(&server.anonymous(), method, "0", &calendar, event).await.status, 401, "{method}");
        }
        assert_eq!(server.dump().await, before);
        for (method, path) in [("GET", &calendar), ("SEARCH", &calendar), ("GET", &desk.home())] {
            let refused = ask(&desk.program, method, "0", path, "").await;
            assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, "OPTIONS, PROPFIND, REPORT"), "{method} {path}");
        }
    }

    async fn what_cannot_be_answered_is_refused_in_the_words_of_the_standard(server) {
        programme(&server.admin().await).await;
        let desk = staff(&server).await;
        let calendar = desk.subscribes(json!({})).await;
        let everything = ask(&desk.program, "PROPFIND", "infinity", "/dav/", "").await;
        assert_eq!((everything.status.as_u16(), everything.text.contains("<D:propfind-finite-depth/>")), (403, true));
        let unsaid = desk.program.send_text(Method::from_bytes(b"PROPFIND").unwrap(), "/dav/", "application/xml", "").await;
        assert_eq!(unsaid.status, 403, "without a word infinity is meant");
        let search = format!("<D:principal-property-search {NAMESPACES}/>");
        for (path, body) in [(&calendar, &search), (&desk.home(), &format!("<D:sync-collection {NAMESPACES}/>"))] {
            let refused = ask(&desk.program, "REPORT", "0", path, body).await;
            assert_eq!((refused.status.as_u16(), refused.text.contains("<D:supported-report/>")), (403, true), "{path}");
        }
        let entity = "<!DOCTYPE x [<!ENTITY e \"e\">]><D:propfind xmlns:D=\"DAV:\"><D:prop><D:owner/></D:prop></D:propfind>";
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        let wide = format!("<a>{}</a>", "<b/>".repeat(20_001));
        for body in [entity, &deep, &wide, "<a>&lol;</a>", "<a", "<a><b></a></b>", "<a/><a/>", "<x:a/>", "<a b=\"&lol;\"/>", "\u{1}", "<html/>"] {
            for method in ["PROPFIND", "REPORT"] {
                let refused = ask(&desk.program, method, "0", &calendar, body).await;
                let expected = if body == "<html/>" && method == "REPORT" { 403 } else { 400 };
                assert_eq!(refused.status, expected, "{method} {}", body.chars().take(60).collect::<String>());
            }
        }
        let large = " ".repeat(1024 * 1024 + 1);
        assert_eq!(ask(&desk.program, "PROPFIND", "0", &calendar, &large).await.status, 413);
    }
}
