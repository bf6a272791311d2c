//! Random worlds, put into a server through its API, and the viewers who look at them.

use std::collections::BTreeSet;

use domain::{
    access::{Account, NewKey, Role, Tlp, Visibility},
    moment::Moment,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    affairs::affairs,
    doors::Inside,
    model::{ADMITTING, Audience, Event, Group, Session, Statement, Term, Viewer, Who, World},
};
use crate::support::{Client, Server};

pub const ORGANISATIONS: usize = 3;
pub const PERSONS: usize = 2;

/// Worlds of a few of everything. What the API would refuse is put right: what is public is clear, and a session is no
/// wider than its event.
pub fn worlds() -> impl Strategy<Value = World> {
    let group = (label(), prop::bool::weighted(0.4));
    let group = group.prop_map(|((visibility, audience, tlp), sealed)| Group { visibility, audience, tlp, sealed });
    let groups = prop::collection::vec(group, 4);
    let event = (prop::option::of(0..4_usize), label());
    let event = event.prop_map(|(group, (visibility, audience, tlp))| Event { group, visibility, audience, tlp });
    let events = prop::collection::vec(event, 8);
    let session = (0..8_usize, label(), prop::option::of(0..4_usize), prop::bool::weighted(0.8));
    let session = session.prop_map(|(event, (visibility, audience, tlp), group, announced)| Session {
        event,
        visibility,
        audience,
        tlp,
        group,
        announced,
    });
    let sessions = prop::collection::vec(session, 20);
    let statement = (0..8_usize, label(), any::<bool>());
    let statement = statement.prop_map(|(event, (visibility, audience, tlp), drafting)| Statement {
        event,
        visibility,
        audience,
        tlp,
        drafting,
    });
    let statements = prop::collection::vec(statement, 10);
    let term = prop::sample::select(vec![Term::Past, Term::Present, Term::Future]);
    let place = (term, any::<bool>());
    let memberships = prop::collection::btree_map((0..ORGANISATIONS, 0..4_usize), place, 6);
    let delegations = prop::collection::btree_set((0..ORGANISATIONS, 0..8_usize), 5);
    let affairs = affairs(20, 8, 4);
    (groups, events, sessions, statements, memberships, delegations, affairs).prop_map(
        |(groups, events, mut sessions, statements, memberships, delegations, affairs)| {
            for session in &mut sessions {
                let event: &Event = &events[session.event];
                session.visibility = session.visibility.inside(event.visibility);
                session.tlp = labelled(session.visibility, session.tlp).max(event.tlp);
            }
            let place = |((own, group), (term, member))| (own, group, term, member);
            let memberships = memberships.into_iter().map(place).collect();
            let affairs = affairs.fitting(|session| sessions[session].event, &delegations);
            let delegations = delegations.into_iter().collect();
            World { groups, events, sessions, statements, memberships, delegations, affairs }
        },
    )
}

fn label() -> impl Strategy<Value = (Visibility, Audience, Tlp)> {
    // The wider ones more often: most of what is narrow is hidden from all.
    let visibility = prop::sample::select(
        [Visibility::ALL, &[Visibility::Public, Visibility::SignedIn, Visibility::Participants, Visibility::Members]]
            .concat(),
    );
    let tlp = prop::sample::select([Tlp::ALL, &[Tlp::Clear, Tlp::Green, Tlp::Clear]].concat());
    let parties = prop::sample::subsequence((0..ORGANISATIONS).collect::<Vec<_>>(), 2);
    (visibility, parties, 0..PERSONS, tlp).prop_map(|(visibility, parties, person, tlp)| {
        let audience = match visibility {
            Visibility::Parties => Audience::Organisations(parties),
            Visibility::OwnDelegation => Audience::Organisations(parties[..1].to_vec()),
            Visibility::Named => Audience::Person(person),
            _ => Audience::Nobody,
        };
        (visibility, audience, labelled(visibility, tlp))
    })
}

fn labelled(visibility: Visibility, tlp: Tlp) -> Tlp {
    if visibility == Visibility::Public { Tlp::Clear } else { tlp }
}

/// Everybody who looks at a world, some of them from below a ceiling.
pub fn viewers(world: &World) -> Vec<Viewer> {
    let staff = |events: &[usize], groups: &[usize]| Who::Staff { events: events.to_vec(), groups: groups.to_vec() };
    let mut viewers = vec![
        Viewer { who: Who::Anonymous, ceiling: Tlp::Clear },
        Viewer { who: staff(&[], &[]), ceiling: Tlp::Red },
        Viewer { who: staff(&[], &[]), ceiling: Tlp::Amber },
        Viewer { who: staff(&[0, 3], &[]), ceiling: Tlp::Red },
        Viewer { who: staff(&[1], &[0, 2]), ceiling: Tlp::AmberStrict },
    ];
    for own in 0..ORGANISATIONS {
        viewers.push(Viewer { who: Who::Delegate(own), ceiling: Tlp::Red });
        viewers.push(Viewer { who: Who::Delegate(own), ceiling: Tlp::Green });
    }
    for (own, event) in world.delegations.iter().take(2) {
        viewers.push(Viewer { who: Who::Seated { own: *own, event: *event }, ceiling: Tlp::Red });
        let manager = Who::Manager { own: *own, events: vec![*event, 0] };
        viewers.push(Viewer { who: manager, ceiling: Tlp::Red });
    }
    viewers.extend((0..PERSONS).map(|at| Viewer { who: Who::Person(at), ceiling: Tlp::Red }));
    for groups in [vec![1], vec![0, 3]] {
        viewers.push(Viewer { who: Who::Chair(groups), ceiling: Tlp::Red });
    }
    assert!(world.groups.len() == 4 && world.events.len() == 8);
    viewers
}

/// A world in a server: the ids of its objects.
pub struct Planted {
    pub groups: Vec<String>,
    pub events: Vec<String>,
    pub sessions: Vec<String>,
    pub statements: Vec<String>,
    pub all: BTreeSet<String>,
    pub inside: Inside,
    /// Which of the worlds in the server it is.
    pub case: usize,
    organisations: Vec<String>,
    pub persons: Vec<String>,
    /// Somebody who sees all, behind every seal too.
    pub staff: Client,
    admitting: Vec<String>,
}

impl Planted {
    pub async fn new(server: &Server, world: &World, case: usize) -> Self {
        let admin = server.signed_in(Account::of(Role::Admin, format!("staff{case}@example.org"), "Staff")).await;
        let mut planted = Self {
            groups: vec![],
            events: vec![],
            sessions: vec![],
            statements: vec![],
            all: BTreeSet::new(),
            inside: Inside::default(),
            case,
            organisations: vec![],
            persons: vec![],
            staff: admin.clone(),
            admitting: vec![],
        };
        for _ in 0..PERSONS {
            let person = admin.post("persons", json!({"display_name": "Somebody"})).await.expect(201);
            planted.persons.push(person.id());
        }
        for own in 0..ORGANISATIONS {
            let body = json!({"code": format!("org{case}x{own}"), "kind": "ngo", "names": {"en": {"list": "Some"}}});
            planted.organisations.push(admin.post("organisations", body).await.expect(201).id());
        }
        for (at, group) in world.groups.iter().enumerate() {
            let body = json!({
                "code": format!("case{case}x-group{at}"), "kind": "working_group", "name": {"en": "Group"},
                "visibility": group.visibility, "tlp": group.tlp, "audience_ids": planted.members(&group.audience),
            });
            planted.groups.push(admin.post("groups", body).await.expect(201).id());
        }
        for (at, event) in world.events.iter().enumerate() {
            planted.events.push(admin.post("events", planted.event(event, case, at)).await.expect(201).id());
        }
        for (at, session) in world.sessions.iter().enumerate() {
            let path = format!(
                "sessions/{}",
                admin.post("sessions", planted.session(session, case, at)).await.expect(201).id()
            );
            if session.announced {
                admin.post(&format!("{path}/transitions"), json!({"to": "scheduled"})).await.expect(200);
            }
            planted.sessions.push(path["sessions/".len()..].to_owned());
        }
        for (at, statement) in world.statements.iter().enumerate() {
            planted.statements.push(planted.statement(&admin, statement, case, at).await);
        }
        planted.tie(&admin, world).await;
        planted.inside = Inside::new(&planted, world, case).await;
        for (at, id) in planted.groups.iter().enumerate().filter(|(at, _)| world.groups[*at].sealed) {
            admin.post(&format!("groups/{id}/seal"), json!({})).await.expect(200);
            planted.admitting.extend(ADMITTING.contains(&at).then(|| id.clone()));
        }
        let all: Vec<_> = planted.collections().into_iter().flat_map(|(_, ids)| ids.clone()).collect();
        planted.all.extend(all);
        planted
    }

    pub fn collections(&self) -> [(&'static str, &Vec<String>); 4] {
        [
            ("groups", &self.groups),
            ("events", &self.events),
            ("sessions", &self.sessions),
            ("statements", &self.statements),
        ]
    }

    fn members(&self, audience: &Audience) -> Vec<&str> {
        match audience {
            Audience::Nobody => vec![],
            Audience::Organisations(named) => named.iter().map(|at| self.organisations[*at].as_str()).collect(),
            Audience::Person(at) => vec![&self.persons[*at]],
        }
    }

    fn event(&self, event: &Event, case: usize, at: usize) -> Value {
        json!({
            "code": format!("case{case}x-event{at}"), "kind": "workshop", "title": {"en": "Event"},
            "city": {"name": {"en": "Hanoi"}}, "time_zone": "UTC", "starts_on": "2026-05-04", "ends_on": "2026-05-05",
            "languages": ["en"], "visibility": event.visibility, "tlp": event.tlp,
            "audience_ids": self.members(&event.audience),
            "group_id": event.group.map(|group| self.groups[group].clone()),
        })
    }

    fn session(&self, session: &Session, case: usize, at: usize) -> Value {
        json!({
            "event_id": self.events[session.event], "kind": "plenary", "title": {"en": format!("case{case}x session {at}")},
            "visibility": session.visibility, "tlp": session.tlp, "audience_ids": self.members(&session.audience),
            "group_id": session.group.map(|group| self.groups[group].clone()),
            "placement": {"start": "2026-05-04T09:00:00", "end": "2026-05-04T10:00:00"},
        })
    }

    async fn statement(&self, admin: &Client, statement: &Statement, case: usize, at: usize) -> String {
        let body = json!({
            "code": format!("case{case}x-text{at}"), "event_id": self.events[statement.event], "kind": "joint_statement",
            "title": {"en": "Text"}, "drafting_language": "en", "languages": ["en"], "visibility": statement.visibility,
            "tlp": statement.tlp, "audience_ids": self.members(&statement.audience),
        });
        let id = admin.post("statements", body).await.expect(201).id();
        if !statement.drafting {
            let clause = json!({"part": "operative", "text": {"en": "The participants met."}});
            admin.post(&format!("statements/{id}/clauses"), clause).await.expect(201);
            admin.post(&format!("statements/{id}/transitions"), json!({"to": "tabled"})).await.expect(200);
        }
        id
    }

    async fn tie(&self, admin: &Client, world: &World) {
        for (own, group, term, member) in &world.memberships {
            let (from, to) = match term {
                Term::Past => ("2019-01-01", json!("2026-03-02T08:00:00Z")),
                Term::Present => ("2026-03-02T08:00:00Z", json!("2026-03-02T08:00:01Z")),
                Term::Future => ("2026-03-02T08:00:01Z", json!(null)),
            };
            let category = if *member { "member" } else { "observer" };
            let body = json!({"organisation_id": self.organisations[*own], "category": category, "valid_from": from, "valid_to": to});
            admin.post(&format!("groups/{}/memberships", self.groups[*group]), body).await.expect(201);
        }
        for (own, event) in &world.delegations {
            let body = json!({"organisation_id": self.organisations[*own]});
            admin.post(&format!("events/{}/delegations", self.events[*event]), body).await.expect(201);
        }
    }

    /// A guest who co-chairs the groups now, chaired the others until now, and has other functions everywhere.
    async fn chair(&self, server: &Server, groups: &[usize]) -> Client {
        let admin = &self.staff;
        let person = admin.post("persons", json!({"display_name": "Chair"})).await.expect(201).id();
        for (at, group) in self.groups.iter().enumerate() {
            let (from, to) = if groups.contains(&at) {
                ("2026-03-02T08:00:00Z", json!("2026-03-02T08:00:01Z"))
            } else {
                ("2019-01-01", json!("2026-03-02T08:00:00Z"))
            };
            for (function, from, to) in [("co_chair", from, to), ("rapporteur", "2019-01-01", json!(null))] {
                let role = json!({"person_id": person, "function": function, "valid_from": from, "valid_to": to});
                admin.post(&format!("groups/{group}/roles"), role).await.expect(201);
            }
        }
        guest(server, &person).await
    }

    /// A guest who is an adviser in the delegation.
    async fn seated(&self, server: &Server, own: usize, event: usize) -> Client {
        let admin = &self.staff;
        let person = admin.post("persons", json!({"display_name": "Adviser"})).await.expect(201).id();
        let organisation = admin.get(&format!("organisations/{}", self.organisations[own])).await.expect(200);
        let delegate = json!({"delegation_id": organisation.json["code"], "person_id": person, "function": "adviser"});
        admin.post(&format!("events/{}/delegates", self.events[event]), delegate).await.expect(201);
        guest(server, &person).await
    }

    /// Somebody who looks through the API, behind the seals that admit whoever comes in person.
    pub async fn client(&self, server: &Server, viewer: &Viewer) -> Client {
        let client = self.known(server, viewer).await;
        if viewer.in_person() {
            let account = client.get("me").await.expect(200).json["account_id"].as_str().unwrap().to_owned();
            for group in &self.admitting {
                self.staff.put(&format!("groups/{group}/seal/admissions/{account}"), json!(null)).await.expect(200);
            }
        }
        client
    }

    async fn known(&self, server: &Server, viewer: &Viewer) -> Client {
        let handles = |ids: &[String], of: &[usize]| of.iter().map(|at| ids[*at].as_str().into()).collect::<Vec<_>>();
        let key = match &viewer.who {
            Who::Anonymous => return server.anonymous(),
            Who::Staff { events, groups } => NewKey {
                role: Role::Secretariat,
                event_ids: handles(&self.events, events),
                group_ids: handles(&self.groups, groups),
                ..NewKey::default()
            },
            Who::Delegate(own) => NewKey {
                role: Role::Delegate,
                organisation_id: Some(self.organisations[*own].as_str().into()),
                ..NewKey::default()
            },
            Who::Manager { own, events } => {
                let organisation = self.organisations[*own].as_str();
                let account = Account::of(
                    Role::DelegationManager,
                    format!("{organisation}-{}@example.org", events[0]),
                    "Manager",
                );
                let event_ids = handles(&self.events, events);
                let account = Account { organisation_id: Some(organisation.into()), event_ids, ..account };
                let made = self.staff.post("accounts", serde_json::to_value(account).unwrap()).await.expect(201);
                return server.signs_in(&made.id()).await;
            }
            Who::Seated { own, event } => return self.seated(server, *own, *event).await,
            Who::Chair(groups) => return self.chair(server, groups).await,
            Who::Person(at) => return guest(server, &self.persons[*at]).await,
        };
        // The host names nothing that is behind a seal.
        let key = NewKey { name: "Looks".to_owned(), tlp_ceiling: viewer.ceiling, ..key };
        let made = self.staff.post("keys", serde_json::to_value(key).unwrap()).await.expect(201);
        server.with_key(made.json["secret"].as_str().unwrap())
    }
}

/// The browser of a guest with the account of this person.
async fn guest(server: &Server, person: &str) -> Client {
    let account = Account::of(Role::Guest, format!("{person}@example.org"), "Guest");
    let ends_at = Some(Moment::parse("2026-04-01").unwrap());
    server.signed_in(Account { person_id: Some(person.into()), ends_at, ..account }).await
}
