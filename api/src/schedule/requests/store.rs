//! Queries of requests. The predicate of who may see which stands here and nowhere else.

use std::collections::{BTreeMap, HashMap};

use ::entity::{
    groups::group,
    schedule::{
        request::{ActiveModel, Column, Entity, Model},
        request_group, request_person, request_step, session,
    },
};
use chrono::{DateTime, Utc};
use domain::{
    access::Actor,
    identifier::{EventId, GroupId, Handle, PersonId, RequestId, SessionId},
    schedule::{
        Request, RequestDetails, RequestStage, RequestState, State,
        request::{Granted, RequestStep, Side, Stand},
    },
    time,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, FunctionCall, IntoCondition, Query},
};
use uuid::Uuid;

use crate::{
    access::store::{asked_visible, fence},
    db::{self, Page, Paging, Tx, Visible, from_chrono, from_json, page_of, reference, refers_to, to_chrono, to_json},
    error::Error,
    events,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only what stands there.
    pub state: Option<RequestState>,
    /// Only what this group asks for, or what it would sit in.
    pub group: Option<Handle>,
    /// Only that of which this session was made.
    pub session: Option<Uuid>,
}

/// One page of the requests of an event that the actor may see, the first first.
pub async fn request_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    event: EventId,
    filter: &Filter,
    paging: &Paging,
) -> Result<Page<Visible<Request>>, Error> {
    let select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(request_visible(actor))
        .filter(narrowed(event, filter));
    let page = page_of(connection, select, (None, Column::Id), paging, |row: &Model| ("", row.id)).await?;
    Ok(Page { items: read_all(connection, page.items).await?, next_cursor: page.next_cursor })
}

fn narrowed(event: EventId, filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if let Some(state) = filter.state {
        all = all.add(standing_at(event, state));
    }
    if let Some(group) = &filter.group {
        let named =
            refers_to(request_group::Column::GroupId, group, group::Entity, group::Column::Id, group::Column::CodeKey);
        let of_group = Query::select()
            .column(request_group::Column::RequestId)
            .from(request_group::Entity)
            .cond_where(named)
            .to_owned();
        all = all.add(Column::Id.in_subquery(of_group));
    }
    match filter.session {
        Some(session) => all.add(Column::SessionId.eq(session)),
        None => all,
    }
}

/// What stands at `state`: of what was approved, the sittings of its session say so, as [`RequestState::of_session`] reads
/// them.
fn standing_at(event: EventId, state: RequestState) -> Condition {
    use session::Column as Of;
    let stage = |stage: RequestStage| Condition::all().add(Column::Stage.eq(stage.as_str()));
    let live = |states: &[State]| {
        let state = Of::State.is_in(states.iter().map(|state| state.as_str()));
        Condition::all().add(Of::EventId.eq(event.0)).add(Of::DeletedAt.is_null()).add(state)
    };
    let with = |which: Condition| {
        let sessions = Query::select().expr(leading()).from(session::Entity).cond_where(which).to_owned();
        Column::SessionId.in_subquery(sessions).into_condition()
    };
    let unplaced = || with(live(&[State::Draft]).add(Of::StartsAt.is_null()));
    let approved = stage(RequestStage::Approved);
    match state {
        RequestState::Draft => stage(RequestStage::Draft),
        RequestState::Submitted => stage(RequestStage::Submitted),
        RequestState::Declined => stage(RequestStage::Declined),
        RequestState::Withdrawn => stage(RequestStage::Withdrawn),
        RequestState::NotMeeting => stage(RequestStage::NotMeeting),
        RequestState::Approved => approved.add(unplaced()),
        RequestState::Scheduled => approved.add(with(live(&[State::Draft]))).add(unplaced().not()),
        RequestState::Announced => approved.add(with(live(&[State::Scheduled]))).add(with(live(&[State::Draft])).not()),
        RequestState::Held => {
            approved.add(with(live(&[State::Held]))).add(with(live(&[State::Draft, State::Scheduled])).not())
        }
        RequestState::Cancelled => approved.add(with(live(&[State::Draft, State::Scheduled, State::Held])).not()),
    }
}

/// The sitting that leads the session to which a sitting belongs.
fn leading() -> FunctionCall {
    Func::coalesce([Expr::col(session::Column::SittingOf), Expr::col(session::Column::Id)])
}

/// The only finder of one request.
pub async fn request_find(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    handle: &Handle,
) -> Result<Visible<Request>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let row = Entity::find_by_id(*id).filter(request_visible(actor)).one(connection).await?.ok_or(Error::NotFound)?;
    if row.deleted_at.is_some() {
        return Err(Error::Gone);
    }
    read_all(connection, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Staff see what is asked of the events within their limits; those who ask for a group, what it asks for and what others
/// would have it sit in. Of a sealed group nobody sees anything who is not admitted to it.
fn request_visible(actor: &Actor) -> Condition {
    let of_groups = |which: Condition| {
        Query::select()
            .column(request_group::Column::RequestId)
            .from(request_group::Entity)
            .cond_where(which)
            .to_owned()
    };
    let own = |groups: Vec<GroupId>| {
        let named = request_group::Column::GroupId.is_in(groups.into_iter().map(|group| group.0));
        Column::Id.in_subquery(of_groups(named.into_condition())).into_condition()
    };
    let sealed = request_group::Column::GroupId.in_subquery(fence::sealed_groups(actor)).into_condition();
    Condition::all().add(asked_visible(actor, Column::EventId, own)).add(Column::Id.not_in_subquery(of_groups(sealed)))
}

/// Whether the group asks for anything at the event, or has said that it will not meet there, besides `except`.
pub async fn group_stands(tx: &Tx, event: EventId, group: GroupId, except: Uuid) -> Result<(bool, bool), Error> {
    let live = [RequestStage::Draft, RequestStage::Submitted, RequestStage::Approved, RequestStage::NotMeeting];
    let stages: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Stage)
        .filter(Column::EventId.eq(event.0))
        .filter(Column::GroupId.eq(group.0))
        .filter(Column::Id.ne(except))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Stage.is_in(live.map(RequestStage::as_str)))
        .into_tuple()
        .all(tx.connection())
        .await?;
    let absent = RequestStage::NotMeeting.as_str();
    Ok((stages.iter().any(|stage| stage != absent), stages.iter().any(|stage| stage == absent)))
}

/// Adds a row.
pub async fn request_insert(tx: &Tx, request: &Request) -> Result<Visible<Request>, Error> {
    let id = tx.new_id()?;
    let row = ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(to_chrono(tx.now())),
        deleted_at: Set(None),
        ..columns(tx, request)?
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    named_insert(tx, id, &request.details).await?;
    step_insert(tx, (id, 1), request).await?;
    Ok(Visible { id, version: 1, created_at: tx.now(), changed_at: tx.now(), content: request.clone() })
}

/// Replaces the row, if its version is still that of `current`; keeps the step, if it took one.
pub async fn request_update(tx: &Tx, current: &Visible<Request>, next: &Request) -> Result<Visible<Request>, Error> {
    let version = current.version + 1;
    let done = Entity::update_many()
        .set(ActiveModel { version: Set(version), ..columns(tx, next)? })
        .filter(Column::Id.eq(current.id))
        .filter(Column::Version.eq(current.version))
        .exec(tx.connection())
        .await?;
    if done.rows_affected != 1 {
        return Err(Error::Stale(None));
    }
    if next.details != current.content.details {
        use {request_group::Column as OfGroup, request_person::Column as OfPerson};
        let groups = request_group::Entity::delete_many().filter(OfGroup::RequestId.eq(current.id));
        groups.exec(tx.connection()).await?;
        let persons = request_person::Entity::delete_many().filter(OfPerson::RequestId.eq(current.id));
        persons.exec(tx.connection()).await?;
        named_insert(tx, current.id, &next.details).await?;
    }
    if next.stage != current.content.stage {
        step_insert(tx, (current.id, version), next).await?;
    }
    Ok(Visible { version, changed_at: tx.now(), content: next.clone(), ..current.clone() })
}

/// Turns the row into a tombstone; gives its version.
pub async fn request_delete(tx: &Tx, current: &Visible<Request>) -> Result<i32, Error> {
    let (at, version) = (to_chrono(tx.now()), current.version + 1);
    let row =
        ActiveModel { version: Set(version), changed_at: Set(at), deleted_at: Set(Some(at)), ..Default::default() };
    db::tombstone(tx, Entity::update_many().set(row), (Column::Id, current.id), (Column::Version, current.version))
        .await?;
    Ok(version)
}

fn columns(tx: &Tx, request: &Request) -> Result<ActiveModel, Error> {
    let group = reference(Some(&request.details.group_id));
    // Groups and persons have tables of their own, by which they are found.
    let details = RequestDetails { joint_group_ids: vec![], required_person_ids: vec![], ..request.details.clone() };
    Ok(ActiveModel {
        changed_at: Set(to_chrono(tx.now())),
        event_id: Set(request.event_id.0),
        group_id: Set(group.ok_or_else(|| Error::internal("a reference reached the store unresolved"))?),
        stage: Set(request.stage.to_string()),
        since_at: Set(to_chrono(request.since)),
        note: Set(request.note.clone()),
        session_id: Set(request.session_id.map(|session| session.0)),
        details: Set(to_json(&details)?),
        ..Default::default()
    })
}

async fn named_insert(tx: &Tx, id: Uuid, details: &RequestDetails) -> Result<(), Error> {
    let groups = details.joint_group_ids.iter().chain([&details.group_id]).filter_map(Handle::id);
    let groups = groups.map(|group| request_group::ActiveModel { request_id: Set(id), group_id: Set(group) });
    request_group::Entity::insert_many(groups).exec_without_returning(tx.connection()).await?;
    let persons = details.required_person_ids.iter();
    let persons: Vec<_> =
        persons.map(|person| request_person::ActiveModel { request_id: Set(id), person_id: Set(person.0) }).collect();
    if !persons.is_empty() {
        request_person::Entity::insert_many(persons).exec_without_returning(tx.connection()).await?;
    }
    Ok(())
}

async fn step_insert(tx: &Tx, (id, version): (Uuid, i32), request: &Request) -> Result<(), Error> {
    let row = request_step::ActiveModel {
        id: Set(tx.new_id()?),
        request_id: Set(id),
        number: Set(version),
        created_at: Set(to_chrono(tx.now())),
        stage: Set(request.stage.to_string()),
        note: Set(request.note.clone()),
        session_id: Set(request.session_id.map(|session| session.0)),
        author: Set(tx.author()),
        author_id: Set(tx.author_id()),
    };
    request_step::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// What the rows say, with the groups and persons they name and where their sessions stand; in a fixed number of queries.
async fn read_all(connection: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Visible<Request>>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let stands = stands_of(connection, rows.iter().filter_map(|row| row.session_id)).await?;
    let (mut groups, mut persons) = named_by(connection, &ids).await?;
    let events = events::around(connection, rows.iter().map(|row| EventId(row.event_id))).await?;
    let read = |row: Model| {
        let event =
            events.get(&EventId(row.event_id)).ok_or_else(|| Error::internal("a request whose event was not read"))?;
        let zone = time::zone(&event.details.time_zone, "/time_zone").map_err(|fault| Error::Invalid(vec![fault]))?;
        let joint = groups.remove(&row.id).unwrap_or_default().into_iter().filter(|group| *group != row.group_id);
        let details = RequestDetails {
            joint_group_ids: joint.map(Handle::Id).collect(),
            required_person_ids: persons.remove(&row.id).unwrap_or_default(),
            ..from_json::<RequestDetails>(row.details)?.recalled(&zone)
        };
        let content = Request {
            details,
            event_id: EventId(row.event_id),
            stage: db::word(&row.stage, RequestStage::parse)?,
            note: row.note,
            since: from_chrono(row.since_at),
            session_id: row.session_id.map(SessionId),
            sittings: row.session_id.and_then(|session| stands.get(&session).cloned()).unwrap_or_default(),
        };
        let (created_at, changed_at) = (from_chrono(row.created_at), from_chrono(row.changed_at));
        Ok(Visible { id: row.id, version: row.version, created_at, changed_at, content })
    };
    rows.into_iter().map(read).collect()
}

type Named = (HashMap<Uuid, Vec<Uuid>>, HashMap<Uuid, Vec<PersonId>>);

/// The groups and the persons that requests name, each in the order of their ids.
async fn named_by(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Named, Error> {
    let (mut groups, mut persons) = Named::default();
    let select = request_group::Entity::find().filter(request_group::Column::RequestId.is_in(ids.iter().copied()));
    for row in select.order_by_asc(request_group::Column::GroupId).all(connection).await? {
        groups.entry(row.request_id).or_default().push(row.group_id);
    }
    let select = request_person::Entity::find().filter(request_person::Column::RequestId.is_in(ids.iter().copied()));
    for row in select.order_by_asc(request_person::Column::PersonId).all(connection).await? {
        persons.entry(row.request_id).or_default().push(PersonId(row.person_id));
    }
    Ok((groups, persons))
}

/// Id of the sitting that leads, version, state, start and end of its life of a sitting.
type StandRow = (Uuid, i32, String, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// Where the sittings of these sessions stand, deleted ones too, by session.
async fn stands_of(
    connection: &impl ConnectionTrait,
    sessions: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Stand>>, Error> {
    use session::Column as Of;
    let rows: Vec<StandRow> = session::Entity::find()
        .select_only()
        .expr_as(leading(), "leading")
        .columns([Of::Version, Of::State, Of::StartsAt, Of::DeletedAt])
        .filter(of_sessions(sessions))
        .into_tuple()
        .all(connection)
        .await?;
    let mut stands: HashMap<Uuid, Vec<Stand>> = HashMap::new();
    for (leading, version, state, starts, deleted) in rows {
        let state = deleted.is_none().then(|| db::word(&state, State::parse)).transpose()?;
        stands.entry(leading).or_default().push(Stand { state, placed: starts.is_some(), version });
    }
    Ok(stands)
}

fn of_sessions(leading: impl Iterator<Item = Uuid>) -> Condition {
    use session::Column as Of;
    let leading: Vec<Uuid> = leading.collect();
    Condition::any().add(Of::Id.is_in(leading.iter().copied())).add(Of::SittingOf.is_in(leading))
}

/// The sittings of these sessions, deleted ones too, each with the one that leads.
pub async fn sittings_of(
    connection: &impl ConnectionTrait,
    sessions: impl Iterator<Item = SessionId>,
) -> Result<HashMap<Uuid, SessionId>, Error> {
    use session::Column as Of;
    let select = session::Entity::find().select_only().columns([Of::Id, Of::SittingOf]);
    let rows: Vec<(Uuid, Option<Uuid>)> =
        select.filter(of_sessions(sessions.map(|session| session.0))).into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(id, leading)| (id, SessionId(leading.unwrap_or(id)))).collect())
}

/// The steps a request took by itself, the first first, each with the session made with it.
pub async fn steps_of(
    connection: &impl ConnectionTrait,
    request: &Visible<Request>,
) -> Result<Vec<(RequestStep, Option<SessionId>)>, Error> {
    let select = request_step::Entity::find().filter(request_step::Column::RequestId.eq(request.id));
    let rows = select.order_by_asc(request_step::Column::Number).all(connection).await?;
    let group = reference(Some(&request.content.details.group_id)).map(GroupId);
    rows.into_iter()
        .map(|row| {
            let stage = db::word(&row.stage, RequestStage::parse)?;
            let step = RequestStep {
                at: from_chrono(row.created_at),
                state: RequestState::of(stage, &[]),
                by: Some(row.author),
                on_behalf_of_group_id: group.filter(|_| stage.taken_by() == Side::Group),
                note: row.note,
            };
            Ok((step, row.session_id.map(SessionId)))
        })
        .collect()
}

/// The requests of an event of which sessions were made, whoever asks: for what is derived from them, never for an
/// answer. Without the groups they sit with and the persons they need.
pub async fn granted_of_event(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<Granted>, Error> {
    let select = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Stage.eq(RequestStage::Approved.as_str()))
        .filter(Column::SessionId.is_not_null());
    let granted = |row: Model| {
        let (id, group) = (RequestId(row.id), GroupId(row.group_id));
        let session = row.session_id.map(SessionId);
        let session = session.ok_or_else(|| Error::internal("an approved request without a session"))?;
        Ok(Granted { id, session, group, details: from_json(row.details)? })
    };
    select.order_by_asc(Column::Id).all(connection).await?.into_iter().map(granted).collect()
}

/// The persons without whom the sessions of an event cannot sit, as those who asked for the sessions said; whoever asks.
pub async fn required_by_session(
    connection: &impl ConnectionTrait,
    event: EventId,
) -> Result<BTreeMap<SessionId, Vec<PersonId>>, Error> {
    let select = Entity::find()
        .select_only()
        .columns([Column::Id, Column::SessionId])
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Stage.eq(RequestStage::Approved.as_str()));
    let rows: Vec<(Uuid, Option<Uuid>)> = select.into_tuple().all(connection).await?;
    let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
    let (_, mut persons) = named_by(connection, &ids).await?;
    let required = rows.into_iter().filter_map(|(id, session)| Some((SessionId(session?), persons.remove(&id)?)));
    Ok(required.collect())
}
