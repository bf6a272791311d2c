//! Sessions, groups and delegations for tests of feeds, written as their capabilities write them.

use api::{context::Ctx, db::Tx};
use domain::{
    Language,
    access::{Actor, Resource, Target},
    calendars::{Class, Detail, Entry, Span, Status, Text, When, place},
};
use entity::{attendance::delegation, groups::group, schedule::session};
use jiff::Timestamp;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use crate::support::Server;

/// A session to be placed.
pub struct Sitting {
    pub event: Uuid,
    pub group: Option<Uuid>,
    pub title: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub visibility: &'static str,
}

fn chrono(at: Timestamp) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_micros(at.as_microsecond()).unwrap()
}

fn instant(at: &str) -> chrono::DateTime<chrono::Utc> {
    chrono(at.parse().unwrap())
}

async fn write(server: &Server) -> Tx {
    let permit = Actor::console().permit(Resource::Sessions, Target::default()).unwrap();
    Ctx::internal(&server.app, "console").write(permit).await.unwrap()
}

/// Places a session; gives its id.
pub async fn place_session(server: &Server, sitting: &Sitting) -> Uuid {
    let tx = write(server).await;
    let (id, now) = (tx.new_id().unwrap(), chrono(tx.now()));
    let row = session::Model {
        id,
        version: 1,
        created_at: now,
        changed_at: now,
        deleted_at: None,
        event_id: sitting.event,
        number: i32::from_be_bytes(id.as_bytes()[12..].try_into().unwrap()),
        kind: "plenary".into(),
        title: json!({"en": sitting.title, "pl": format!("{} po polsku", sitting.title)}),
        description: json!({"en": "What is in the papers"}),
        track: None,
        group_id: sitting.group,
        room_id: None,
        starts_local: None,
        ends_local: None,
        starts_at: Some(instant(sitting.from)),
        ends_at: Some(instant(sitting.to)),
        languages: json!(["en"]),
        state: "scheduled".into(),
        cancel_reason: None,
        visibility: sitting.visibility.into(),
        sequence: 0,
        vevent: None,
        search_key: String::new(),
        sort_key: sitting.from.into(),
    };
    let row = session::Model { vevent: Some(rendered(&row)), ..row };
    session::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.connection()).await.unwrap();
    touch(&tx, &row);
    tx.commit().await.unwrap();
    id
}

/// Changes a session as its capability would: another version, a new rendering, its feeds marked.
pub async fn change_session(server: &Server, id: Uuid, change: impl FnOnce(&mut session::Model)) {
    let tx = write(server).await;
    let mut row = session::Entity::find_by_id(id).one(tx.connection()).await.unwrap().unwrap();
    change(&mut row);
    row.version += 1;
    row.sequence += 1;
    row.changed_at = chrono(tx.now());
    row.vevent = Some(rendered(&row));
    touch(&tx, &row);
    row.into_active_model().reset_all().update(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Moves a session to another time.
pub async fn move_session(server: &Server, id: Uuid, from: &str, to: &str) {
    change_session(server, id, |row| {
        row.starts_at = Some(instant(from));
        row.ends_at = Some(instant(to));
    })
    .await;
}

fn touch(tx: &Tx, row: &session::Model) {
    tx.touch_feeds(format!("event:{}", row.event_id));
    if let Some(group) = row.group_id {
        tx.touch_feeds(format!("group:{group}"));
    }
}

fn rendered(row: &session::Model) -> String {
    let instant = |at: chrono::DateTime<chrono::Utc>| Timestamp::from_microsecond(at.timestamp_micros()).unwrap();
    let entry = Entry {
        uid: Text::line(&format!("session-{}@plenum", row.id)),
        sequence: row.sequence,
        created: instant(row.created_at),
        changed: instant(row.changed_at),
        when: When::Once(Span::new(instant(row.starts_at.unwrap()), instant(row.ends_at.unwrap())).unwrap()),
        status: if row.state == "cancelled" { Status::Cancelled } else { Status::Confirmed },
        takes_time: false,
        summary: Text::line(row.title["en"].as_str().unwrap()),
        location: place(["Crystal Hall", "Seoul"]),
        position: None,
        description: Some(Text::long("What is in the papers; read it, all.")),
        url: None,
        categories: vec![],
        class: Class::Public,
    };
    entry.vevent(Detail::Full, &Language::english())
}

/// A public group; gives its id.
pub async fn make_group(server: &Server, code: &str) -> Uuid {
    let tx = write(server).await;
    let (id, now) = (tx.new_id().unwrap(), chrono(tx.now()));
    let row = group::Model {
        id,
        version: 1,
        created_at: now,
        changed_at: now,
        deleted_at: None,
        code: code.into(),
        code_key: code.into(),
        kind: "working_group".into(),
        name: json!({"en": "Working group on cybersecurity"}),
        name_forms: json!({}),
        mandate: json!({"en": "Practice and policy"}),
        parent_id: None,
        state: "active".into(),
        visibility: "public".into(),
        languages: json!(["en"]),
        founded_on: None,
        search_key: code.into(),
        sort_key: code.into(),
    };
    group::Entity::insert(row.into_active_model()).exec_without_returning(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// A delegation of the organisation at the event; gives its id.
pub async fn make_delegation(server: &Server, event: Uuid, organisation: Uuid) -> Uuid {
    let tx = write(server).await;
    let (id, now) = (tx.new_id().unwrap(), chrono(tx.now()));
    let row = delegation::Model {
        id,
        version: 1,
        created_at: now,
        changed_at: now,
        deleted_at: None,
        event_id: event,
        organisation_id: organisation,
        category: "participant".into(),
        state: "accepted".into(),
        invitation_reference: None,
        reply_due: None,
    };
    delegation::Entity::insert(row.into_active_model()).exec_without_returning(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Takes a delegation away.
pub async fn remove_delegation(server: &Server, id: Uuid) {
    let tx = write(server).await;
    let now = chrono(tx.now());
    let row = delegation::ActiveModel {
        id: Set(id),
        version: Set(2),
        changed_at: Set(now),
        deleted_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
}
