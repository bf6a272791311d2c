//! Queries of answers that somebody has to look at.

use ::entity::attendance::invitation_reply::{ActiveModel, Column, Entity, Model};
use domain::{
    access::Actor,
    attendance::invitation_reply::{Decision, InvitationReply, Reason, State},
    calendars::Participation,
    identifier::{EventId, Handle},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    access::store::inside_event_visible,
    db::{self, Page, Paging, Tx, Visible, from_chrono, page_of, to_chrono},
    error::Error,
};

/// One page of the answers at an event that the actor may see, the first first.
pub async fn reply_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    (event, state): (EventId, Option<State>),
    paging: &Paging,
) -> Result<Page<Visible<InvitationReply>>, Error> {
    let mut select = Entity::find().filter(Column::EventId.eq(event.0)).filter(reply_visible(actor));
    if let Some(state) = state {
        select = select.filter(Column::State.eq(state.as_str()));
    }
    page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?.try_map(read)
}

/// The only finder of one answer.
pub async fn reply_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<InvitationReply>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(reply_visible(actor)).one(connection).await?;
    read(row.ok_or(Error::NotFound)?)
}

/// How many answers to an invitation nobody has looked at.
pub async fn replies_open(tx: &Tx, invitation: Uuid) -> Result<u64, Error> {
    let open = Entity::find().filter(Column::InvitationId.eq(invitation));
    Ok(open.filter(Column::State.eq(State::Open.as_str())).count(tx.connection()).await?)
}

/// Adds a row.
pub async fn reply_insert(tx: &Tx, reply: InvitationReply) -> Result<Visible<InvitationReply>, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        changed_at: Set(to_chrono(tx.now())),
        event_id: Set(reply.event_id.0),
        invitation_id: Set(reply.invitation_id),
        reason: Set(reply.reason.to_string()),
        sender: Set(reply.sender),
        attendee: Set(reply.attendee),
        answer: Set(reply.answer.map(|answer| answer.to_string())),
        delegated_to: Set(reply.delegated_to),
        comment: Set(reply.comment),
        state: Set(reply.state.to_string()),
    };
    read(Entity::insert(row).exec_with_returning(tx.connection()).await?)
}

/// Keeps what was decided, if nobody was faster.
pub async fn reply_decide(
    tx: &Tx,
    reply: &Visible<InvitationReply>,
    to: Decision,
) -> Result<Visible<InvitationReply>, Error> {
    let row = ActiveModel {
        version: Set(reply.version + 1),
        changed_at: Set(to_chrono(tx.now())),
        state: Set(to.to_string()),
        ..Default::default()
    };
    let update = Entity::update_many().set(row).filter(Column::Id.eq(reply.id));
    let rows = update.filter(Column::Version.eq(reply.version)).exec_with_returning(tx.connection()).await?;
    read(rows.into_iter().next().ok_or(Error::Stale(None))?)
}

/// Those who plan an event see what strangers write to it; nobody else does.
fn reply_visible(actor: &Actor) -> Condition {
    inside_event_visible(actor, Column::EventId, |_| Condition::any().add(Column::Id.is_null()))
}

fn read(row: Model) -> Result<Visible<InvitationReply>, Error> {
    let content = InvitationReply {
        invitation_id: row.invitation_id,
        event_id: EventId(row.event_id),
        reason: db::word(&row.reason, Reason::parse)?,
        sender: row.sender,
        attendee: row.attendee,
        answer: row.answer.as_deref().map(|word| db::word(word, Participation::parse)).transpose()?,
        delegated_to: row.delegated_to,
        comment: row.comment,
        state: db::word(&row.state, State::parse)?,
    };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
}
