//! Invitations that no mail was sent for, where it is about who may see and do what.

use api::context::Ctx;
use domain::access::{Actor, Resource, Target};
use entity::{
    attendance::{invitation, invitation_mail, invitation_reply},
    schedule::session,
};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::Server;

/// Somebody is invited to a session, by so many mails, and answered in these words; gives the invitation. It is over in
/// the year 2030.
pub async fn plant(server: &Server, session: &str, person: &str, mails: usize, words: &str) -> String {
    let id = || server.app.entropy.uuid(server.app.clock.now()).unwrap();
    let (at, ends_at) = ("2026-03-01T00:00:00Z".parse().unwrap(), "2030-01-01T00:00:00Z".parse().unwrap());
    let session = Uuid::parse_str(session).unwrap();
    let event = session::Entity::find_by_id(session).one(server.app.db.read()).await.unwrap().unwrap().event_id;
    let invitation = invitation::Model {
        id: id(),
        version: 1,
        created_at: at,
        changed_at: at,
        event_id: event,
        session_id: session,
        person_id: Uuid::parse_str(person).unwrap(),
        starts_at: at,
        ends_at,
        method: Some("request".into()),
        sequence: 0,
        title: "Opening".into(),
        said: "said".into(),
        shown: "shown".into(),
        sent_at: Some(at),
        answer: "declined".into(),
        answered_at: Some(at),
        answered_via: Some("link".into()),
        comment: Some(words.into()),
        delegated_to: Some(words.into()),
        reply_stamp: None,
    };
    let mail = |_| invitation_mail::Model {
        id: id(),
        invitation_id: invitation.id,
        method: "request".into(),
        sequence: 0,
        sent_at: at,
        outcome: "sent".into(),
        again: false,
    };
    let mails: Vec<_> = (0..mails).map(mail).map(IntoActiveModel::into_active_model).collect();
    let made = invitation.id.to_string();
    let permit = Actor::console().permit(Resource::Attendance, Target::default()).unwrap();
    let tx = Ctx::internal(&server.app, "console").write(permit).await.unwrap();
    invitation::Entity::insert(invitation.into_active_model()).exec_without_returning(tx.connection()).await.unwrap();
    invitation_mail::Entity::insert_many(mails).exec_without_returning(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
    made
}

/// Somebody answered to that invitation what the secretariat has to look at; gives that answer.
pub async fn plant_reply(server: &Server, invitation: &str, words: &str) -> String {
    let at = "2026-03-01T00:00:00Z".parse().unwrap();
    let invitation = Uuid::parse_str(invitation).unwrap();
    let event = invitation::Entity::find_by_id(invitation).one(server.app.db.read()).await.unwrap().unwrap().event_id;
    let reply = invitation_reply::Model {
        id: server.app.entropy.uuid(server.app.clock.now()).unwrap(),
        version: 1,
        created_at: at,
        changed_at: at,
        event_id: event,
        invitation_id: invitation,
        reason: "other_sender".into(),
        sender: Some(words.into()),
        attendee: Some(words.into()),
        answer: Some("accepted".into()),
        delegated_to: Some(words.into()),
        comment: Some(words.into()),
        state: "open".into(),
    };
    let made = reply.id.to_string();
    let permit = Actor::console().permit(Resource::Attendance, Target::default()).unwrap();
    let tx = Ctx::internal(&server.app, "console").write(permit).await.unwrap();
    invitation_reply::Entity::insert(reply.into_active_model()).exec_without_returning(tx.connection()).await.unwrap();
    tx.commit().await.unwrap();
    made
}
