//! Feeds: what is made through the API, and what calendar programs get below `/ical/`.

mod broken;
mod busy;
mod clocks;
mod compressed;
mod dates;
mod days;
mod delegations;
mod fences;
mod free_busy;
mod hostile;
mod kinds;
mod matrix;
mod places;
mod pollers;
pub(crate) mod readers;
mod strict;
pub(crate) mod world;

use domain::access::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Client},
};
use readers::{Seen, read};
use world::{OPENING, Sitting, announce, hidden, organisation, patch, place, programme, seoul, step};

const SEOUL: &str = "/ical/events/seoul-2019.ics";
const GROUP: &str = "/ical/groups/warsaw-cyber.ics";

fn titles(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|entry| entry.summary.as_str()).collect()
}

/// Makes a feed with a token; gives its path.
pub(crate) async fn subscribe(client: &Client, more: Value) -> (String, String) {
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

fn next_day() -> Value {
    json!({"placement": {"start": "2019-10-08T09:00:00", "end": "2019-10-08T10:00:00"}})
}

on_both! {
    async fn a_public_event_has_its_feed_by_itself_with_public_sessions_only(server) {
        programme(&server.admin().await).await;
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
        programme(&admin).await;
        let event = admin.get("events/seoul-2019").await.expect(200).id();
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
        let admin = server.admin().await;
        let opening = programme(&admin).await;
        server.advance(SignedDuration::from_mins(1));
        let before = server.anonymous().get(SEOUL).await;
        patch(&admin, &opening, next_day()).await;
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
        let admin = server.admin().await;
        let opening = programme(&admin).await;
        let before = server.anonymous().get(SEOUL).await;
        server.advance(SignedDuration::from_millis(300));
        patch(&admin, &opening, next_day()).await;
        server.advance(SignedDuration::from_secs(60));
        let reader = server.anonymous().header("If-Modified-Since", before.header("last-modified"));
        assert_eq!(reader.get(SEOUL).await.status, 200);
    }

    async fn a_cancelled_session_stays_and_says_so_and_a_deleted_one_goes(server) {
        let admin = server.admin().await;
        let opening = programme(&admin).await;
        step(&admin, &opening, json!({"to": "cancelled", "reason": "Storm"})).await;
        let seen = read(&server.anonymous().get(SEOUL).await.text);
        assert_eq!((seen[0].summary.as_str(), seen[0].status.as_str()), ("Cancelled: Opening", "CANCELLED"));
        step(&admin, &opening, json!({"to": "draft"})).await;
        assert!(read(&server.anonymous().get(SEOUL).await.text).is_empty(), "a draft is nobody's appointment");
        step(&admin, &opening, json!({"to": "scheduled"})).await;
        assert_eq!(read(&server.anonymous().get(SEOUL).await.text)[0].status, "CONFIRMED");
        admin.header("If-Match", "*").delete(&opening).await.expect(204);
        assert!(read(&server.anonymous().get(SEOUL).await.text).is_empty());
    }

    async fn a_feed_with_a_token_shows_what_its_owner_may_see(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let poland = organisation(&admin, "POLAND").await;
        let delegate = server.delegate_of(&poland).await;
        let (staffs, _) = subscribe(&server.role(Role::Secretariat).await, json!({})).await;
        let (delegates, _) = subscribe(&delegate, json!({})).await;
        let reader = server.anonymous();
        assert_eq!(titles(&read(&reader.get(&staffs).await.text)), ["Opening", "Busy – restricted session", "Drafting"]);
        assert_eq!(titles(&read(&reader.get(&delegates).await.text)), ["Opening"]);

        let delegation = admin.post("events/seoul-2019/delegations", json!({"organisation_id": "POLAND"})).await.expect(201);
        server.advance(SignedDuration::from_mins(1));
        let inside = reader.get(&delegates).await;
        assert_eq!(titles(&read(&inside.text)), ["Opening", "Drafting"]);
        assert_eq!(inside.header("cache-control"), "private, no-cache");
        assert_eq!((inside.header("referrer-policy"), inside.header("x-robots-tag")), ("no-referrer", "noindex"));
        assert_eq!(inside.header("access-control-allow-origin"), "");

        admin.header("If-Match", "*").delete(&format!("delegations/{}", delegation.id())).await.expect(204);
        server.advance(SignedDuration::from_mins(1));
        let known = reader.header("If-None-Match", inside.header("etag")).get(&delegates).await;
        assert_eq!((known.status.as_u16(), titles(&read(&known.text))), (200, vec!["Opening"]));
        let known = reader.header("If-Modified-Since", inside.header("last-modified")).get(&delegates).await;
        assert_eq!((known.status.as_u16(), titles(&read(&known.text))), (200, vec!["Opening"]));
    }

    async fn an_event_that_is_hidden_leaves_an_empty_calendar(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let delegate = server.delegate_of(&organisation(&admin, "POLAND").await).await;
        let (path, _) = subscribe(&delegate, json!({"name": "Seoul"})).await;
        let before = server.anonymous().get(&path).await;
        patch(&admin, "events/seoul-2019", json!({"visibility": "secretariat", "title": {"en": "Renamed in secret"}})).await;
        let after = server.anonymous().header("If-None-Match", before.header("etag")).get(&path).await;
        assert_eq!((after.status.as_u16(), read(&after.text).len()), (200, 0));
        assert!(!after.text.contains("secret") && after.text.contains("X-WR-CALNAME:Seoul"));
        assert_eq!(server.anonymous().get(SEOUL).await.status, 404);
    }

    async fn what_is_revoked_never_existed(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let (revoked, id) = subscribe(&admin, json!({})).await;
        let (rotated, other) = subscribe(&admin, json!({})).await;
        let read_before = server.anonymous().get(&revoked).await;
        let feed = admin.get(&format!("feeds/{id}")).await.expect(200);
        admin.if_match(&feed).delete(&format!("feeds/{id}")).await.expect(204);
        let fresh = path_of(&admin.post(&format!("feeds/{other}/rotate"), json!({})).await.expect(200).json);
        assert_eq!(server.anonymous().get(&fresh).await.status, 200);

        admin.post("events", hidden()).await.expect(201);
        let unknown = "/ical/wgf_000000000000_0000000000000000000000000000000000000000000_000000.ics";
        let end = fresh.len() - ".ics".len();
        let mistyped = format!("{}{}.ics", &fresh[..end - 1], if fresh[..end].ends_with('A') { 'B' } else { 'A' });
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
        programme(&server.admin().await).await;
        let (path, _) = subscribe(&server.role(Role::Secretariat).await, json!({})).await;
        assert_eq!(server.anonymous().get(&path).await.status, 200);
        server.advance(SignedDuration::from_hours(24 * 91));
        assert_eq!(server.anonymous().get(&path).await.status, 404, "keys of tests last 90 days");
    }

    async fn head_says_what_get_says(server) {
        programme(&server.admin().await).await;
        let get = server.anonymous().get(SEOUL).await;
        let head = server.anonymous().send(poem::http::Method::HEAD, SEOUL, None).await;
        let named = |answer: &Answer| {
            ["etag", "last-modified", "content-type", "content-disposition", "cache-control", "vary"].map(|name| answer.header(name).to_owned())
        };
        assert_eq!((head.status, named(&head), head.text.as_str()), (get.status, named(&get), ""));
    }

    async fn a_group_shows_its_near_past_and_future_and_all_on_request(server) {
        let admin = server.admin().await;
        admin.post("groups", json!({"code": "warsaw-cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "public"})).await.expect(201);
        for (code, first, last) in [("seoul-2019", "2019-10-07", "2019-10-08"), ("past", "2025-12-01", "2025-12-02"), ("future", "2027-09-01", "2027-09-02")] {
            let mut event = seoul();
            for (member, value) in [("code", code), ("starts_on", first), ("ends_on", last), ("time_zone", "UTC"), ("group_id", "warsaw-cyber")] {
                event[member] = json!(value);
            }
            announce(&admin, event).await;
        }
        place(&admin, OPENING).await;
        for (title, event, from, to) in [
            // Now is 2 March 2026: the window is 2 December 2025 to 2 September 2027.
            ("Just past", "past", "2025-12-01T22:00:00", "2025-12-02T00:00:00"),
            ("Just still", "past", "2025-12-01T23:00:00", "2025-12-02T00:00:01"),
            ("Just soon", "future", "2027-09-01T23:59:59", "2027-09-02T01:00:00"),
            ("Too far", "future", "2027-09-02T00:00:00", "2027-09-02T01:00:00"),
        ] {
            place(&admin, Sitting { title, event, from, to, ..OPENING }).await;
        }
        let reader = server.anonymous();
        let near = reader.get(GROUP).await;
        assert_eq!(titles(&read(&near.text)), ["Just still", "Just soon"]);
        let all = reader.get("/ical/groups/warsaw-cyber/all.ics").await;
        assert_eq!(titles(&read(&all.text)), ["Opening", "Just past", "Just still", "Just soon", "Too far"]);
        server.advance(SignedDuration::from_hours(16));
        let next_day = reader.header("If-None-Match", near.header("etag")).get(GROUP).await;
        assert_eq!((next_day.status.as_u16(), titles(&read(&next_day.text))), (200, vec!["Just soon", "Too far"]));
        let known = reader.header("If-None-Match", all.header("etag")).get("/ical/groups/warsaw-cyber/all.ics").await;
        assert_eq!(known.status, 304);
    }

    async fn a_group_shows_its_own_sessions_of_other_events_as_long_as_these_are_public(server) {
        let admin = server.admin().await;
        announce(&admin, seoul()).await;
        admin.post("groups", json!({"code": "warsaw-cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "public"})).await.expect(201);
        place(&admin, Sitting { group: Some("warsaw-cyber"), ..OPENING }).await;
        place(&admin, Sitting { title: "Of nobody", ..OPENING }).await;
        let all = "/ical/groups/warsaw-cyber/all.ics";
        let reader = server.anonymous();
        let before = reader.get(all).await;
        assert_eq!(titles(&read(&before.text)), ["Opening"]);
        patch(&admin, "events/seoul-2019", json!({"visibility": "participants"})).await;
        let after = reader.header("If-None-Match", before.header("etag")).get(all).await;
        assert_eq!((after.status.as_u16(), read(&after.text).len()), (200, 0));
    }

    async fn a_joint_session_is_in_the_lists_and_calendars_of_all_groups_that_sit(server) {
        let admin = server.admin().await;
        announce(&admin, seoul()).await;
        for code in ["warsaw-cyber", "legal", "policy"] {
            admin.post("groups", json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "public"})).await.expect(201);
        }
        let path = place(&admin, Sitting { group: Some("warsaw-cyber"), ..OPENING }).await;
        let feed = "/ical/groups/legal/all.ics";
        let reader = server.anonymous();
        let before = reader.get(feed).await;
        assert!(read(&before.text).is_empty());
        patch(&admin, &path, json!({"joint_group_ids": ["legal"]})).await;
        let joint = reader.header("If-None-Match", before.header("etag")).get(feed).await;
        assert_eq!(titles(&read(&joint.text)), ["Opening"]);
        for (group, expected) in [("warsaw-cyber", 1), ("legal", 1), ("policy", 0)] {
            let list = reader.get(&format!("sessions?group={group}")).await.expect(200);
            assert_eq!(list.json["items"].as_array().unwrap().len(), expected, "{group}");
        }
        patch(&admin, &path, json!({"joint_group_ids": []})).await;
        let after = reader.header("If-None-Match", joint.header("etag")).get(feed).await;
        assert_eq!((after.status.as_u16(), read(&after.text).len()), (200, 0));
        let stored = admin.get(&path).await.expect(200);
        for (patch, code) in [
            (json!({"joint_group_ids": ["legal", "legal"]}), "repeated"),
            (json!({"joint_group_ids": ["warsaw-cyber"]}), "repeated"),
            (json!({"group_id": null, "joint_group_ids": ["legal"]}), "no_lead_group"),
            (json!({"joint_group_ids": ["nowhere"]}), "unknown_group"),
        ] {
            assert_eq!(admin.if_match(&stored).patch(&path, patch).await.expect(422).codes(), [code]);
        }
    }

    async fn a_feed_of_a_group_changes_when_an_event_comes_and_when_it_goes(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        for code in ["warsaw-cyber", "other"] {
            admin.post("groups", json!({"code": code, "kind": "working_group", "name": {"en": code}, "visibility": "public"})).await.expect(201);
        }
        let all = ["/ical/groups/warsaw-cyber/all.ics", "/ical/groups/other/all.ics"];
        let mut tags = [String::new(), String::new()];
        for (group, expected) in [(json!(null), [0, 0]), (json!("warsaw-cyber"), [1, 0]), (json!("other"), [0, 1]), (json!(null), [0, 0])] {
            patch(&admin, "events/seoul-2019", json!({"group_id": group})).await;
            for (index, path) in all.into_iter().enumerate() {
                let feed = server.anonymous().header("If-None-Match", &tags[index]).get(path).await;
                if feed.status == 200 {
                    tags[index] = feed.header("etag").to_owned();
                }
                let shown = read(&server.anonymous().get(path).await.text).len();
                assert_eq!(shown, expected[index], "{path} of {group}");
            }
        }
    }

    async fn a_fetch_costs_three_statements_and_a_known_feed_two(server) {
        let admin = server.admin().await;
        programme(&admin).await;
        let delegate = server.delegate_of(&organisation(&admin, "POLAND").await).await;
        let (token, _) = subscribe(&delegate, json!({})).await;
        let (short, _) = subscribe(&admin, json!({"detail": "title_only"})).await;
        let reader = server.anonymous();
        // What was not rendered when the sessions were written needs their events too; here no session has a room.
        for (path, statements) in [(SEOUL, 3), (&token, 3), (&short, 4)] {
            if path != SEOUL {
                // The first fetch in an hour is noted.
                reader.header("If-None-Match", "*").get(path).await;
            }
            server.statements();
            server.advance(SignedDuration::from_secs(2));
            let fresh = reader.get(path).await;
            assert_eq!(server.statements(), statements, "{path}");
            let known = reader.header("If-None-Match", fresh.header("etag"));
            assert_eq!((known.get(path).await.status.as_u16(), server.statements()), (304, 0), "{path} a moment later");
            server.advance(SignedDuration::from_secs(2));
            assert_eq!((known.get(path).await.status.as_u16(), server.statements()), (304, 2), "{path} later");
            assert_eq!(reader.get(path).await.text, fresh.text);
            assert_eq!(server.statements(), 0, "{path} from memory");
        }
    }

    async fn the_address_of_a_feed_is_told_once(server) {
        let admin = server.admin().await;
        programme(&admin).await;
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
        programme(&admin).await;
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
        programme(&admin).await;
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
        let hidden = hidden();
        admin.post("events", hidden).await.expect(201);
        let body = |access: &str| json!({"kind": "event", "object_id": "hidden", "name": "X", "access": access});
        assert_eq!(one.post("feeds", body("token")).await.expect(422).codes(), ["unknown_object"]);
        assert_eq!(admin.post("feeds", body("public")).await.expect(422).codes(), ["object_not_public"]);
    }

    async fn staff_see_when_and_by_what_a_feed_was_last_fetched(server) {
        let admin = server.admin().await;
        programme(&admin).await;
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
}
