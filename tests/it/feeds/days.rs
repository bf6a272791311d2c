//! Events as a whole: whole days in the calendars of the event and of its group. The days after the last were counted by
//! hand.

use domain::access::Role;
use serde_json::{Value, json};

use super::{
    GROUP, SEOUL,
    readers::{Seen, all},
    subscribe,
    world::{OPENING, Sitting, announce, patch, place, seoul, step},
};
use crate::{on_both, support::Client};

/// The events of a feed.
async fn days(reader: &Client, path: &str) -> Vec<Seen> {
    let feed = reader.get(path).await;
    assert_eq!(feed.status, 200, "{path}");
    all(&feed.text).into_iter().filter(Seen::is_whole_days).collect()
}

async fn group(admin: &Client) -> String {
    let group =
        json!({"code": "warsaw-cyber", "kind": "working_group", "name": {"en": "Cyber"}, "visibility": "public"});
    admin.post("groups", group).await.expect(201).id()
}

/// The meeting in Seoul as one of the group, at a time its feed shows.
fn of_the_group(more: Value) -> Value {
    let mut event = seoul();
    let body = event.as_object_mut().unwrap();
    body.extend(
        json!({"group_id": "warsaw-cyber", "starts_on": "2026-10-07", "ends_on": "2026-10-08"})
            .as_object()
            .unwrap()
            .clone(),
    );
    body.extend(more.as_object().unwrap().clone());
    event
}

on_both! {
    async fn an_event_is_in_its_calendar_and_in_that_of_its_group_before_anything_is_placed_in_it(server) {
        let admin = server.admin().await;
        group(&admin).await;
        let made = admin.post("events", of_the_group(json!({}))).await.expect(201);
        let reader = server.anonymous();
        assert!(days(&reader, SEOUL).await.is_empty(), "an idea is nobody's appointment");
        step(&admin, "events/seoul-2019", json!({"to": "announced"})).await;
        let expected = Seen {
            uid: format!("event-{}@plenum", made.id()),
            summary: "Meeting on cybersecurity".into(),
            start: "2026-10-07".into(),
            end: "2026-10-09".into(),
            status: "CONFIRMED".into(),
            sequence: 1,
            location: Some("Seoul".into()),
        };
        for path in [SEOUL, GROUP] {
            assert_eq!(days(&reader, path).await, std::slice::from_ref(&expected), "{path}");
        }
        let text = reader.get(GROUP).await.text;
        assert!(text.contains("\r\nTRANSP:TRANSPARENT\r\n") && !text.contains("OPAQUE"), "it keeps nobody's days");
    }

    async fn an_event_that_is_moved_or_called_off_stays_the_same_entry_and_a_deleted_one_goes(server) {
        let admin = server.admin().await;
        group(&admin).await;
        announce(&admin, of_the_group(json!({}))).await;
        let reader = server.anonymous();
        let before = reader.get(GROUP).await;
        let was = days(&reader, GROUP).await.remove(0);
        patch(&admin, "events/seoul-2019", json!({"title": {"en": "Renamed"}})).await;
        let renamed = days(&reader, GROUP).await.remove(0);
        assert_eq!((renamed.summary.as_str(), renamed.sequence), ("Renamed", 1));
        patch(&admin, "events/seoul-2019", json!({"starts_on": "2026-10-12", "ends_on": "2026-10-12"})).await;
        let known = reader.header("If-None-Match", before.header("etag")).get(GROUP).await;
        assert_eq!(known.status, 200);
        let moved = days(&reader, GROUP).await.remove(0);
        assert_eq!((&moved.uid, moved.sequence, moved.start.as_str(), moved.end.as_str()), (&was.uid, 2, "2026-10-12", "2026-10-13"));
        step(&admin, "events/seoul-2019", json!({"to": "cancelled"})).await;
        let cancelled = days(&reader, GROUP).await.remove(0);
        assert_eq!((&cancelled.uid, cancelled.sequence), (&was.uid, 3));
        assert_eq!((cancelled.summary.as_str(), cancelled.status.as_str()), ("Cancelled: Renamed", "CANCELLED"));
        admin.header("If-Match", "*").delete("events/seoul-2019").await.expect(204);
        assert!(days(&reader, GROUP).await.is_empty());
    }

    async fn who_may_not_see_an_event_learns_nothing_of_its_days(server) {
        let admin = server.admin().await;
        let group = group(&admin).await;
        announce(&admin, of_the_group(json!({"visibility": "secretariat"}))).await;
        assert!(days(&server.anonymous(), GROUP).await.is_empty());
        let of_group = json!({"kind": "group", "object_id": "warsaw-cyber"});
        let (path, _) = subscribe(&server.role(Role::Secretariat).await, of_group).await;
        let reader = server.anonymous();
        assert!(days(&reader, &path).await.is_empty(), "what is for the secretariat alone is amber");
        patch(&admin, &format!("groups/{group}"), json!({"amber_in_calendars": true})).await;
        assert_eq!(days(&reader, &path).await.len(), 1);
        patch(&admin, "events/seoul-2019", json!({"tlp": "red"})).await;
        assert!(days(&reader, &path).await.is_empty(), "what is red is in no calendar");
    }

    async fn days_are_told_in_the_language_and_detail_of_the_feed_and_order_does_not_depend_on_it(server) {
        let admin = server.admin().await;
        group(&admin).await;
        announce(&admin, of_the_group(json!({}))).await;
        announce(&admin, of_the_group(json!({"code": "eve", "starts_on": "2026-10-06", "ends_on": "2026-10-06"}))).await;
        for (title, from, to) in [("Second", "2026-10-08T09:00:00", "2026-10-08T10:00:00"), ("First", "2026-10-07T09:00:00", "2026-10-07T10:00:00")] {
            place(&admin, Sitting { title, from, to, ..OPENING }).await;
        }
        let staff = server.role(Role::Secretariat).await;
        let of_group = |more: Value| {
            let mut feed = json!({"kind": "group", "object_id": "warsaw-cyber"});
            feed.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            feed
        };
        let mut feeds = vec![];
        for more in [json!({}), json!({"detail": "title_only"}), json!({"language": "pl"}), json!({"detail": "busy_only"})] {
            let (path, _) = subscribe(&staff, of_group(more)).await;
            feeds.push(all(&server.anonymous().get(&path).await.text));
        }
        let order = |feed: &[Seen]| feed.iter().map(|entry| entry.uid.clone()).collect::<Vec<_>>();
        let starts: Vec<_> = feeds[0].iter().map(|entry| entry.start.as_str()).collect();
        assert_eq!(starts, ["2026-10-06", "2026-10-07", "2026-10-07T00:00:00Z", "2026-10-08T00:00:00Z"]);
        assert_eq!((order(&feeds[1]), order(&feeds[2])), (order(&feeds[0]), order(&feeds[0])));
        let polish = &feeds[2][0];
        assert_eq!((polish.summary.as_str(), polish.location.as_deref()), ("Spotkanie", Some("Seul")));
        assert_eq!((&feeds[1][0].location, feeds[3].len()), (&None, 2), "whole days take nobody's time");
    }

    async fn a_public_calendar_says_where_it_comes_from_and_a_private_one_never_tells_its_address(server) {
        let admin = server.admin().await;
        group(&admin).await;
        let event = announce(&admin, of_the_group(json!({}))).await;
        place(&admin, Sitting { from: "2026-10-07T09:00:00", to: "2026-10-07T10:00:00", ..OPENING }).await;
        let here = "http://127.0.0.1:8080";
        let page = format!("{here}/events/{event}");
        let reader = server.anonymous();
        let unfolded = async |path: &str| reader.get(path).await.text.replace("\r\n ", "");
        for path in [SEOUL, GROUP, "/ical/groups/warsaw-cyber/all.ics"] {
            assert!(unfolded(path).await.contains(&format!("\r\nSOURCE;VALUE=URI:{here}{path}\r\n")), "{path}");
        }
        let text = unfolded(SEOUL).await;
        let line = |name: &str| text.matches(&format!("\r\n{name}:{page}\r\n")).count();
        assert_eq!((line("URL"), text.matches(&page).count()), (3, 5), "the calendar's, and twice in each entry");
        assert_eq!(reader.get(&format!("/events/{event}")).await.status, 200, "the page is there");
        let (path, _) = subscribe(&admin, json!({})).await;
        let text = unfolded(&path).await;
        let token = path.trim_start_matches("/ical/").trim_end_matches(".ics");
        assert!(!text.contains("SOURCE") && !text.contains(token));
    }
}
