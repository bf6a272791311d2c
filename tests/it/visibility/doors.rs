//! What goes on inside events, put into a server, and the ways in which it can be come by.

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    affairs::Holder,
    model::{Viewer, Who, World},
    seed::Planted,
};
use crate::support::Client;

/// The ids of what goes on inside the events of a world, in its order.
#[derive(Debug, Default)]
pub struct Inside {
    pub duties: Vec<String>,
    pub items: Vec<String>,
    pub speakers: Vec<String>,
    pub polls: Vec<String>,
    pub requests: Vec<String>,
}

impl Inside {
    pub async fn new(planted: &Planted, world: &World, case: usize) -> Self {
        let (admin, affairs) = (&planted.staff, &world.affairs);
        let organisation = |own: &usize| format!("org{case}x{own}");
        let mut inside = Self::default();
        for (session, holder) in &affairs.duties {
            let duty = match holder {
                Holder::Person(at) => json!({"person_id": planted.persons[*at], "duty": "chair"}),
                Holder::Organisation(own) => json!({"delegation_id": organisation(own), "duty": "invited"}),
            };
            let path = format!("sessions/{}/duties", planted.sessions[*session]);
            inside.duties.push(admin.post(&path, duty).await.expect(201).id());
        }
        for item in &affairs.items {
            let said = json!({"title": {"en": "Item"}, "kind": "discussion", "visibility": item.shown});
            let path = format!("sessions/{}/agenda-items", planted.sessions[item.session]);
            inside.items.push(admin.post(&path, said).await.expect(201).id());
        }
        for (item, own) in &affairs.speakers {
            let path = format!("agenda-items/{}/speakers", inside.items[*item]);
            let speaker = json!({"delegation_id": organisation(own)});
            inside.speakers.push(admin.post(&path, speaker).await.expect(201).id());
        }
        for (event, asked) in &affairs.polls {
            let asked: Vec<String> = asked.iter().map(organisation).collect();
            let offers = json!([{"days": {"first": "2026-05-04", "last": "2026-05-05"}}]);
            let poll = json!({"title": {"en": "When"}, "organisation_ids": asked, "offers": offers});
            let path = format!("events/{}/polls", planted.events[*event]);
            inside.polls.push(admin.post(&path, poll).await.expect(201).id());
        }
        for (event, group) in &affairs.requests {
            let sittings = json!([{"minutes": 90}]);
            let request = json!({"group_id": planted.groups[*group], "title": {"en": "Meeting"}, "sittings": sittings});
            let path = format!("events/{}/session-requests", planted.events[*event]);
            inside.requests.push(admin.post(&path, request).await.expect(201).id());
        }
        inside
    }

    fn collections(&self) -> [(&'static str, &Vec<String>); 5] {
        [
            ("duties", &self.duties),
            ("agenda-items", &self.items),
            ("speakers", &self.speakers),
            ("polls", &self.polls),
            ("session-requests", &self.requests),
        ]
    }

    pub fn all(&self) -> BTreeSet<String> {
        self.collections().into_iter().flat_map(|(_, ids)| ids.clone()).collect()
    }

    /// What the viewer is to get, and what of it the change feed is to name: what is planned of people and what groups ask
    /// for is told to those alone who run the event, and what a duty opens not as it was before.
    pub fn expected(&self, world: &World, viewer: &Viewer) -> [BTreeSet<String>; 2] {
        let pick = |ids: &[String], sees: &dyn Fn(usize) -> bool| {
            ids.iter().enumerate().filter(|(at, _)| sees(*at)).map(|(_, id)| id.clone()).collect::<Vec<_>>()
        };
        let (mut got, mut told) = (BTreeSet::new(), BTreeSet::new());
        let before = world.before_duties();
        let staff = matches!(viewer.who, Who::Staff { .. });
        let planned = |at: usize| {
            let (session, _) = world.affairs.duties[at];
            before.sees_session(viewer, session) && world.oversees(viewer, world.sessions[session].event)
        };
        got.extend(pick(&self.duties, &|at| world.sees_duty(viewer, at)));
        told.extend(pick(&self.duties, &planned));
        got.extend(pick(&self.items, &|at| world.sees_item(viewer, at)));
        told.extend(pick(&self.items, &|at| before.sees_item(viewer, at)));
        got.extend(pick(&self.speakers, &|at| world.sees_speaker(viewer, at)));
        told.extend(pick(&self.speakers, &|at| before.sees_speaker(viewer, at)));
        for ids in [&mut got, &mut told] {
            ids.extend(pick(&self.polls, &|at| world.sees_poll(viewer, at)));
        }
        got.extend(pick(&self.requests, &|at| world.sees_request(viewer, at)));
        told.extend(pick(&self.requests, &|at| staff && world.sees_request(viewer, at)));
        [got, told]
    }

    /// What stands in the lists of all events, sessions and items that have any.
    pub async fn listed(&self, client: &Client, planted: &Planted, world: &World) -> BTreeSet<String> {
        let mut paths: BTreeSet<String> = BTreeSet::new();
        for event in &planted.events {
            paths.extend(["duties", "polls", "session-requests"].map(|list| format!("events/{event}/{list}?limit=3")));
        }
        let items = world.affairs.items.iter().map(|item| &planted.sessions[item.session]);
        paths.extend(items.map(|session| format!("sessions/{session}/agenda-items?limit=3")));
        let mut ids = BTreeSet::new();
        for path in paths {
            ids.extend(pages(client, &path).await);
        }
        for item in &self.items {
            let list = client.get(&format!("agenda-items/{item}/speakers-list")).await;
            ids.extend(members(&list.json["speakers"]));
        }
        ids
    }

    /// The same by other ways to the same: the duties and the agenda of one session.
    pub async fn of_sessions(&self, client: &Client, planted: &Planted, world: &World) -> BTreeSet<String> {
        let (mut ids, affairs) = (BTreeSet::new(), &world.affairs);
        let with_duties: BTreeSet<_> = affairs.duties.iter().map(|(session, _)| *session).collect();
        for session in with_duties {
            ids.extend(pages(client, &format!("sessions/{}/duties?limit=2", planted.sessions[session])).await);
        }
        let with_items: BTreeSet<_> = affairs.items.iter().map(|item| item.session).collect();
        for session in with_items {
            let agenda = client.get(&format!("sessions/{}/agenda", planted.sessions[session])).await;
            let seen = self.items.iter().filter(|id| agenda.status == 200 && agenda.text.contains(id.as_str()));
            ids.extend(seen.cloned());
        }
        ids
    }

    pub async fn by_id(&self, client: &Client) -> BTreeSet<String> {
        let mut ids = BTreeSet::new();
        for (collection, of) in self.collections() {
            for id in of {
                match client.get(&format!("{collection}/{id}")).await.status.as_u16() {
                    200 => drop(ids.insert(id.clone())),
                    status => assert!([401, 403, 404].contains(&status), "{collection}/{id}: {status}"),
                }
            }
        }
        ids
    }
}

/// All pages of a list, if there is one to the viewer.
async fn pages(client: &Client, path: &str) -> BTreeSet<String> {
    let (mut ids, mut next) = (BTreeSet::new(), path.to_owned());
    loop {
        let page = client.get(&next).await;
        if page.status != 200 {
            assert!([401, 403, 404].contains(&page.status.as_u16()), "{next}: {}", page.text);
            return ids;
        }
        ids.extend(members(&page.json["items"]));
        let Some(cursor) = page.json["next_cursor"].as_str() else { return ids };
        next = format!("{path}&cursor={cursor}");
    }
}

fn members(list: &serde_json::Value) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The clashes of those who chair two sessions at once, as the viewer is told of them: which sessions each names, and
/// whether it names all. No clash names a session that the viewer does not see.
pub async fn clashes(client: &Client, planted: &Planted, case: usize, event: usize) -> Vec<(Vec<usize>, bool)> {
    let answer = client.get(&format!("events/{}/clashes?limit=200", planted.events[event])).await;
    if answer.status != 200 {
        assert!([401, 403, 404].contains(&answer.status.as_u16()), "{}", answer.text);
        return vec![];
    }
    let mut found = vec![];
    for clash in answer.json["items"].as_array().unwrap() {
        let text = clash.to_string();
        let named = |at: &usize| text.contains(planted.sessions[*at].as_str());
        let sessions: Vec<usize> = (0..planted.sessions.len()).filter(named).collect();
        let message = clash["message"].as_str().unwrap();
        for at in (0..planted.sessions.len()).filter(|at| !sessions.contains(at)) {
            assert!(!speaks_of(message, &format!("case{case}x session {at}")), "{message}");
        }
        if clash["rule"] == "person_overlap_chair" {
            found.push((sessions, !message.contains("another commitment")));
        }
    }
    found.sort();
    found
}

/// Whether a title stands there, and not a longer one.
fn speaks_of(message: &str, title: &str) -> bool {
    message.match_indices(title).any(|(at, _)| !message[at + title.len()..].starts_with(|c: char| c.is_ascii_digit()))
}
