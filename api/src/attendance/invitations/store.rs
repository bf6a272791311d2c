//! Queries of invitations. The predicate of who may see which stands here and nowhere else.

use ::entity::{
    attendance::{
        invitation::{ActiveModel, Column, Entity, Model},
        invitation_mail, session_duty,
    },
    schedule::session,
};
use domain::{
    access::Actor,
    attendance::{
        Answer, Duty,
        invitation::{Channel, Invitation, Last, Outcome, SentMail},
    },
    calendars::{Method, Participation},
    identifier::{EventId, Handle, PersonId, SessionId},
    schedule::Slot,
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{in_event_visible, inside_event_visible},
    attendance::duties::store::people_of,
    db::{self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, page_of, to_chrono},
    error::Error,
    events::sittings,
};

/// An invitation as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What answers give of it.
    pub shown: Visible<Invitation>,
    /// Who is invited.
    pub person: PersonId,
    /// When the sitting is, as it was last told.
    pub span: (Timestamp, Timestamp),
    /// What the last mail called it.
    pub title: String,
    /// Digest of who could see the sitting when that was last looked at.
    pub seen_by: String,
    /// When the last answer by mail was written.
    pub reply_stamp: Option<Timestamp>,
    said: String,
}

impl Kept {
    /// What was sent last.
    pub fn last(&self) -> Option<Last> {
        let invitation = &self.shown.content;
        let (said, ends_at) = (self.said.clone(), self.span.1);
        invitation.method.map(|method| Last { method, sequence: invitation.sequence, said, ends_at })
    }

    /// The sitting.
    pub fn session(&self) -> SessionId {
        self.shown.content.session_id
    }
}

/// A part that somebody has in a session: whoever has one in a sitting is wanted there.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Who.
    pub person: PersonId,
    session: SessionId,
    sitting_only: bool,
    declined: bool,
}

impl Wanted {
    /// Whether it is in this sitting, of the session that `leading` leads; says too whether it was declined.
    pub fn holds_in(&self, sitting: SessionId, leading: SessionId) -> Option<bool> {
        let here = self.session == sitting || (!self.sitting_only && self.session == leading);
        here.then_some(self.declined)
    }
}

/// Who is wanted at an event, or where somebody is.
pub async fn wanted(
    connection: &impl ConnectionTrait,
    event: EventId,
    person: Option<PersonId>,
) -> Result<Vec<Wanted>, Error> {
    use session_duty::Column as Of;
    let mut select = session_duty::Entity::find()
        .select_only()
        .columns([Of::PersonId, Of::SessionId])
        .column(Of::SittingOnly)
        .column(Of::Answer)
        .filter(Of::EventId.eq(event.0))
        .filter(Of::PersonId.is_not_null())
        .filter(Of::DeletedAt.is_null());
    if let Some(person) = person {
        select = select.filter(Of::PersonId.eq(person.0));
    }
    let rows: Vec<(Uuid, Uuid, bool, String)> = select.into_tuple().all(connection).await?;
    let wanted = rows.into_iter().map(|(person, session, sitting_only, answer)| Wanted {
        person: PersonId(person),
        session: SessionId(session),
        sitting_only,
        declined: answer == Answer::Declined.as_str(),
    });
    Ok(wanted.collect())
}

/// The invitations at an event that are kept, of one person or of all.
pub async fn invitations_kept(
    connection: &impl ConnectionTrait,
    event: EventId,
    person: Option<PersonId>,
) -> Result<Vec<Kept>, Error> {
    let mut select = Entity::find().filter(Column::EventId.eq(event.0));
    if let Some(person) = person {
        select = select.filter(Column::PersonId.eq(person.0));
    }
    select.order_by_asc(Column::Id).all(connection).await?.into_iter().map(kept).collect()
}

/// One invitation, whoever asks: for who has the link of it, and for writing to who is invited.
pub async fn invitation_kept(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Kept>, Error> {
    Entity::find_by_id(id).one(connection).await?.map(kept).transpose()
}

/// The invitations of somebody to the sittings in which this duty is one.
pub async fn invitations_of_duty(tx: &Tx, duty: &Duty, person: PersonId) -> Result<Vec<Kept>, Error> {
    let further = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(session::Column::SittingOf.eq(duty.session_id.0))
        .to_owned();
    let further = (!duty.details.sitting_only).then(|| Column::SessionId.in_subquery(further));
    let sittings = Condition::any().add(Column::SessionId.eq(duty.session_id.0)).add_option(further);
    let select = Entity::find().filter(Column::PersonId.eq(person.0)).filter(sittings);
    select.order_by_asc(Column::Id).all(tx.connection()).await?.into_iter().map(kept).collect()
}

/// The events of invitations to what is not over.
pub async fn events_ahead(connection: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<EventId>, Error> {
    let select = Entity::find().select_only().column(Column::EventId).distinct();
    let select = select.filter(Column::EndsAt.gt(to_chrono(now))).filter(Column::Method.eq(Method::Request.as_str()));
    let ids: Vec<Uuid> = select.into_tuple().all(connection).await?;
    Ok(ids.into_iter().map(EventId).collect())
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// A sitting.
    Session(SessionId),
    /// Somebody.
    Person(PersonId),
}

/// One page of the invitations that the actor may see, in the order in which they were made.
pub async fn invitation_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    of: Of,
    paging: &Paging,
) -> Result<Page<Visible<Invitation>>, Error> {
    let which = match of {
        Of::Session(session) => Column::SessionId.eq(session.0),
        Of::Person(person) => Column::PersonId.eq(person.0),
    };
    let select = Entity::find().filter(which).filter(invitation_visible(actor));
    page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?.try_map(read)
}

/// The only finder of one invitation.
pub async fn invitation_find(connection: &impl ConnectionTrait, actor: &Actor, handle: &Handle) -> Result<Kept, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(invitation_visible(actor)).one(connection).await?;
    kept(row.ok_or(Error::NotFound)?)
}

/// One page of the mails of an invitation, the first first.
pub async fn mail_list(
    connection: &impl ConnectionTrait,
    invitation: Uuid,
    paging: &Paging,
) -> Result<Page<SentMail>, Error> {
    use invitation_mail::Column as Mail;
    let select = invitation_mail::Entity::find().filter(Mail::InvitationId.eq(invitation));
    let page =
        page_of(connection, select, (None, Mail::Id), paging, |row: &invitation_mail::Model| ("", row.id)).await?;
    page.try_map(|row| {
        Ok(SentMail {
            method: db::word(&row.method, Method::parse)?,
            sequence: row.sequence,
            sent_at: from_chrono(row.sent_at),
            outcome: db::word(&row.outcome, Outcome::parse)?,
            again: row.again,
        })
    })
}

/// Adds a row, before its first mail, so that mail and answer can name it.
pub async fn invitation_insert(
    tx: &Tx,
    (event, session, person): (EventId, SessionId, PersonId),
    slot: Slot,
    answer: Participation,
) -> Result<Kept, Error> {
    let row = ActiveModel {
        id: Set(tx.new_id()?),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        changed_at: Set(to_chrono(tx.now())),
        event_id: Set(event.0),
        session_id: Set(session.0),
        person_id: Set(person.0),
        starts_at: Set(to_chrono(slot.starts_at)),
        ends_at: Set(to_chrono(slot.ends_at)),
        method: Set(None),
        sequence: Set(0),
        title: Set(String::new()),
        said: Set(String::new()),
        shown: Set(String::new()),
        sent_at: Set(None),
        answer: Set(answer.to_string()),
        answered_at: Set(None),
        answered_via: Set(None),
        comment: Set(None),
        delegated_to: Set(None),
        reply_stamp: Set(None),
    };
    kept(Entity::insert(row).exec_with_returning(tx.connection()).await?)
}

/// What a mail said.
#[derive(Debug)]
pub struct Sending {
    /// What it asks.
    pub method: Method,
    /// SEQUENCE.
    pub sequence: i32,
    /// What is said of the sitting: its title, the digest, and when it is. Not of one that is off.
    pub standing: Option<(String, String, (Timestamp, Timestamp))>,
    /// Whether somebody asked for it to be sent once more.
    pub again: bool,
}

/// Keeps that a mail was sent.
pub async fn invitation_sent(tx: &Tx, id: Uuid, sending: Sending, outcome: Outcome) -> Result<Kept, Error> {
    let mail = invitation_mail::ActiveModel {
        id: Set(tx.new_id()?),
        invitation_id: Set(id),
        method: Set(sending.method.to_string()),
        sequence: Set(sending.sequence),
        sent_at: Set(to_chrono(tx.now())),
        outcome: Set(outcome.to_string()),
        again: Set(sending.again),
    };
    invitation_mail::Entity::insert(mail).exec_without_returning(tx.connection()).await?;
    let mut row = ActiveModel {
        method: Set(Some(sending.method.to_string())),
        sequence: Set(sending.sequence),
        sent_at: Set(Some(to_chrono(tx.now()))),
        ..Default::default()
    };
    if let Some((title, said, (starts_at, ends_at))) = sending.standing {
        row.title = Set(title);
        row.said = Set(said);
        row.starts_at = Set(to_chrono(starts_at));
        row.ends_at = Set(to_chrono(ends_at));
    }
    changed(tx, id, row).await
}

/// Keeps who could see the sitting when that was looked at.
pub async fn invitation_looked_at(tx: &Tx, id: Uuid, seen_by: &str) -> Result<(), Error> {
    let update = Entity::update_many().col_expr(Column::Shown, Expr::value(seen_by)).filter(Column::Id.eq(id));
    update.exec(tx.connection()).await?;
    Ok(())
}

/// An answer to an invitation.
#[derive(Debug, Clone)]
pub struct Answered {
    /// What.
    pub to: Participation,
    /// How it came.
    pub via: Channel,
    /// In the words of whoever answered.
    pub comment: Option<String>,
    /// Whom they would send instead.
    pub delegated_to: Option<String>,
    /// When it was written, if it came by mail.
    pub stamp: Option<Timestamp>,
}

/// Keeps an answer.
pub async fn invitation_answered(tx: &Tx, id: Uuid, answered: Answered) -> Result<Kept, Error> {
    let mut row = ActiveModel {
        answer: Set(answered.to.to_string()),
        answered_at: Set(Some(to_chrono(tx.now()))),
        answered_via: Set(Some(answered.via.to_string())),
        comment: Set(answered.comment),
        delegated_to: Set(answered.delegated_to),
        ..Default::default()
    };
    if let Some(stamp) = answered.stamp {
        row.reply_stamp = Set(Some(to_chrono(stamp)));
    }
    changed(tx, id, row).await
}

async fn changed(tx: &Tx, id: Uuid, row: ActiveModel) -> Result<Kept, Error> {
    let rows = Entity::update_many()
        .set(ActiveModel { changed_at: Set(to_chrono(tx.now())), ..row })
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec_with_returning(tx.connection())
        .await?;
    kept(rows.into_iter().next().ok_or(Error::NotFound)?)
}

/// Those who plan an event see all invitations to it, an organisation those of the people in its delegation, everybody
/// their own; each only to sittings they see.
fn invitation_visible(actor: &Actor) -> Condition {
    let inside = inside_event_visible(actor, Column::EventId, |own| {
        Condition::all().add(Expr::exists(people_of(own, Column::PersonId, Column::EventId)))
    });
    let person = actor.offices.person.map(|person| Column::PersonId.eq(person.0));
    let sessions = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .cond_where(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO))
        .to_owned();
    let whose = Condition::any().add(inside).add_option(person);
    Condition::all().add(whose).add(Column::SessionId.in_subquery(sessions))
}

fn kept(row: Model) -> Result<Kept, Error> {
    Ok(Kept {
        person: PersonId(row.person_id),
        span: (from_chrono(row.starts_at), from_chrono(row.ends_at)),
        title: row.title.clone(),
        seen_by: row.shown.clone(),
        said: row.said.clone(),
        reply_stamp: from_chrono_opt(row.reply_stamp),
        shown: read(row)?,
    })
}

fn read(row: Model) -> Result<Visible<Invitation>, Error> {
    let content = Invitation {
        session_id: SessionId(row.session_id),
        event_id: EventId(row.event_id),
        person_id: Some(Handle::Id(row.person_id)),
        name: None,
        method: row.method.as_deref().map(|word| db::word(word, Method::parse)).transpose()?,
        sequence: row.sequence,
        sent_at: from_chrono_opt(row.sent_at),
        answer: db::word(&row.answer, Participation::parse)?,
        answered_at: from_chrono_opt(row.answered_at),
        answered_via: row.answered_via.as_deref().map(|word| db::word(word, Channel::parse)).transpose()?,
        comment: row.comment,
        delegated_to: row.delegated_to,
    };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
}
