//! Feeds: what is made through the API, and what calendar programs get below `/ical/`.

pub(crate) mod readers;
mod world;

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    on_both,
    support::{Answer, Client, Server},
};
use readers::{Seen, read};
use world::{Sitting, change_session, make_delegation, make_group, move_session, place_session, remove_delegation};

const SEOUL: &str = "/ical/events/seoul-2019.ics";

fn seoul() -> Value {
    json!({
        "code": "seoul-2019", "kind": "group_meeting", "title": {"en": "Meeting on cybersecurity", "pl": "Spotkanie"},
        "description": {"en": "Practice, policy"}, "city": {"name": {"en": "Seoul"}}, "time_zone": "Asia/Seoul",
        "starts_on": "2019-10-07", "ends_on": "2019-10-08", "languages": ["en", "pl"], "visibility": "public",
    })
}

fn opening(event: Uuid) -> Sitting {
    let (from, to) = ("2019-10-07T00:00:00Z", "2019-10-07T01:30:00Z");
    Sitting { event, group: None, title: "Opening", from, to, visibility: "public" }
}

/// A public event with a public opening, a closed meeting of heads and a session for participants.
async fn event_with_sessions(server: &Server, admin: &Client) -> (Uuid, Uuid) {
    let event = admin.post("events", seoul()).await.expect(201).id().parse().unwrap();
    let first = place_session(server, &opening(event)).await;
    let (from, to) = ("2019-10-07T02:00:00Z", "2019-10-07T03:00:00Z");
    let heads = Sitting { title: "Heads only, secretly", from, to, visibility: "secretariat", ..opening(event) };
    place_session(server, &heads).await;
    let (from, to) = ("2019-10-07T04:00:00Z", "2019-10-07T05:00:00Z");
    place_session(server, &Sitting { title: "Drafting", from, to, visibility: "participants", ..opening(event) }).await;
    (event, first)
}

fn titles(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|entry| entry.summary.as_str()).collect()
}

/// Makes a feed with a token; gives its path.
async fn subscribe(client: &Client, more: Value) -> (String, String) {
    let mut body = json!({"kind": "event", "object_id": "seoul-2019", "name": "Mine", "access": "token"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = client.post("feeds", body).await.expect(201);
    (path_of(&made.json), made.id())
}

fn path_of(feed: &Value) -> String {
    let url = feed["url"].as_str().expect("a feed with an address");
    let path = url.strip_prefix("http://127.0.0.1:8080").expect("the public address of the server");
    assert!(path.starts_with("/ical/") && path.ends_with(".ics"), "{path}");
    path.to_owned()
}

async fn organisation(admin: &Client, code: &str) -> String {
    let body = json!({"code": code, "kind": "ngo", "names": {"en": {"list": code}}});
    admin.post("organisations", body).await.expect(201).id()
}

on_both! {
    async fn a_public_event_has_its_feed_by_itself_with_public_sessions_only(server) {
        event_with_sessions(&server, &server.admin().await).await;
        let feed = server.anonymous().get(SEOUL).await;
        assert_eq!(feed.status, 200);
        assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(feed.header("content-disposition"), "inline; filename=\"seoul-2019.ics\"");
        assert_eq!(feed.header("cache-control"), "public, max-age=300, stale-while-revalidate=3600");
        assert_eq!(feed.header("access-control-allow-origin"), "*");
        assert!(feed.header("etag").starts_with('"'), "a strong tag");
        let seen = read(&feed.text);
        assert_eq!(titles(&seen), ["Opening"]);
        assert_eq!((seen[0].start.as_str(), seen[0].end.as_str()), ("2019-10-07T00:00:00Z", "2019-10-07T01:30:00Z"));
        for line in ["NAME:Meeting on cybersecurity", "X-WR-CALNAME:Meeting on cybersecurity", "X-WR-TIMEZONE:Asia/Seoul", "X-WR-CALDESC:Practice\\, policy", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"] {
            assert!(feed.text.contains(&format!("\r\n{line}\r\n")), "{line}");
        }
        for word in ["METHOD", "ORGANIZER", "ATTENDEE", "mailto:"] {
            assert!(!feed.text.contains(word), "{word}");
        }
    }

    async fn what_has_not_changed_is_the_same_to_the_byte_and_not_sent_again(server) {
        let admin = server.admin().await;
        let (event, _) = event_with_sessions(&server, &admin).await;
        server.advance(SignedDuration::from_mins(1));
        let reader = server.anonymous();
        let first = reader.get(SEOUL).await;
        server.advance(SignedDuration::from_hours(100));
        organisation(&admin, "OTHER").await;
        let again = reader.get(&format!("/ical/events/{event}.ics")).await;
        assert_eq!((&again.text, again.header("etag")), (&first.text, first.header("etag")));
        assert_eq!(first.header("last-modified"), "Mon, 02 Mar 2026 08:00:00 GMT");

        let (tag, date) = (first.header("etag"), first.header("last-modified"));
        for (name, value) in [("If-None-Match", tag), ("If-None-Match", "W/\"x\", *"), ("If-Modified-Since", date)] {
            let value = if value.ends_with('*') { format!("W/\"x\", {tag}") } else { value.to_owned() };
            let known = reader.header(name, &value).get(SEOUL).await;
            assert_eq!((known.status.as_u16(), known.text.as_str(), known.header("etag")), (304, "", tag), "{name}: {value}");
            assert_eq!(known.header("cache-control"), first.header("cache-control"));
        }
        let other = reader.header("If-None-Match", "\"other\"").header("If-Modified-Since", date).get(SEOUL).await;
        assert_eq!(other.status, 200, "If-None-Match wins");
        let older = reader.header("If-Modified-Since", "Mon, 02 Mar 2026 07:59:59 GMT").get(SEOUL).await;
        assert_eq!(older.status, 200);
    }

    async fn a_moved_session_is_the_same_entry_at_another_time(server) {
        let (_, session) = event_with_sessions(&server, &server.admin().await).await;
        server.advance(SignedDuration::from_mins(1));
        let before = server.anonymous().get(SEOUL).await;
        move_session(&server, session, "2019-10-08T00:00:00Z", "2019-10-08T01:00:00Z").await;
        server.advance(SignedDuration::from_mins(1));
        let known = server.anonymous().header("If-None-Match", before.header("etag"));
        let after = known.header("If-Modified-Since", before.header("last-modified")).get(SEOUL).await;
        assert_eq!(after.status, 200);
        assert_ne!(after.header("etag"), before.header("etag"));
        assert_ne!(after.header("last-modified"), before.header("last-modified"));
        let (was, is) = (&read(&before.text)[0], &read(&after.text)[0]);
        assert_eq!((&is.uid, is.sequence, is.start.as_str()), (&was.uid, was.sequence + 1, "2019-10-08T00:00:00Z"));
    }

    async fn a_change_in_the_second_of_a_fetch_is_not_missed(server) {
        let (_, session) = event_with_sessions(&server, &server.admin().await).await;
        let before = server.anonymous().get(SEOUL).await;
        server.advance(SignedDuration::from_millis(300));
        move_session(&server, session, "2019-10-08T00:00:00Z", "2019-10-08T01:00:00Z").await;
        server.advance(SignedDuration::from_secs(60));
        let reader = server.anonymous().header("If-Modified-Since", before.header("last-modified"));
        assert_eq!(reader.get(SEOUL).await.status, 200);
    }

    async fn a_cancelled_session_stays_and_says_so_and_a_deleted_one_goes(server) {
        let (_, session) = event_with_sessions(&server, &server.admin().await).await;
        change_session(&server, session, |row| row.state = "cancelled".into()).await;
        let seen = read(&server.anonymous().get(SEOUL).await.text);
        assert_eq!((seen[0].summary.as_str(), seen[0].status.as_str()), ("Cancelled: Opening", "CANCELLED"));
        change_session(&server, session, |row| row.state = "draft".into()).await;
        assert!(read(&server.anonymous().get(SEOUL).await.text).is_empty());
        change_session(&server, session, |row| row.state = "held".into()).await;
        change_session(&server, session, |row| row.deleted_at = Some(row.changed_at)).await;
        assert!(read(&server.anonymous().get(SEOUL).await.text).is_empty());
    }

    async fn a_feed_with_a_token_shows_what_its_owner_may_see(server) {
        let admin = server.admin().await;
        let (event, _) = event_with_sessions(&server, &admin).await;
        let poland = organisation(&admin, "POLAND").await;
        let delegate = server.delegate_of(&poland).await;
        let (staffs, _) = subscribe(&server.role(Role::Secretariat).await, json!({})).await;
        let (delegates, _) = subscribe(&delegate, json!({})).await;
        let reader = server.anonymous();
        assert_eq!(titles(&read(&reader.get(&staffs).await.text)), ["Opening", "Heads only, secretly", "Drafting"]);
        assert_eq!(titles(&read(&reader.get(&delegates).await.text)), ["Opening"]);

        let delegation = make_delegation(&server, event, poland.parse().unwrap()).await;
        server.advance(SignedDuration::from_mins(1));
        let inside = reader.get(&delegates).await;
        assert_eq!(titles(&read(&inside.text)), ["Opening", "Drafting"]);
        assert_eq!(inside.header("cache-control"), "private, no-cache");
        assert_eq!((inside.header("referrer-policy"), inside.header("x-robots-tag")), ("no-referrer", "noindex"));
        assert_eq!(inside.header("access-control-allow-origin"), "");

        remove_delegation(&server, delegation).await;
        server.advance(SignedDuration::from_mins(1));
        let known = reader.header("If-None-Match", inside.header("etag")).get(&delegates).await;
        assert_eq!((known.status.as_u16(), titles(&read(&known.text))), (200, vec!["Opening"]));
        let known = reader.header("If-Modified-Since", inside.header("last-modified")).get(&delegates).await;
        assert_eq!((known.status.as_u16(), titles(&read(&known.text))), (200, vec!["Opening"]));
    }

    async fn an_event_that_is_hidden_leaves_an_empty_calendar(server) {
        let admin = server.admin().await;
        event_with_sessions(&server, &admin).await;
        let delegate = server.delegate_of(&organisation(&admin, "POLAND").await).await;
        let (path, _) = subscribe(&delegate, json!({"name": "Seoul"})).await;
        let before = server.anonymous().get(&path).await;
        let event = admin.get("events/seoul-2019").await.expect(200);
        let hidden = json!({"visibility": "secretariat", "title": {"en": "Renamed in secret"}});
        admin.if_match(&event).patch("events/seoul-2019", hidden).await.expect(200);
        let after = server.anonymous().header("If-None-Match", before.header("etag")).get(&path).await;
        assert_eq!((after.status.as_u16(), read(&after.text).len()), (200, 0));
        assert!(!after.text.contains("secret") && after.text.contains("X-WR-CALNAME:Seoul"));
        assert_eq!(server.anonymous().get(SEOUL).await.status, 404);
    }

    async fn less_detail_tells_less(server) {
        let staff = server.role(Role::Secretariat).await;
        event_with_sessions(&server, &server.admin().await).await;
        let (busy, _) = subscribe(&staff, json!({"detail": "busy_only"})).await;
        let busy = server.anonymous().get(&busy).await;
        for word in ["Opening", "secretly", "Drafting", "papers", "Crystal", "cyber"] {
            assert!(!busy.text.contains(word), "{word}");
        }
        assert_eq!(titles(&read(&busy.text)), ["Busy", "Busy", "Busy"]);
        let (short, _) = subscribe(&staff, json!({"detail": "title_only", "language": "pl"})).await;
        let short = server.anonymous().get(&short).await;
        assert_eq!(titles(&read(&short.text))[0], "Opening po polsku");
        assert!(!short.text.contains("papers") && !short.text.contains("Crystal"));
        let full = read(&server.anonymous().get(&subscribe(&staff, json!({})).await.0).await.text);
        let uids = |seen: &[Seen]| seen.iter().map(|entry| (entry.uid.clone(), entry.start.clone())).collect::<Vec<_>>();
        assert_eq!((uids(&read(&busy.text)), uids(&read(&short.text))), (uids(&full), uids(&full)));
    }

    async fn what_is_revoked_never_existed(server) {
        let admin = server.admin().await;
        event_with_sessions(&server, &admin).await;
        let (revoked, id) = subscribe(&admin, json!({})).await;
        let (rotated, other) = subscribe(&admin, json!({})).await;
        let read_before = server.anonymous().get(&revoked).await;
        let feed = admin.get(&format!("feeds/{id}")).await.expect(200);
        admin.if_match(&feed).delete(&format!("feeds/{id}")).await.expect(204);
        let fresh = path_of(&admin.post(&format!("feeds/{other}/rotate"), json!({})).await.expect(200).json);
        assert_eq!(server.anonymous().get(&fresh).await.status, 200);

        admin.post("events", json!({"code": "hidden", "kind": "visit", "title": {"en": "X"}, "city": {"name": {"en": "X"}}, "time_zone": "UTC", "starts_on": "2026-01-01", "ends_on": "2026-01-01", "languages": ["en"]})).await.expect(201);
        let unknown = "/ical/wgf_000000000000_0000000000000000000000000000000000000000000_000000.ics";
        let mistyped = format!("{}A.ics", &fresh[..fresh.len() - 5]);
        let key_for_feed = fresh.replace("wgf_", "wgk_live_");
        let first = server.anonymous().get(unknown).await;
        assert_eq!((first.status.as_u16(), first.text.as_str(), first.header("content-type")), (404, "", ""));
        for path in [&*revoked, &*rotated, &*mistyped, &*key_for_feed, "/ical/events/hidden.ics", "/ical/events/seoul-2019", "/ical/groups/seoul-2019.ics", "/ical/groups/x/all.ics", "/ical/x"] {
            let answer = server.anonymous().header("If-None-Match", read_before.header("etag")).get(path).await;
            let plain = |answer: &Answer| {
                let mut headers = answer.headers.clone();
                headers.remove("x-request-id");
                (answer.status, headers, answer.text.clone())
            };
            assert_eq!(plain(&answer), plain(&first), "{path}");
        }
        admin.get(&format!("feeds/{id}")).await.expect(410);
    }

    async fn a_feed_ends_with_the_key_that_made_it(server) {
        event_with_sessions(&server, &server.admin().await).await;
        let (path, _) = subscribe(&server.role(Role::Secretariat).await, json!({})).await;
        assert_eq!(server.anonymous().get(&path).await.status, 200);
        server.advance(SignedDuration::from_hours(24 * 91));
        assert_eq!(server.anonymous().get(&path).await.status, 404, "keys of tests last 90 days");
    }

    async fn head_says_what_get_says(server) {
        event_with_sessions(&server, &server.admin().await).await;
        let get = server.anonymous().get(SEOUL).await;
        let head = server.anonymous().send(poem::http::Method::HEAD, SEOUL, None).await;
        let named = |answer: &Answer| {
            ["etag", "last-modified", "content-type", "content-disposition", "cache-control", "vary"].map(|name| answer.header(name).to_owned())
        };
        assert_eq!((head.status, named(&head), head.text.as_str()), (get.status, named(&get), ""));
    }

    async fn a_group_shows_its_near_past_and_future_and_all_on_request(server) {
        let admin = server.admin().await;
        let group = make_group(&server, "warsaw-cyber").await;
        let mut body = seoul();
        body["group_id"] = json!("warsaw-cyber");
        let event: Uuid = admin.post("events", body).await.expect(201).id().parse().unwrap();
        place_session(&server, &opening(event)).await;
        for (title, from, to) in [
            // Now is 2 March 2026: the window is 2 December 2025 to 2 September 2027.
            ("Just past", "2025-12-01T22:00:00Z", "2025-12-02T00:00:00Z"),
            ("Just still", "2025-12-01T23:00:00Z", "2025-12-02T00:00:01Z"),
            ("Just soon", "2027-09-01T23:59:59Z", "2027-09-02T01:00:00Z"),
            ("Too far", "2027-09-02T00:00:00Z", "2027-09-02T01:00:00Z"),
        ] {
            place_session(&server, &Sitting { title, from, to, group: Some(group), ..opening(event) }).await;
        }
        let reader = server.anonymous();
        let near = reader.get("/ical/groups/warsaw-cyber.ics").await;
        assert_eq!(titles(&read(&near.text)), ["Just still", "Just soon"]);
        let all = reader.get("/ical/groups/warsaw-cyber/all.ics").await;
        assert_eq!(titles(&read(&all.text)), ["Opening", "Just past", "Just still", "Just soon", "Too far"]);
        server.advance(SignedDuration::from_hours(16));
        let next_day = reader.header("If-None-Match", near.header("etag")).get("/ical/groups/warsaw-cyber.ics").await;
        assert_eq!((next_day.status.as_u16(), titles(&read(&next_day.text))), (200, vec!["Just soon", "Too far"]));
        let known = reader.header("If-None-Match", all.header("etag")).get("/ical/groups/warsaw-cyber/all.ics").await;
        assert_eq!(known.status, 304);
    }

    async fn a_fetch_costs_three_statements_and_a_known_feed_two(server) {
        let admin = server.admin().await;
        event_with_sessions(&server, &admin).await;
        let delegate = server.delegate_of(&organisation(&admin, "POLAND").await).await;
        let (token, _) = subscribe(&delegate, json!({})).await;
        let (short, _) = subscribe(&admin, json!({"detail": "title_only"})).await;
        let reader = server.anonymous();
        for path in [SEOUL, &token, &short] {
            if path != SEOUL {
                // The first fetch in an hour is noted.
                reader.header("If-None-Match", "*").get(path).await;
            }
            server.statements();
            let fresh = reader.get(path).await;
            assert_eq!(server.statements(), 3, "{path}");
            assert_eq!(reader.header("If-None-Match", fresh.header("etag")).get(path).await.status, 304);
            assert_eq!(server.statements(), 2, "{path}");
            assert_eq!(reader.get(path).await.text, fresh.text);
            assert_eq!(server.statements(), 2, "{path} from memory");
        }
    }

    async fn the_address_of_a_feed_is_told_once(server) {
        let admin = server.admin().await;
        event_with_sessions(&server, &admin).await;
        let once = admin.header("Idempotency-Key", "feed-1");
        let body = json!({"kind": "event", "object_id": "SEOUL-2019", "name": "Mine", "access": "token"});
        let made = once.post("feeds", body.clone()).await.expect(201);
        assert_eq!(made.header("cache-control"), "no-store");
        let token = path_of(&made.json).trim_start_matches("/ical/").trim_end_matches(".ics").to_owned();
        assert!(token.starts_with("wgf_") && token.len() == 4 + 12 + 1 + 43 + 1 + 6);
        // A repetition has no second effect and does not get the secret either.
        once.post("feeds", body).await.expect(409);
        let path = format!("feeds/{}", made.id());
        let secret = token.split('_').nth(2).unwrap();
        for told in [&path, "feeds", "changes", "audit-entries"] {
            let answer = admin.get(told).await.expect(200);
            assert!(!answer.text.contains(secret) && !answer.text.contains("\"url\""), "{told}");
        }
        let listed = admin.get("feeds").await.expect(200);
        assert_eq!((listed.json["items"].as_array().unwrap().len(), &listed.json["items"][0]["detail"]), (1, &json!("full")));
        let public = json!({"kind": "event", "object_id": "seoul-2019", "name": "Everybody's", "access": "public"});
        let public = admin.post("feeds", public).await.expect(201);
        assert_eq!(path_of(&public.json), SEOUL);
        assert_eq!(path_of(&admin.get(&format!("feeds/{}", public.id())).await.expect(200).json), SEOUL);
        admin.post(&format!("feeds/{}/rotate", public.id()), json!({})).await.expect(409);
    }

    async fn a_feed_keeps_its_meaning_and_its_address(server) {
        let admin = server.admin().await;
        event_with_sessions(&server, &admin).await;
        let (ics, id) = subscribe(&admin, json!({})).await;
        let path = format!("feeds/{id}");
        let feed = admin.get(&path).await.expect(200);
        admin.patch(&path, json!({"name": "Other"})).await.expect(428);
        let before = server.anonymous().get(&ics).await;
        let changed = admin.if_match(&feed).patch(&path, json!({"name": "Other", "detail": "busy_only"})).await.expect(200);
        assert_eq!((&changed.json["name"], &changed.json["version"]), (&json!("Other"), &json!(2)));
        let after = server.anonymous().header("If-None-Match", before.header("etag")).get(&ics).await;
        assert_eq!(titles(&read(&after.text))[0], "Busy");
        let public = json!({"access": "public", "kind": "group", "detail": "full"});
        let refused = admin.if_match(&changed).patch(&path, public).await.expect(422);
        assert_eq!(refused.codes(), ["cannot_change", "cannot_change"]);
        let unknown = json!({"kind": "event", "object_id": "nobody", "name": "X", "access": "token"});
        assert_eq!(admin.post("feeds", unknown).await.expect(422).codes(), ["unknown_object"]);
        let types: Vec<_> = admin.get("changes").await.expect(200).json["items"].as_array().unwrap().iter().map(|item| item["type"].as_str().unwrap().to_owned()).filter(|kind| kind.starts_with("feed.")).collect();
        assert_eq!(types, ["feed.created", "feed.updated"]);
        assert!(!server.anonymous().get("changes").await.expect(200).text.contains("feed."));
    }

    async fn everybody_manages_their_own_feeds_and_staff_all(server) {
        let admin = server.admin().await;
        event_with_sessions(&server, &admin).await;
        let (one, two) = (organisation(&admin, "ONE").await, organisation(&admin, "TWO").await);
        let (one, two) = (server.delegate_of(&one).await, server.delegate_of(&two).await);
        let (_, id) = subscribe(&one, json!({})).await;
        let path = format!("feeds/{id}");
        one.get(&path).await.expect(200);
        two.get(&path).await.expect(404);
        two.post(&format!("{path}/rotate"), json!({})).await.expect(404);
        assert_eq!(two.get("feeds").await.expect(200).json["items"], json!([]));
        assert_eq!(admin.get("feeds?kind=event").await.expect(200).json["items"][0]["id"], json!(id));
        assert_eq!(admin.get("feeds?kind=group").await.expect(200).json["items"], json!([]));
        let auditor = server.role(Role::Auditor).await;
        auditor.get(&path).await.expect(200);
        auditor.post(&format!("{path}/rotate"), json!({})).await.expect(403);
        server.anonymous().get("feeds").await.expect(401);
        let hidden = json!({"code": "hidden", "kind": "visit", "title": {"en": "X"}, "city": {"name": {"en": "X"}}, "time_zone": "UTC", "starts_on": "2026-01-01", "ends_on": "2026-01-01", "languages": ["en"]});
        admin.post("events", hidden).await.expect(201);
        let body = |access: &str| json!({"kind": "event", "object_id": "hidden", "name": "X", "access": access});
        assert_eq!(one.post("feeds", body("token")).await.expect(422).codes(), ["unknown_object"]);
        assert_eq!(admin.post("feeds", body("public")).await.expect(422).codes(), ["object_not_public"]);
    }

    async fn staff_see_when_and_by_what_a_feed_was_last_fetched(server) {
        let admin = server.admin().await;
        event_with_sessions(&server, &admin).await;
        let (ics, id) = subscribe(&admin, json!({})).await;
        let path = format!("feeds/{id}");
        let before = admin.get(&path).await.expect(200);
        assert!(before.json.get("last_fetched_at").is_none());
        server.anonymous().header("User-Agent", "Google-Calendar-Importer").get(&ics).await;
        server.advance(SignedDuration::from_mins(50));
        server.anonymous().header("User-Agent", "another").get(&ics).await;
        let after = admin.header("If-None-Match", before.header("etag")).get(&path).await.expect(200);
        assert_eq!((&after.json["last_fetched_at"], &after.json["last_agent"]), (&json!("2026-03-02T08:00:00Z"), &json!("Google-Calendar-Importer")));
        assert_eq!(after.json["version"], 1);
        // The tag of the answer still is one to write on top of.
        admin.if_match(&after).patch(&path, json!({"name": "Other"})).await.expect(200);
    }

    async fn foreign_programs_read_the_instants_the_api_says(server) {
        event_with_sessions(&server, &server.admin().await).await;
        let (path, _) = subscribe(&server.role(Role::Secretariat).await, json!({})).await;
        let file = server.anonymous().get(&path).await.text;
        let mut expected = read(&file);
        expected.sort_by(|a, b| a.uid.cmp(&b.uid));
        assert_eq!(expected.len(), 3);
        for (program, seen) in readers::foreign(&file) {
            assert_eq!(seen, expected, "{program}");
        }
    }
}
