//! What people follow: in their calendar, in the mails of a release, and nowhere that they may not see. Seoul is nine hours
//! ahead of UTC.

use std::collections::BTreeSet;

use api::config::Config;
use serde_json::{Value, json};

use crate::{
    duties::{Meeting, delivered, slot},
    feeds::{readers::all, subscribe},
    on_both,
    support::{Client, Server, mailbox::Mailbox},
};

/// Somebody with an account who has no part in anything, and may see what everybody may.
async fn somebody(server: &Server, meeting: &Meeting, name: &str) -> Client {
    let person = meeting.person(name, json!({})).await;
    meeting.in_person(server, &person).await
}

async fn follow(client: &Client, kind: &str, object: &str) -> String {
    client.post("me/follows", json!({"kind": kind, "object_id": object})).await.expect(201).id()
}

async fn unfollow(client: &Client, id: &str) {
    let path = format!("me/follows/{id}");
    let stored = client.get(&path).await.expect(200);
    client.if_match(&stored).delete(&path).await.expect(204);
}

fn titles(list: &Value) -> BTreeSet<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["title"]["en"].as_str().unwrap().to_owned()).collect()
}

/// The titles of what somebody follows.
async fn followed(client: &Client) -> BTreeSet<String> {
    titles(&client.get("me/follows").await.expect(200).json)
}

fn words(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

/// A calendar of one's own; gives its path.
async fn calendar(client: &Client, more: Value) -> String {
    let mut mine = json!({"kind": "person", "object_id": "me", "name": "Mine"});
    mine.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    subscribe(client, mine).await.0
}

/// What a calendar holds, each with whether it takes the reader's time.
async fn holds(server: &Server, path: &str) -> BTreeSet<(String, bool)> {
    let file = server.anonymous().get(path).await.expect(200).text;
    let entries = file.split("BEGIN:VEVENT").skip(1).map(|entry| {
        let summary = entry.lines().find_map(|line| line.strip_prefix("SUMMARY:")).unwrap().to_owned();
        (summary, entry.contains("TRANSP:OPAQUE"))
    });
    let entries: BTreeSet<_> = entries.collect();
    assert_eq!(all(&file).len(), entries.len(), "as another program counts them: {file}");
    entries
}

fn free(titles: &[&str]) -> BTreeSet<(String, bool)> {
    titles.iter().map(|title| ((*title).to_owned(), false)).collect()
}

async fn change(meeting: &Meeting, path: &str, patch: Value) {
    let stored = meeting.admin.get(path).await.expect(200);
    meeting.admin.if_match(&stored).patch(path, patch).await.expect(200);
}

/// A meeting that everybody may see, with three sessions that are announced: the second is of a group.
async fn open_meeting(server: &Server) -> (Meeting, [String; 3]) {
    let meeting = Meeting::new(server).await;
    let group =
        json!({"code": "cyber", "kind": "working_group", "name": {"en": "Cyber group"}, "visibility": "public"});
    meeting.admin.post("groups", group).await.expect(201);
    change(&meeting, "events/meeting", json!({"visibility": "public"})).await;
    meeting.admin.post("events/meeting/transitions", json!({"to": "announced"})).await.expect(200);
    let mut sessions = vec![];
    for (title, room, hour) in [("Opening", "hall-a", 9), ("Norms", "hall-a", 10), ("Evidence", "hall-b", 11)] {
        let session = meeting.session("meeting", title, room, hour, "workshop").await;
        change(&meeting, &format!("sessions/{session}"), json!({"visibility": "public"})).await;
        sessions.push(session);
    }
    change(&meeting, &format!("sessions/{}", sessions[1]), json!({"group_id": "cyber"})).await;
    meeting.admin.post("events/meeting/releases", json!({"name": "First", "notify": false})).await.expect(201);
    (meeting, sessions.try_into().unwrap())
}

on_both! {
    async fn what_somebody_follows_is_in_their_calendar_and_leaves_them_free(server) {
        let (meeting, [opening, norms, _]) = open_meeting(&server).await;
        let person = meeting.person("Fan", json!({})).await;
        let client = meeting.in_person(&server, &person).await;
        let path = calendar(&client, json!({})).await;
        assert_eq!(holds(&server, &path).await, BTreeSet::new());
        let before = server.anonymous().get(&path).await;
        let one = follow(&client, "session", &opening).await;
        assert_eq!(server.anonymous().header("If-None-Match", before.header("etag")).get(&path).await.status, 200);
        assert_eq!(holds(&server, &path).await, free(&["Opening"]));
        follow(&client, "group", "cyber").await;
        assert_eq!(holds(&server, &path).await, free(&["Opening", "Norms"]));
        let whole = follow(&client, "event", "meeting").await;
        assert_eq!(holds(&server, &path).await, free(&["Seoul meeting", "Opening", "Norms", "Evidence"]));
        assert_eq!(followed(&client).await, words(&["Opening", "Cyber group", "Seoul meeting"]));

        // A part in what one follows takes one's time, and is there once.
        meeting.duty(&norms, json!({"person_id": person, "duty": "speaker"})).await;
        let mut both = free(&["Seoul meeting", "Opening", "Evidence"]);
        both.insert(("Norms".to_owned(), true));
        assert_eq!(holds(&server, &path).await, both);
        let times = server.anonymous().get(&path.replace(".ics", ".ifb")).await.expect(200).text;
        assert_eq!((times.matches("FREEBUSY").count(), times.contains("20261007T010000Z/20261007T020000Z")), (3, true), "{times}");

        // What is followed no longer is gone, and each switch leaves its part.
        unfollow(&client, &whole).await;
        unfollow(&client, &one).await;
        assert_eq!(holds(&server, &path).await, BTreeSet::from([("Norms".to_owned(), true)]));
        follow(&client, "session", &opening).await;
        let duties = calendar(&client, json!({"without_followed": true})).await;
        assert_eq!(holds(&server, &duties).await, BTreeSet::from([("Norms".to_owned(), true)]));
        let rest = calendar(&client, json!({"without_duties": true})).await;
        assert_eq!(holds(&server, &rest).await, free(&["Opening", "Norms"]));
        let neither = json!({
            "kind": "person", "object_id": "me", "name": "None", "access": "token", "without_duties": true, "without_followed": true,
        });
        assert_eq!(client.post("feeds", neither).await.expect(422).codes(), ["nothing_left"]);
    }

    async fn a_calendar_of_what_is_followed_moves_with_it_and_shows_released_versions_only(server) {
        let (meeting, [opening, norms, _]) = open_meeting(&server).await;
        let client = somebody(&server, &meeting, "Fan").await;
        let path = calendar(&client, json!({})).await;
        follow(&client, "group", "cyber").await;
        follow(&client, "session", &opening).await;
        let reader = server.anonymous();
        let before = reader.get(&path).await;
        let known = |answer: &crate::support::Answer| reader.header("If-None-Match", answer.header("etag"));
        assert_eq!(known(&before).get(&path).await.status, 304);
        let plan = format!("sessions/{norms}/plan");
        change(&meeting, &plan, json!({"session": {"placement": slot(15)}})).await;
        assert_eq!(known(&before).get(&path).await.status, 304, "what is planned is nobody's business");
        meeting.admin.post("events/meeting/releases", json!({"name": "Second", "notify": false})).await.expect(201);
        let moved = known(&before).get(&path).await.expect(200);
        let starts: Vec<_> = all(&moved.text).into_iter().map(|entry| (entry.summary, entry.start)).collect();
        let expected = [("Opening", "2026-10-07T00:00:00Z"), ("Norms", "2026-10-07T06:00:00Z")];
        assert_eq!(starts, expected.map(|(title, start)| (title.to_owned(), start.to_owned())));
        let further = json!({"placement": {"start": "2026-10-08T09:00:00", "end": "2026-10-08T10:00:00"}});
        meeting.admin.post(&format!("sessions/{opening}/sittings"), further).await.expect(201);
        meeting.admin.post("events/meeting/releases", json!({"name": "Third", "notify": false})).await.expect(201);
        let further = known(&moved).get(&path).await.expect(200);
        assert_eq!(all(&further.text).len(), 3, "a session is followed with all its sittings: {}", further.text);
    }

    async fn what_one_may_no_longer_see_is_gone_from_list_and_calendar_without_a_word(server) {
        let (meeting, [opening, norms, _]) = open_meeting(&server).await;
        let client = somebody(&server, &meeting, "Fan").await;
        let path = calendar(&client, json!({})).await;
        follow(&client, "session", &opening).await;
        let group = follow(&client, "group", "cyber").await;
        assert_eq!(holds(&server, &path).await, free(&["Opening", "Norms"]));
        change(&meeting, &format!("sessions/{opening}"), json!({"visibility": "secretariat"})).await;
        assert_eq!((followed(&client).await, holds(&server, &path).await), (words(&["Cyber group"]), free(&["Norms"])));
        // Of a group that is not there, nothing is followed, though the session is for everybody.
        change(&meeting, "groups/cyber", json!({"visibility": "members"})).await;
        assert_eq!((followed(&client).await, holds(&server, &path).await), (words(&[]), BTreeSet::new()));
        client.get(&format!("me/follows/{group}")).await.expect(404);
        client.get(&format!("sessions/{norms}")).await.expect(200);
        change(&meeting, "groups/cyber", json!({"visibility": "public"})).await;
        assert_eq!(followed(&client).await, words(&["Cyber group"]), "and is there again");
        let stored = meeting.admin.get(&format!("sessions/{norms}")).await.expect(200);
        meeting.admin.if_match(&stored).delete(&format!("sessions/{norms}")).await.expect(204);
        assert_eq!(holds(&server, &path).await, BTreeSet::new());
    }

    async fn only_people_follow_and_only_what_they_may_see(server) {
        let (meeting, [opening, ..]) = open_meeting(&server).await;
        let hidden = meeting.session("meeting", "Hidden", "hall-b", 14, "workshop").await;
        let (client, other) = (somebody(&server, &meeting, "Fan").await, somebody(&server, &meeting, "Other").await);
        for (kind, object) in [("session", hidden.as_str()), ("session", "seoul"), ("group", "nobody"), ("event", "elsewhere")] {
            let refused = client.post("me/follows", json!({"kind": kind, "object_id": object})).await.expect(422);
            assert_eq!(refused.codes(), [format!("unknown_{kind}")], "{object}");
        }
        meeting.admin.post("me/follows", json!({"kind": "session", "object_id": opening})).await.expect(403);
        server.anonymous().get("me/follows").await.expect(401);
        let first = follow(&client, "session", &opening).await;
        assert_eq!(follow(&client, "session", &opening).await, first, "twice is once");
        assert_eq!(followed(&client).await, words(&["Opening"]));
        let path = format!("me/follows/{first}");
        other.get(&path).await.expect(404);
        other.delete(&path).await.expect(404);
        client.delete(&path).await.expect(428);
        unfollow(&client, &first).await;
        client.get(&path).await.expect(410);
        follow(&client, "session", &opening).await;
        assert_eq!(followed(&client).await, words(&["Opening"]));
        let export = meeting.admin.get("changes?limit=200").await.expect(200).text;
        assert!(!export.contains("follow"), "what somebody follows is nobody else's business");
    }

    async fn the_list_of_what_one_follows_comes_in_pages_that_cost_the_same(server) {
        let (meeting, sessions) = open_meeting(&server).await;
        let client = somebody(&server, &meeting, "Fan").await;
        for session in &sessions {
            follow(&client, "session", session).await;
        }
        let mut costs = BTreeSet::new();
        for limit in [1, 3] {
            server.statements();
            client.get(&format!("me/follows?limit={limit}")).await.expect(200);
            costs.insert(server.statements());
        }
        assert_eq!(costs.len(), 1, "{costs:?}");
        let first = client.get("me/follows?limit=2").await.expect(200);
        let cursor = first.json["next_cursor"].as_str().unwrap();
        let rest = client.get(&format!("me/follows?limit=2&cursor={cursor}")).await.expect(200);
        assert_eq!((titles(&first.json).len(), titles(&rest.json).len()), (2, 1));
        assert_eq!(titles(&first.json).union(&titles(&rest.json)).count(), 3);
        assert_eq!(client.get("me/follows?kind=group").await.expect(200).json["items"], json!([]));
    }

    async fn a_release_writes_once_to_whoever_follows_what_it_changed_unless_they_decline(server) {
        let Some(mut mailbox) = Mailbox::open() else { return };
        let url = mailbox.url.parse().unwrap();
        let server = server.configured(|config: &mut Config| config.smtp_url = Some(url));
        let (meeting, [opening, norms, evidence]) = open_meeting(&server).await;
        let fan_id = meeting.person("Fan", json!({"email": "fan@mail.example"})).await;
        let fan = meeting.in_person(&server, &fan_id).await;
        follow(&fan, "session", &norms).await;
        follow(&fan, "group", "cyber").await;
        follow(&fan, "event", "meeting").await;
        let quiet = somebody(&server, &meeting, "Quiet").await;
        follow(&quiet, "event", "meeting").await;
        assert_eq!(quiet.get("me/mail-settings").await.expect(200).json, json!({"invitations": true, "followed": true}));
        quiet.put("me/mail-settings", json!({"followed": false})).await.expect(200);
        quiet.put("me/mail-settings", json!({"followed": true})).await.expect(428);
        let elsewhere = somebody(&server, &meeting, "Elsewhere").await;
        follow(&elsewhere, "session", &opening).await;
        let blind = somebody(&server, &meeting, "Blind").await;
        follow(&blind, "session", &evidence).await;
        change(&meeting, &format!("sessions/{evidence}"), json!({"visibility": "secretariat"})).await;
        let speaker = meeting.person("Speaker", json!({"email": "speaker@mail.example"})).await;
        meeting.duty(&norms, json!({"person_id": speaker, "duty": "speaker"})).await;
        let speaks = meeting.in_person(&server, &speaker).await;
        follow(&speaks, "event", "meeting").await;

        for (session, hour) in [(&norms, 15), (&evidence, 16)] {
            change(&meeting, &format!("sessions/{session}/plan"), json!({"session": {"placement": slot(hour)}})).await;
        }
        meeting.release("Second").await;
        let mails = delivered(&server, &mut mailbox, 2).await;
        let told: BTreeSet<_> = mails
            .iter()
            .map(|mail| {
                let text = mail["text"].as_str().unwrap().replace('\u{a0}', " ");
                assert!(text.contains("Moved: 2 Norms") && !text.contains("Evidence") && !text.contains("Opening"), "{text}");
                (mail["recipients"][0].as_str().unwrap().to_owned(), text.contains("because you follow these sessions"))
            })
            .collect();
        let expected = [(fan_id, true), (speaker, false)].map(|(person, only)| (format!("{person}@mail.example"), only));
        assert_eq!(told, BTreeSet::from(expected));
    }
}
