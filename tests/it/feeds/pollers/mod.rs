//! Calendars over time: whatever becomes of a programme, and whenever each of its subscribers looks, what they hold is
//! the programme as it is released and as they may see it, to the entry and to the byte.

mod history;
mod programme;
mod subscriber;

use std::collections::BTreeMap;

use domain::access::{Account, NewKey, Role};
use jiff::SignedDuration;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::json;

use super::{subscribe, world::organisation};
use crate::{
    on_both,
    support::{Client, Server, setting},
};
use history::{Meeting, Step, steps};
use programme::{Eyes, Object, Programme, Wanted};
use subscriber::{Habit, Subscriber};

/// Histories tried on each run; `PLENUM_TEST_CASES` tries more.
const CASES: usize = 3;
/// What happens in each, fetches included.
const STEPS: usize = 120;

/// How often something happened, over all histories.
#[derive(Debug, Default)]
struct Counts {
    done: usize,
    refused: usize,
    fresh: usize,
    known: usize,
    entries: usize,
    /// The steps that were refused, by the problem.
    problems: BTreeMap<String, usize>,
}

on_both! {
    async fn whoever_polls_holds_what_is_released_and_nothing_else(server) {
        let cases = setting("CASES").map_or(CASES, |cases| cases.parse().unwrap());
        let (mut runner, mut counts, mut server) = (TestRunner::deterministic(), Counts::default(), server);
        for case in 0..cases {
            let history = steps(STEPS).new_tree(&mut runner).unwrap().current();
            server = lived(server, case, &history, &mut counts).await;
        }
        eprintln!("{cases} histories: {counts:?}");
        assert!(counts.done > 20 * cases && counts.done > counts.refused, "{counts:?}: too little happened");
        assert!(counts.fresh > 20 * cases && counts.known > 10 * cases, "{counts:?}: too few fetches");
        assert!(counts.entries > 100 * cases, "{counts:?}: calendars were mostly empty");
    }
}

/// One history and its subscribers, on a server that is started anew now and then, so that nothing is in its memory.
async fn lived(mut server: Server, case: usize, history: &[Step], counts: &mut Counts) -> Server {
    let admin = server.admin().await;
    let mut meeting = Meeting::new(admin, case).await;
    let mut subscribers = subscribers(&server, &meeting).await;
    for (number, step) in history.iter().enumerate() {
        let told = || format!("history {case}, step {number}: {:?}", &history[..=number]);
        match step {
            Step::Poll(at) => {
                let at = usize::from(*at) % subscribers.len();
                let looked = look(&server, &meeting, &mut subscribers[at], counts).await;
                assert!(looked.is_ok(), "{}\n{}", looked.unwrap_err(), told());
            }
            Step::Restart => server = server.configured(|_| {}),
            Step::Wait(minutes) => server.advance(SignedDuration::from_mins((*minutes).into())),
            step => {
                meeting.admin = meeting.admin.at(&server);
                match meeting.take(step).await {
                    Ok(()) => counts.done += 1,
                    Err(problem) => {
                        counts.refused += 1;
                        *counts.problems.entry(problem).or_default() += 1;
                    }
                }
            }
        }
    }
    server.advance(SignedDuration::from_mins(2));
    for round in ["as they come", "again"] {
        for subscriber in &mut subscribers {
            let looked = look(&server, &meeting, subscriber, counts).await;
            let told = || format!("at the end, {round}, of history {case}: {history:?}");
            assert!(looked.is_ok(), "{}\n{}", looked.unwrap_err(), told());
        }
        server = server.configured(|_| {});
    }
    server
}

/// One fetch of one subscriber, judged by the programme as it stands.
async fn look(
    server: &Server,
    meeting: &Meeting,
    subscriber: &mut Subscriber,
    counts: &mut Counts,
) -> Result<(), String> {
    let programme = Programme::read(&meeting.admin.at(server), meeting).await;
    let known = subscriber.poll(&server.anonymous(), &programme).await?;
    *(if known { &mut counts.known } else { &mut counts.fresh }) += 1;
    counts.entries += subscriber.entries();
    Ok(())
}

/// Who subscribes: everybody, the secretariat in several ways, a key that may be ended, somebody who manages the delegation
/// that comes to the first event and later does not, and somebody who follows the group.
async fn subscribers(server: &Server, meeting: &Meeting) -> Vec<Subscriber> {
    let (first, second, group) = (meeting.code("first"), meeting.code("second"), meeting.code("group"));
    let everybody = Wanted::default();
    let mut all = vec![
        Subscriber::new(format!("/ical/events/{first}.ics"), Object::Event(0), everybody, Habit::Tag),
        Subscriber::new(format!("/ical/events/{first}.ics"), Object::Event(0), everybody, Habit::Date),
        Subscriber::new(format!("/ical/events/{second}.ics"), Object::Event(1), everybody, Habit::Both),
        Subscriber::new(format!("/ical/groups/{group}.ics"), Object::Group, everybody, Habit::Tag),
        Subscriber::new(format!("/ical/groups/{group}/all.ics"), Object::Group, everybody, Habit::Date),
    ];
    let staff = server.role(Role::Secretariat).await;
    let ended = server.with_key(&meeting.key_to_end);
    let manager = manager(server, meeting).await;
    let (event, group) = (json!({"object_id": first}), json!({"kind": "group", "object_id": group}));
    let token = Wanted { eyes: Eyes::Staff, ..Wanted::default() };
    let few = Wanted { eyes: Eyes::Manager, ..Wanted::default() };
    for (owner, of, more, wanted, habit) in [
        (&staff, &event, json!({}), token, Habit::Tag),
        (&staff, &group, json!({"language": "pl"}), Wanted { polish: true, ..token }, Habit::Tag),
        (&staff, &event, json!({"detail": "title_only"}), Wanted { bare: true, ..token }, Habit::Both),
        (&staff, &group, json!({"detail": "busy_only"}), Wanted { busy: true, ..token }, Habit::Tag),
        (&staff, &event, json!({"without_cancelled": true}), Wanted { without_cancelled: true, ..token }, Habit::Date),
        (&ended, &event, json!({"alarm_minutes": 15}), Wanted { eyes: Eyes::Ended, ..token }, Habit::Tag),
        (&manager, &event, json!({}), few, Habit::Tag),
        (&manager, &event, json!({"detail": "title_only"}), Wanted { bare: true, ..few }, Habit::Date),
        (&manager, &group, json!({"without_cancelled": true}), Wanted { without_cancelled: true, ..few }, Habit::Tag),
    ] {
        let object = if of == &event { Object::Event(0) } else { Object::Group };
        all.push(Subscriber::new(feed(owner, of, more).await, object, wanted, habit));
    }
    let fan = follower(server, meeting).await;
    let own = json!({"kind": "person", "object_id": "me"});
    all.push(Subscriber::new(feed(&fan, &own, json!({})).await, Object::Group, token, Habit::Tag));
    all
}

/// One of the secretariat who follows the group: their own calendar holds what the group's does.
async fn follower(server: &Server, meeting: &Meeting) -> Client {
    let person = json!({"display_name": "Follower"});
    let person = meeting.admin.post("persons", person).await.expect(201).id();
    let account = Account::of(Role::Secretariat, format!("{person}@example.org"), "Follower");
    let client = server.signed_in(Account { person_id: Some(person.as_str().into()), ..account }).await;
    let group = json!({"kind": "group", "object_id": meeting.code("group")});
    client.post("me/follows", group).await.expect(201);
    client
}

/// The path of a new feed.
async fn feed(owner: &Client, of: &serde_json::Value, more: serde_json::Value) -> String {
    let mut body = of.clone();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    subscribe(owner, body).await.0
}

/// Somebody who manages, at the first event, the delegation of the organisation that comes and goes.
async fn manager(server: &Server, meeting: &Meeting) -> Client {
    let email = format!("manager-{}@example.org", meeting.code("first"));
    let account = Account::of(Role::DelegationManager, email, "Manager");
    let event_ids = vec![meeting.code("first").as_str().into()];
    let organisation_id = Some(meeting.organisation.as_str().into());
    server.signed_in(Account { organisation_id, event_ids, ..account }).await
}

/// A key of the secretariat, to be ended some time: its id and its secret.
async fn key(admin: &Client) -> (String, String) {
    let key = NewKey { name: "For a while".to_owned(), role: Role::Secretariat, ..NewKey::default() };
    let made = admin.post("keys", serde_json::to_value(key).unwrap()).await.expect(201);
    (made.id(), made.json["secret"].as_str().unwrap().to_owned())
}

/// The organisation whose delegation comes and goes.
async fn sender(admin: &Client, code: &str) -> String {
    organisation(admin, code).await
}
