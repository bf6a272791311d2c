//! Queries of polls. The predicate of who may see which stands here and nowhere else.

use std::collections::HashMap;

use ::entity::schedule::{
    date_poll::{ActiveModel, Column, Entity, Model},
    date_poll_answer as answer, date_poll_party as party, session,
};
use domain::{
    access::Actor,
    identifier::{EventId, Handle, OrganisationId, PollId, PollOptionId, SessionId},
    schedule::{
        Slot,
        poll::{Answers, Details, Outcome, Party, Poll, PollOption, State},
    },
};
use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{IntoCondition, OnConflict, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{in_event_visible, inside_event_visible},
    db::{
        self, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, from_json, local_from_chrono, local_to_chrono,
        page_of, reference, to_chrono, to_chrono_opt, to_json,
    },
    error::Error,
    events::sittings,
};

/// A poll with what belongs to it.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its event.
    pub event: EventId,
    /// What it says.
    pub poll: Poll,
}

/// The answers of an organisation, as they are kept.
#[derive(Debug, Clone)]
pub struct Said {
    /// Whose.
    pub organisation: OrganisationId,
    /// What.
    pub answers: Answers,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
    /// When they were written last.
    pub at: Option<Timestamp>,
    /// Who wrote them, by name.
    pub author: String,
}

/// One page of the polls of an event that the actor may see, the first first.
pub async fn poll_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    state: Option<State>,
    paging: &Paging,
) -> Result<Page<Visible<Stored>>, Error> {
    let select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(poll_visible(actor))
        .filter(in_state(state, actor.at));
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    let mut parties = parties_of(connection, page.items.iter().map(|row| row.id)).await?;
    page.try_map(|row| {
        let asked = parties.remove(&row.id).unwrap_or_default();
        read(row, &asked)
    })
}

/// What is open closes by itself on its last instant.
fn in_state(state: Option<State>, now: Timestamp) -> Condition {
    let is = |state: State| Column::State.eq(state.as_str());
    let over = Condition::all().add(Column::ClosesAt.is_not_null()).add(Column::ClosesAt.lte(to_chrono(now)));
    match state {
        None => Condition::all(),
        Some(State::Open) => Condition::all().add(is(State::Open)).add(over.not()),
        Some(State::Closed) => {
            Condition::any().add(is(State::Closed)).add(Condition::all().add(is(State::Open)).add(over))
        }
        Some(state) => is(state).into_condition(),
    }
}

/// The only finder of one poll.
pub async fn poll_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Stored>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(poll_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let asked = parties_of(connection, [row.id]).await?.remove(&row.id).unwrap_or_default();
    read(row, &asked)
}

/// Every poll that goes on, whoever asks: for what is derived from its times on the wall, never for an answer.
pub async fn polls_going_on(connection: &impl ConnectionTrait) -> Result<Vec<Visible<Stored>>, Error> {
    let going_on = Column::State.is_in([State::Open.as_str(), State::Closed.as_str()]);
    let select = Entity::find().filter(going_on).filter(Column::DeletedAt.is_null()).order_by_asc(Column::Id);
    let rows = select.all(connection).await?;
    let mut parties = parties_of(connection, rows.iter().map(|row| row.id)).await?;
    let read = |row: Model| {
        let asked = parties.remove(&row.id).unwrap_or_default();
        read(row, &asked)
    };
    rows.into_iter().map(read).collect()
}

/// Keeps a poll as it is until the transaction ends; one the caller has found before.
pub async fn poll_lock(tx: &Tx, id: PollId) -> Result<Visible<Stored>, Error> {
    let row = Entity::find_by_id(id.0).lock_exclusive().one(tx.connection()).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    let asked = parties_of(tx.connection(), [row.id]).await?.remove(&row.id).unwrap_or_default();
    read(row, &asked)
}

/// Adds a poll.
pub async fn poll_insert(tx: &Tx, event: EventId, poll: &Poll) -> Result<Visible<Stored>, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        event_id: Set(event.0),
        ..columns(tx, poll)?
    };
    let row = Entity::insert(row).exec_with_returning(tx.connection()).await?;
    parties_insert(tx, id, &poll.parties()).await?;
    read(row, &poll.parties())
}

/// Replaces a poll that is held.
pub async fn poll_update(tx: &Tx, current: &Visible<Stored>, next: &Poll) -> Result<Visible<Stored>, Error> {
    let row = ActiveModel { version: Set(current.version + 1), ..columns(tx, next)? };
    let rows = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec_with_returning(tx.connection())
        .await?;
    let parties = next.parties();
    if parties != current.content.poll.parties() {
        party::Entity::delete_many().filter(party::Column::PollId.eq(current.id)).exec(tx.connection()).await?;
        parties_insert(tx, current.id, &parties).await?;
    }
    read(rows.into_iter().next().ok_or(Error::Stale(None))?, &parties)
}

/// Turns a poll into a tombstone; gives its version.
pub async fn poll_delete(tx: &Tx, current: &Visible<Stored>) -> Result<i32, Error> {
    let (at, version) = (to_chrono(tx.now()), current.version + 1);
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

/// What organisations have answered to these polls, by organisation. Those no longer asked are among them.
pub async fn answers_of(
    connection: &impl ConnectionTrait,
    polls: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Said>>, Error> {
    let select = answer::Entity::find().filter(answer::Column::PollId.is_in(polls));
    let rows = select.order_by_asc(answer::Column::OrganisationId).all(connection).await?;
    let mut all: HashMap<Uuid, Vec<Said>> = HashMap::new();
    for row in rows {
        all.entry(row.poll_id).or_default().push(said(row)?);
    }
    Ok(all)
}

/// What one organisation has answered; nothing, under version 0, while it has not.
pub async fn answer_find(
    connection: &impl ConnectionTrait,
    poll: PollId,
    organisation: OrganisationId,
) -> Result<Said, Error> {
    let row = answer::Entity::find_by_id((poll.0, organisation.0)).one(connection).await?;
    let nothing = Said { organisation, answers: Answers::default(), version: 0, at: None, author: String::new() };
    row.map_or(Ok(nothing), said)
}

/// Writes the answers of an organisation to a poll that is held, under the version after `version`.
pub async fn answer_write(
    tx: &Tx,
    poll: PollId,
    organisation: OrganisationId,
    version: i32,
    answers: Answers,
) -> Result<Said, Error> {
    use answer::Column as Of;
    let row = answer::ActiveModel {
        poll_id: Set(poll.0),
        organisation_id: Set(organisation.0),
        version: Set(version + 1),
        changed_at: Set(to_chrono(tx.now())),
        answers: Set(to_json(&answers.answers)?),
        comment: Set(answers.comment.clone()),
        late_reason: Set(answers.late_reason.clone()),
        author: Set(tx.author()),
        author_id: Set(tx.author_id()),
    };
    let replaced = [Of::Version, Of::ChangedAt, Of::Answers, Of::Comment, Of::LateReason, Of::Author, Of::AuthorId];
    let replace = OnConflict::columns([Of::PollId, Of::OrganisationId]).update_columns(replaced).to_owned();
    answer::Entity::insert(row).on_conflict(replace).exec_without_returning(tx.connection()).await?;
    Ok(Said { organisation, answers, version: version + 1, at: Some(tx.now()), author: tx.author() })
}

/// Those of these sessions that the actor may see.
pub async fn sessions_seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    sessions: Vec<SessionId>,
) -> Result<Vec<SessionId>, Error> {
    if sessions.is_empty() {
        return Ok(sessions);
    }
    let select = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::Id.is_in(sessions.into_iter().map(|id| id.0)))
        .filter(session::Column::DeletedAt.is_null())
        .filter(in_event_visible(actor, session::Column::EventId, sittings::SHOWN_TO));
    let ids: Vec<Uuid> = select.into_tuple().all(connection).await?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Those who run or audit the event see its polls; whoever acts for an organisation those it is asked in.
pub(crate) fn poll_visible(actor: &Actor) -> Condition {
    inside_event_visible(actor, Column::EventId, |own| {
        let asked = Query::select()
            .column(party::Column::PollId)
            .from(party::Entity)
            .and_where(party::Column::OrganisationId.eq(own.0))
            .to_owned();
        Column::Id.in_subquery(asked).into_condition()
    })
}

async fn parties_of(
    connection: &impl ConnectionTrait,
    polls: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Party>>, Error> {
    let select = party::Entity::find().filter(party::Column::PollId.is_in(polls));
    let mut all: HashMap<Uuid, Vec<Party>> = HashMap::new();
    for row in select.order_by_asc(party::Column::OrganisationId).all(connection).await? {
        let party = Party { organisation: OrganisationId(row.organisation_id), required: row.required };
        all.entry(row.poll_id).or_default().push(party);
    }
    Ok(all)
}

async fn parties_insert(tx: &Tx, poll: Uuid, parties: &[Party]) -> Result<(), Error> {
    let row = |party: &Party| party::ActiveModel {
        poll_id: Set(poll),
        organisation_id: Set(party.organisation.0),
        required: Set(party.required),
    };
    party::Entity::insert_many(parties.iter().map(row)).exec_without_returning(tx.connection()).await?;
    Ok(())
}

fn columns(tx: &Tx, poll: &Poll) -> Result<ActiveModel, Error> {
    let (details, outcome) = (&poll.details, poll.outcome.as_ref());
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        group_id: Set(reference(details.group_id.as_ref())),
        title: Set(to_json(&details.title)?),
        description: Set(to_json(&details.description)?),
        time_zone: Set(poll.time_zone.clone()),
        options: Set(to_json(&poll.choices)?),
        quorum: Set(details.quorum),
        closes_local: Set(poll.closes.map(|closes| local_to_chrono(closes.starts_local))),
        closes_at: Set(to_chrono_opt(poll.closes.map(|closes| closes.starts_at))),
        answers_hidden: Set(details.answers_hidden),
        state: Set(poll.state.to_string()),
        cancel_reason: Set(poll.cancel_reason.clone()),
        chosen_option: Set(outcome.map(|outcome| outcome.option_id.0)),
        note: Set(outcome.and_then(|outcome| outcome.note.clone())),
        session_id: Set(outcome.map(|outcome| outcome.session_id.0)),
        ..Default::default()
    })
}

fn read(row: Model, parties: &[Party]) -> Result<Visible<Stored>, Error> {
    let choices: Vec<PollOption> = from_json(row.options)?;
    let closes = row.closes_local.zip(from_chrono_opt(row.closes_at)).map(|(local, at)| {
        let local = local_from_chrono(local);
        Slot { starts_local: local, ends_local: local, starts_at: at, ends_at: at }
    });
    let named = |party: &Party| Handle::Id(party.organisation.0);
    let details = Details {
        title: from_json(row.title)?,
        description: from_json(row.description)?,
        group_id: row.group_id.map(Handle::Id),
        offers: choices.iter().map(PollOption::offer).collect(),
        organisation_ids: parties.iter().map(named).collect(),
        required_ids: parties.iter().filter(|party| party.required).map(named).collect(),
        quorum: row.quorum,
        deadline: closes.map(|closes: Slot| closes.placement().start),
        answers_hidden: row.answers_hidden,
    };
    let outcome = row.chosen_option.zip(row.session_id).map(|(option, session)| Outcome {
        option_id: PollOptionId(option),
        note: row.note,
        session_id: SessionId(session),
    });
    let poll = Poll {
        details,
        time_zone: row.time_zone,
        choices,
        closes,
        state: db::word(&row.state, State::parse)?,
        cancel_reason: row.cancel_reason,
        outcome,
    };
    let content = Stored { event: EventId(row.event_id), poll };
    let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
    Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
}

fn said(row: answer::Model) -> Result<Said, Error> {
    let answers = Answers { answers: from_json(row.answers)?, comment: row.comment, late_reason: row.late_reason };
    let organisation = OrganisationId(row.organisation_id);
    Ok(Said { organisation, answers, version: row.version, at: Some(from_chrono(row.changed_at)), author: row.author })
}
