//! Random histories of a group with two events, taken through the API; and what in them only one may do.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Answer, Client};

/// What happens next. Numbers name what there is, counted round; a step that the rules refuse changes nothing.
#[derive(Debug, Clone)]
pub enum Step {
    /// A subscriber fetches.
    Poll(u8),
    /// The server is started anew.
    Restart,
    /// So many minutes pass.
    Wait(u16),
    /// A session is drafted in one of the events.
    Add { event: usize, session: Value },
    /// A session gets another sitting.
    Sitting { of: u8, placement: Value },
    /// A session is changed at once; one that nobody was told of, in the draft.
    Change(u8, Value),
    /// A change of a session is planned.
    Plan(u8, Value),
    /// A session takes a step: announced, called off, held, taken back.
    To(u8, &'static str),
    /// A session is deleted.
    Delete(u8),
    /// The last change of a draft is undone.
    Undo(usize),
    /// A draft is released.
    Release(usize),
    /// A draft goes back to a release.
    Reset(usize, u8),
    /// An event is changed: its days, its title, its city, its group, who may see it.
    Event(usize, Value),
    /// An event takes a step.
    EventTo(usize, &'static str),
    /// A room is renamed.
    Room(usize, u8),
    /// The delegation comes, or comes no more.
    Delegation(bool),
    /// A key is ended.
    EndKey,
}

const VISIBILITIES: [&str; 4] = ["public", "signed_in", "participants", "secretariat"];
const ROOMS: usize = 5;

/// Histories of so many steps.
pub fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let event = || 0..2_usize;
    let which = any::<u8>;
    let to = prop::sample::select(vec!["scheduled", "scheduled", "cancelled", "draft", "held"]);
    let event_to = prop::sample::select(vec!["announced", "announced", "tentative", "cancelled", "running"]);
    let step = prop_oneof![
        40 => which().prop_map(Step::Poll),
        2 => Just(Step::Restart),
        8 => (0..600_u16).prop_map(Step::Wait),
        12 => (event(), session()).prop_map(|(event, session)| Step::Add { event, session }),
        2 => (which(), placement()).prop_map(|(of, placement)| Step::Sitting { of, placement }),
        14 => (which(), change()).prop_map(|(at, change)| Step::Change(at, change)),
        8 => (which(), plan()).prop_map(|(at, plan)| Step::Plan(at, plan)),
        12 => (which(), to).prop_map(|(at, to)| Step::To(at, to)),
        3 => which().prop_map(Step::Delete),
        4 => event().prop_map(Step::Undo),
        6 => event().prop_map(Step::Release),
        1 => (event(), which()).prop_map(|(event, to)| Step::Reset(event, to)),
        6 => (event(), event_change()).prop_map(|(event, change)| Step::Event(event, change)),
        3 => (event(), event_to).prop_map(|(event, to)| Step::EventTo(event, to)),
        2 => (0..ROOMS, which()).prop_map(|(room, name)| Step::Room(room, name)),
        4 => any::<bool>().prop_map(Step::Delegation),
    ];
    let ends = prop::option::weighted(0.5, 0..count);
    // It does not begin with nothing.
    let first = prop::collection::vec((event(), session()), 8)
        .prop_map(|all| all.into_iter().map(|(event, session)| Step::Add { event, session }).collect::<Vec<_>>());
    (first, prop::collection::vec(step, count), ends).prop_map(|(first, mut steps, end)| {
        if let Some(at) = end {
            steps.insert(at, Step::EndKey);
        }
        [first, vec![Step::Release(0), Step::Release(1)], steps].concat()
    })
}

/// An hour on one of the days.
fn placement() -> impl Strategy<Value = Value> {
    (6..=10_u8, 8..20_u8).prop_map(|(day, hour)| {
        let at = |hour: u8| format!("2026-10-{day:02}T{hour:02}:00:00");
        json!({"start": at(hour), "end": at(hour + 1)})
    })
}

fn title() -> impl Strategy<Value = Value> {
    let word =
        prop::sample::select(vec!["Opening", "Reports; norms, and trust", "Closing\nwords", "Zamknięcie", "Żółć 한국"]);
    (word, 0..40_usize, any::<bool>()).prop_map(|(word, long, polish)| {
        let text = format!("{word} {}", "on and on ".repeat(long % 9));
        if polish { json!({"en": text, "pl": format!("Po polsku: {text}")}) } else { json!({ "en": text }) }
    })
}

fn visibility() -> impl Strategy<Value = &'static str> {
    prop::sample::select(VISIBILITIES.to_vec())
}

fn session() -> impl Strategy<Value = Value> {
    (title(), visibility(), placement(), 0..=ROOMS, any::<bool>()).prop_map(
        |(title, visibility, placement, room, of_group)| {
            json!({
                "kind": "plenary", "title": title, "visibility": visibility, "placement": placement,
                "room_id": room, "group_id": of_group,
            })
        },
    )
}

/// A change of one thing of a session. Rooms and the group are named when the step is taken.
fn change() -> impl Strategy<Value = Value> {
    let label = prop::sample::select(vec!["clear", "green", "amber", "amber_strict"]);
    prop_oneof![
        3 => title().prop_map(|title| json!({ "title": title })),
        4 => placement().prop_map(|placement| json!({ "placement": placement })),
        1 => Just(json!({"placement": null})),
        3 => (0..=ROOMS).prop_map(|room| json!({ "room_id": room })),
        3 => visibility().prop_map(|visibility| json!({ "visibility": visibility })),
        1 => label.prop_map(|tlp| json!({ "tlp": tlp })),
        1 => any::<bool>().prop_map(|of_group| json!({ "group_id": of_group })),
        1 => title().prop_map(|text| json!({ "description": text })),
    ]
}

fn plan() -> impl Strategy<Value = Value> {
    prop_oneof![
        5 => change().prop_map(|change| json!({ "session": change })),
        1 => Just(json!({"cancel_reason": "The hall is flooded."})),
        1 => Just(json!({"cancel_reason": null})),
    ]
}

fn event_change() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => (4..=7_u8, 8..=11_u8).prop_map(|(first, last)| {
            json!({"starts_on": format!("2026-10-{first:02}"), "ends_on": format!("2026-10-{last:02}")})
        }),
        2 => title().prop_map(|title| json!({ "title": title })),
        1 => prop::sample::select(vec!["Seoul", "Busan"]).prop_map(|city| json!({"city": {"name": {"en": city}}})),
        1 => any::<bool>().prop_map(|of_group| json!({ "group_id": of_group })),
        3 => visibility().prop_map(|visibility| json!({ "visibility": visibility })),
        1 => Just(json!({"visibility": "public"})),
    ]
}

/// The group and its events, as far as they have come.
pub struct Meeting {
    /// Who takes the steps.
    pub admin: Client,
    /// The organisation whose delegation comes to the first event, and no more, and again.
    pub organisation: String,
    /// The secret of the key that is ended.
    pub key_to_end: String,
    /// Whether that has happened.
    pub key_ended: bool,
    case: usize,
    key: String,
    delegation: Option<String>,
    sessions: Vec<String>,
    releases: [Vec<String>; 2],
}

impl Meeting {
    /// A public group, an announced event of it and one of nobody, and rooms.
    pub async fn new(admin: Client, case: usize) -> Self {
        let (key, key_to_end) = super::key(&admin).await;
        let organisation = super::sender(&admin, &format!("ORG-{case}")).await;
        let meeting = Self {
            admin,
            organisation,
            key_to_end,
            key_ended: false,
            case,
            key,
            delegation: None,
            sessions: vec![],
            releases: [vec![], vec![]],
        };
        let admin = &meeting.admin;
        let code = meeting.code("group");
        let group = json!({"code": code, "kind": "working_group", "name": {"en": "Group"}, "visibility": "public"});
        admin.post("groups", group).await.expect(201);
        for room in 0..ROOMS {
            let code = meeting.code(&format!("room{room}"));
            let room = json!({"code": code, "name": {"en": code}, "venue": {"en": "Centre"}});
            admin.post("rooms", room).await.expect(201);
        }
        for (code, group) in [("first", Some(meeting.code("group"))), ("second", None)] {
            let event = json!({
                "code": meeting.code(code), "kind": "workshop", "title": {"en": "Meeting"}, "group_id": group,
                "city": {"name": {"en": "Seoul"}}, "time_zone": "Asia/Seoul", "starts_on": "2026-10-06",
                "ends_on": "2026-10-10", "languages": ["en", "pl"], "visibility": "public",
            });
            admin.post("events", event).await.expect(201);
        }
        let announced = json!({"to": "announced"});
        admin.post(&format!("events/{}/transitions", meeting.code("first")), announced).await.expect(200);
        meeting
    }

    /// The code of something of this history.
    pub fn code(&self, what: &str) -> String {
        format!("case{}-{what}", self.case)
    }

    /// The code of an event.
    pub fn event(&self, at: usize) -> String {
        self.code(["first", "second"][at])
    }

    /// Takes a step, or says why it was refused.
    pub async fn take(&mut self, step: &Step) -> Result<(), String> {
        let nothing = || Err("there is no session".to_owned());
        let admin = self.admin.header("If-Match", "*");
        let answer = match step {
            Step::Poll(_) | Step::Restart | Step::Wait(_) => return Ok(()),
            Step::Add { event, session } => {
                let mut session = self.named(session);
                session["event_id"] = json!(self.event(*event));
                let made = admin.post("sessions", session).await;
                self.sessions.extend((made.status == 201).then(|| made.id()));
                made
            }
            Step::Sitting { of, placement } => {
                let Some(path) = self.session(*of) else { return nothing() };
                let made = admin.post(&format!("{path}/sittings"), json!({ "placement": placement })).await;
                self.sessions.extend((made.status == 201).then(|| made.id()));
                made
            }
            Step::Change(at, change) => {
                let Some(path) = self.session(*at) else { return nothing() };
                admin.patch(&path, self.named(change)).await
            }
            Step::Plan(at, plan) => {
                let Some(path) = self.session(*at) else { return nothing() };
                let mut plan = plan.clone();
                if let Some(session) = plan.get_mut("session") {
                    *session = self.named(session);
                }
                admin.patch(&format!("{path}/plan"), plan).await
            }
            Step::To(at, to) => {
                let Some(path) = self.session(*at) else { return nothing() };
                let reason = (*to == "cancelled").then_some("Storm");
                admin.post(&format!("{path}/transitions"), json!({ "to": to, "reason": reason })).await
            }
            Step::Delete(at) => {
                let Some(path) = self.session(*at) else { return nothing() };
                let answer = admin.delete(&path).await;
                self.sessions.retain(|id| !answer.status.is_success() || !path.ends_with(id));
                answer
            }
            step => self.take_with_event(&admin, step).await,
        };
        assert!(answer.status.as_u16() < 500, "{step:?}: {}", answer.text);
        if answer.status.is_success() {
            return Ok(());
        }
        let step = format!("{step:?}").split(['(', ' ']).next().map(str::to_owned).unwrap_or_default();
        Err(format!("{step}: {} {:?}", answer.json["type"].as_str().unwrap_or_default(), answer.codes()))
    }

    /// The steps that are those of events, of rooms and of rights.
    async fn take_with_event(&mut self, admin: &Client, step: &Step) -> Answer {
        match step {
            Step::Undo(event) => admin.post(&format!("events/{}/draft/undo", self.event(*event)), json!({})).await,
            Step::Release(event) => {
                let name = json!({"name": format!("Version {}", self.releases[*event].len())});
                let made = admin.post(&format!("events/{}/releases", self.event(*event)), name).await;
                self.releases[*event].extend((made.status == 201).then(|| made.id()));
                made
            }
            Step::Reset(event, to) => {
                let releases = &self.releases[*event];
                let to = releases.get(usize::from(*to) % releases.len().max(1)).map_or("none", String::as_str);
                admin.post(&format!("events/{}/draft/reset", self.event(*event)), json!({ "release_id": to })).await
            }
            Step::Event(event, change) => {
                admin.patch(&format!("events/{}", self.event(*event)), self.named(change)).await
            }
            Step::EventTo(event, to) => {
                admin.post(&format!("events/{}/transitions", self.event(*event)), json!({ "to": to })).await
            }
            Step::Room(room, name) => {
                let name = json!({"name": {"en": format!("Hall {}", name % 3)}});
                admin.patch(&format!("rooms/{}", self.code(&format!("room{room}"))), name).await
            }
            Step::Delegation(comes) => self.send_delegation(admin, *comes).await,
            _ => {
                let answer = admin.delete(&format!("keys/{}", self.key)).await;
                self.key_ended |= answer.status.is_success();
                answer
            }
        }
    }

    async fn send_delegation(&mut self, admin: &Client, comes: bool) -> Answer {
        match &self.delegation {
            Some(id) if !comes => {
                let answer = admin.delete(&format!("delegations/{id}")).await;
                if answer.status.is_success() {
                    self.delegation = None;
                }
                answer
            }
            _ => {
                let body = json!({"organisation_id": self.organisation});
                let made = admin.post(&format!("events/{}/delegations", self.event(0)), body).await;
                if made.status.is_success() {
                    self.delegation = Some(made.id());
                }
                made
            }
        }
    }

    /// Whether the delegation comes.
    pub fn comes(&self) -> bool {
        self.delegation.is_some()
    }

    fn session(&self, at: u8) -> Option<String> {
        let id = self.sessions.get(usize::from(at) % self.sessions.len().max(1))?;
        Some(format!("sessions/{id}"))
    }

    /// What is to be written, with its room and its group by name.
    fn named(&self, body: &Value) -> Value {
        let mut body = body.clone();
        if let Some(room) = body.get("room_id").and_then(Value::as_u64) {
            let code =
                usize::try_from(room).ok().filter(|room| *room < ROOMS).map(|at| self.code(&format!("room{at}")));
            body["room_id"] = json!(code);
        }
        if let Some(of_group) = body.get("group_id").and_then(Value::as_bool) {
            body["group_id"] = json!(of_group.then(|| self.code("group")));
        }
        body
    }
}
