//! Every way out agrees: what one viewer gets from lists, by id, by searching, from the change feed and from calendars
//! is the same, and it is what a model says that knows nothing of SQL. So is what goes on inside events: duties, agendas,
//! speakers' lists, polls, requests and clashes.

mod affairs;
mod doors;
mod model;
mod seed;

use std::collections::BTreeSet;

use domain::access::Tlp;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::json;

use crate::{
    on_both,
    support::{Client, setting},
};
use doors::clashes;
use model::{Viewer, Who, World};
use seed::{Planted, viewers, worlds};

/// Worlds tried on each run; `PLENUM_TEST_CASES` tries more.
const CASES: usize = 2;

on_both! {
    async fn every_way_out_shows_what_the_model_says(server) {
        let cases = setting("CASES").map_or(CASES, |cases| cases.parse().unwrap());
        let mut runner = TestRunner::deterministic();
        let (mut shown, mut hidden) = (0, 0);
        for case in 0..cases {
            let world = worlds().new_tree(&mut runner).unwrap().current();
            let planted = Planted::new(&server, &world, case).await;
            for viewer in viewers(&world) {
                let expected = expected(&world, &planted, &viewer);
                let client = planted.client(&server, &viewer).await;
                let mine = |ids: BTreeSet<String>| ids.intersection(&planted.all).cloned().collect::<BTreeSet<_>>();
                let changed = changed(&client).await;
                for (door, found) in [
                    ("lists", mine(listed(&client, "").await)),
                    ("searches", mine(listed(&client, &format!("&q=case{case}x")).await)),
                    ("ids", by_id(&client, &planted).await),
                ] {
                    assert_eq!(found, expected, "{door} of {viewer:?} in {world:#?}");
                }
                let told = self::expected(&world.before_duties(), &planted, &viewer);
                assert_eq!(mine(changed.clone()), told, "changes of {viewer:?} in {world:#?}");
                within(&client, &world, &planted, &viewer, &changed).await;
                for (event, id) in planted.events.iter().enumerate() {
                    let sessions = calendar(&client, &viewer, id).await;
                    let expected = in_calendar(&world, &planted, &viewer, event);
                    assert_eq!(sessions, expected, "calendar of event {event} for {viewer:?} in {world:#?}");
                }
                shown += expected.len();
                hidden += planted.all.len() - expected.len();
            }
        }
        let enough = 100 * cases;
        assert!(shown > enough && hidden > enough, "{shown} objects were shown, {hidden} hidden: too few to mean anything");
    }
}

/// The same of what goes on inside events, and of what clashes there.
async fn within(client: &Client, world: &World, planted: &Planted, viewer: &Viewer, changed: &BTreeSet<String>) {
    let inside = &planted.inside;
    let [got, told] = inside.expected(world, viewer);
    let own: BTreeSet<String> = inside.all();
    let changed = changed.intersection(&own).cloned().collect::<BTreeSet<_>>();
    for (door, found, expected) in [
        ("lists inside events", inside.listed(client, planted, world).await, &got),
        ("ids inside events", inside.by_id(client).await, &got),
        ("changes inside events", changed, &told),
    ] {
        assert_eq!(&found, expected, "{door} of {viewer:?} in {world:#?}\n{inside:#?}");
    }
    let of_sessions: BTreeSet<String> = inside.duties.iter().chain(&inside.items).cloned().collect();
    let of_sessions: BTreeSet<String> = got.intersection(&of_sessions).cloned().collect();
    let found = inside.of_sessions(client, planted, world).await;
    assert_eq!(found, of_sessions, "sessions of {viewer:?} in {world:#?}\n{inside:#?}");
    for event in 0..planted.events.len() {
        let (found, expected) = (clashes(client, planted, planted.case, event).await, world.clashes(viewer, event));
        assert_eq!(found, expected, "clashes of event {event} for {viewer:?} in {world:#?}");
    }
}

/// The ids that the viewer is to get.
fn expected(world: &World, planted: &Planted, viewer: &Viewer) -> BTreeSet<String> {
    let pick = |ids: &[String], sees: &dyn Fn(usize) -> bool| {
        ids.iter().enumerate().filter(|(at, _)| sees(*at)).map(|(_, id)| id.clone()).collect::<Vec<_>>()
    };
    let mut ids = BTreeSet::new();
    ids.extend(pick(&planted.groups, &|at| world.sees_group(viewer, at)));
    ids.extend(pick(&planted.events, &|at| world.sees_event(viewer, at)));
    ids.extend(pick(&planted.sessions, &|at| world.sees_session(viewer, at)));
    ids.extend(pick(&planted.statements, &|at| world.sees_statement(viewer, at)));
    ids
}

/// All pages of all lists; small pages, so that there are several.
async fn listed(client: &Client, more: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for collection in ["groups", "events", "sessions", "statements"] {
        let mut path = format!("{collection}?limit=7{more}");
        loop {
            let page = client.get(&path).await.expect(200);
            ids.extend(
                page.json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page.json["next_cursor"].as_str() else { break };
            path = format!("{collection}?limit=7{more}&cursor={next}");
        }
    }
    ids
}

async fn by_id(client: &Client, planted: &Planted) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for (collection, of) in planted.collections() {
        for id in of {
            match client.get(&format!("{collection}/{id}")).await.status.as_u16() {
                200 => drop(ids.insert(id.clone())),
                status => assert_eq!(status, 404, "{collection}/{id}"),
            }
            let history = client.get(&format!("{collection}/{id}/history")).await.status.as_u16();
            assert_eq!(history == 200, ids.contains(id), "{collection}/{id}/history: {history}");
            if collection == "statements" {
                let export = client.get(&format!("statements/{id}/export")).await.status.as_u16();
                assert_eq!(export, if ids.contains(id) { 200 } else { 404 }, "statements/{id}/export");
            }
        }
    }
    ids
}

async fn changed(client: &Client) -> BTreeSet<String> {
    let (mut ids, mut path) = (BTreeSet::new(), "changes?limit=200".to_owned());
    loop {
        let page = client.get(&path).await.expect(200);
        let items = page.json["items"].as_array().unwrap();
        ids.extend(items.iter().map(|item| item["object_id"].as_str().unwrap().to_owned()));
        if page.json["more"] != json!(true) {
            return ids;
        }
        path = format!("changes?limit=200&after={}", page.json["next"].as_str().unwrap());
    }
}

/// The sessions of an event in the calendar that the viewer subscribes to; nobody subscribes without a name.
async fn calendar(client: &Client, viewer: &Viewer, event: &str) -> BTreeSet<String> {
    if matches!(viewer.who, Who::Anonymous) {
        let code = client.get(&format!("events/{event}")).await.json["code"].as_str().map(str::to_owned);
        let Some(code) = code else { return BTreeSet::new() };
        return sessions_in(&client.get(&format!("/ical/events/{code}.ics")).await.text);
    }
    let feed = json!({"kind": "event", "object_id": event, "name": "Mine", "access": "token"});
    let made = client.post("feeds", feed).await;
    let Some(url) = made.json["url"].as_str() else { return BTreeSet::new() };
    sessions_in(&client.get(&url[url.find("/ical/").unwrap()..]).await.text)
}

fn sessions_in(file: &str) -> BTreeSet<String> {
    let ids = file.lines().filter_map(|line| line.strip_prefix("UID:session-")?.split('@').next());
    ids.map(str::to_owned).collect()
}

/// What of it is to stand in calendars: what the viewer sees of the event, up to amber.
fn in_calendar(world: &World, planted: &Planted, viewer: &Viewer, event: usize) -> BTreeSet<String> {
    let below = Viewer { ceiling: viewer.ceiling.min(Tlp::Amber), ..viewer.clone() };
    if !world.sees_event(viewer, event) {
        return BTreeSet::new();
    }
    let of_event = (0..world.sessions.len()).filter(|at| world.sessions[*at].event == event);
    let announced = of_event.filter(|at| world.sessions[*at].announced);
    announced.filter(|at| world.sees_session(&below, *at)).map(|at| planted.sessions[at].clone()).collect()
}
