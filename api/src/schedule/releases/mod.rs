//! Releases: in one step and under a name, what was planned becomes what people are told.
//!
//! A release keeps how every announced session stood, so that it stays readable; what one leaves as it was in the
//! release before is not written again.

pub mod resource;
pub mod store;

use std::collections::{HashMap, HashSet};

use domain::{
    access::Resource,
    events::Event,
    identifier::{EventId, Handle, ReleaseId, SessionId},
    schedule::{Concerned, NewRelease, Novelty, Release, Session, Setting, Sitting},
};
use schemars::JsonSchema;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::clashes::store::organisations_of_delegations;
use super::{
    DryRun, clashes,
    plans::{self, Undone, store::Kept},
};
use crate::{
    context::Ctx,
    db::{Change, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events::{
        self, claims,
        sittings::{self, Settings, Write},
    },
    jobs::JobKind,
};
pub use store::Stored;

/// A session as a release has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReleasedSession")]
pub struct Released {
    /// Which session.
    pub session_id: SessionId,
    /// What the release did to it; left out where it stands as in the release before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub novelty: Option<Novelty>,
    /// As it stood; its place in the event's main language.
    pub session: Session,
}

/// Which release to plan the programme back to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DraftReset")]
pub struct Reset {
    /// The release, by id.
    pub release_id: ReleaseId,
}

/// One page of the releases of an event, the first first.
pub async fn list(ctx: &Ctx, event: &Handle, paging: &Paging) -> Result<Page<Visible<Release>>, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    store::release_list(connection, EventId(event.id), paging).await
}

/// One release of an event that the caller may see.
pub async fn get(ctx: &Ctx, id: &Handle) -> Result<Visible<Release>, Error> {
    Ok(found(ctx, id).await?.1)
}

async fn found(ctx: &Ctx, id: &Handle) -> Result<(EventId, Visible<Release>), Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let Handle::Id(id) = id else { return Err(Error::NotFound) };
    let (event, release) = store::release_find(connection, ReleaseId(*id)).await?;
    events::get(ctx, &Handle::Id(event.0)).await?;
    Ok((event, release))
}

/// One page of the sessions of a release of which the caller may know, as they stood; only those it did something to, if
/// `news`.
pub async fn sessions(ctx: &Ctx, id: &Handle, news: bool, paging: &Paging) -> Result<Page<Released>, Error> {
    let (event, release) = found(ctx, id).await?;
    let number = release.content.number;
    let connection = ctx.read(Resource::Sessions)?;
    let page = store::released_list(connection, &ctx.actor, (event, number), news, paging).await?;
    page.try_map(|stored| Ok(present(ctx, stored, number)))
}

fn present(ctx: &Ctx, stored: Stored, number: i32) -> Released {
    let Stored { id, from, novelty, sitting, time_zone, location, .. } = stored;
    let session = sitting.presented(id, &ctx.app.config.uid_domain, &time_zone, location);
    Released { session_id: id, novelty: (from == number).then_some(novelty), session }
}

/// A release with its event, and what it did to some of its sessions; with how they stood in the release before.
#[derive(Debug)]
pub struct News {
    /// The event.
    pub event: Visible<Event>,
    /// The release.
    pub release: Release,
    /// The sessions of which the actor may know, by start.
    pub sessions: Vec<(Stored, Option<Stored>)>,
}

/// What a release did to those of `sessions` of which the actor may know.
pub async fn news(ctx: &Ctx, release: ReleaseId, sessions: &[SessionId]) -> Result<News, Error> {
    let (event, release) = found(ctx, &Handle::Id(release.0)).await?;
    let number = release.content.number;
    let sessions = store::released_news(ctx.read(Resource::Sessions)?, &ctx.actor, (event, number), sessions).await?;
    Ok(News { event: events::get(ctx, &Handle::Id(event.0)).await?, release: release.content, sessions })
}

/// The sessions that a release called off, whoever may know of it: for writing to those concerned, never for an answer.
pub async fn cancelled(connection: &impl ConnectionTrait, release: ReleaseId) -> Result<Vec<SessionId>, Error> {
    let (event, release) = store::release_find(connection, release).await?;
    store::released_cancelled(connection, (event, release.content.number)).await
}

/// How sessions stood in a release, for those who were written to of it; never for an answer to others.
pub async fn stood(
    connection: &impl ConnectionTrait,
    release: ReleaseId,
    sessions: impl IntoIterator<Item = SessionId>,
) -> Result<HashMap<SessionId, Sitting>, Error> {
    let (event, release) = store::release_find(connection, release).await?;
    let stood = store::released_find(connection, (event, release.content.number), sessions).await?;
    Ok(stood.into_iter().map(|stood| (stood.id, stood.sitting)).collect())
}

/// The event of a release, and those who have a part in sessions to which it did something, whoever may know of it: for
/// writing to them, never for an answer.
pub async fn concerned(connection: &impl ConnectionTrait, release: ReleaseId) -> Result<(EventId, Concerned), Error> {
    let (event, release) = store::release_find(connection, release).await?;
    let touched = store::released_touched(connection, (event, release.content.number)).await?;
    Ok((event, clashes::people(connection, event, None).await?.concerned(&touched)))
}

/// The sessions to which a release did something, whoever may know of it; with the event.
pub async fn touched(
    connection: &impl ConnectionTrait,
    release: ReleaseId,
) -> Result<(EventId, Vec<SessionId>), Error> {
    let (event, release) = store::release_find(connection, release).await?;
    let touched = store::released_touched(connection, (event, release.content.number)).await?;
    Ok((event, touched.into_iter().map(|touched| touched.session).collect()))
}

/// An event whose programme nobody else writes until the transaction ends, with what is planned.
struct Held {
    tx: Tx,
    event: Visible<Event>,
    sessions: Vec<Visible<Sitting>>,
    plans: HashMap<SessionId, Kept>,
}

async fn hold(ctx: &Ctx, event: &Handle, input: &NewRelease) -> Result<Held, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let id = EventId(event.id);
    let plans = plans::store::plans_of_event(tx.connection(), id).await?;
    let rooms = plans.values().filter_map(|kept| kept.planned.as_ref()?.room()).map(Uuid::from).collect();
    claims::lock_of_event(&tx, event.id, rooms).await?;
    let sessions = sittings::hold_all(&tx, id).await?;
    Ok(Held { tx, event, sessions, plans })
}

impl Held {
    /// The sessions as they are planned.
    fn planned(&self) -> Result<Vec<Visible<Sitting>>, Error> {
        let next = |session: &Visible<Sitting>| {
            let content = plans::next(session, self.plans.get(&SessionId(session.id)), &self.event.content)?;
            Ok(Visible { content, ..session.clone() })
        };
        self.sessions.iter().map(next).collect()
    }
}

/// Releases the programme of an event as it is planned.
pub async fn create(ctx: &Ctx, event: &Handle, input: NewRelease) -> Result<Visible<Release>, Error> {
    let held = hold(ctx, event, &input).await?;
    let planned = held.planned()?;
    clashes::check_release(ctx, &held.tx, &held.event, planned.clone()).await?;
    let sessions = settle(ctx, &held, planned).await?;
    let Held { tx, event, .. } = held;
    let id = EventId(event.id);
    let number = store::release_last(tx.connection(), id).await? + 1;
    let release = store::release_insert(&tx, id, number, &input).await?;
    freeze(&tx, &event.content, id, number, &sessions).await?;
    plans::store::draft_end(&tx, id).await?;
    record(&tx, &event, &release)?;
    if input.notify && ctx.app.config.smtp_url.is_some() {
        tx.job_enqueue(JobKind::ReleaseNotices.as_str(), to_json(&ReleaseId(release.id))?, tx.now()).await?;
    }
    tx.commit().await?;
    Ok(release)
}

/// What would be wrong with the programme as a release would make it now.
pub async fn try_create(ctx: &Ctx, event: &Handle, input: NewRelease) -> Result<DryRun, Error> {
    let held = hold(ctx, event, &input).await?;
    let planned = held.planned()?;
    clashes::of_programme(ctx, &held.tx, &held.event, planned, |_| true).await
}

/// Makes of the sessions of an event what is planned of them.
async fn settle(ctx: &Ctx, held: &Held, planned: Vec<Visible<Sitting>>) -> Result<Vec<Visible<Sitting>>, Error> {
    let both = held.sessions.iter().zip(planned);
    let changed: Vec<_> = both.filter(|(session, next)| session.content != next.content).collect();
    let sittings: Vec<_> = changed.iter().flat_map(|(session, next)| [&session.content, &next.content]).collect();
    let settings = super::held(&held.tx, sittings).await?;
    let mut writes = vec![];
    for (session, next) in &changed {
        let (before, after) = (settings.of(&session.content)?, settings.of(&next.content)?);
        writes.push(Write { before: (session, before), after: (next.content.clone(), after) });
    }
    let written = sittings::settle_all(ctx, &held.tx, writes).await?;
    let mut written: HashMap<Uuid, _> = written.into_iter().map(|session| (session.id, session)).collect();
    let settled = |session: &Visible<Sitting>| written.remove(&session.id).unwrap_or_else(|| session.clone());
    Ok(held.sessions.iter().map(settled).collect())
}

/// Keeps how the announced sessions stand, where that is otherwise than in the release before.
async fn freeze(tx: &Tx, event: &Event, id: EventId, number: i32, sessions: &[Visible<Sitting>]) -> Result<(), Error> {
    let before = store::released_of(tx, id, number - 1).await?;
    let announced = || sessions.iter().filter(|session| session.content.announced);
    let settings = Settings::load(tx.connection(), announced().map(|session| &session.content)).await?;
    let (mut ended, mut written) = (vec![], vec![]);
    for session in announced() {
        let id = SessionId(session.id);
        let setting = Setting { event, room: settings.room(&session.content) };
        let novelty = match before.get(&id) {
            None => Novelty::New,
            Some(stood) if same(stood, &session.content, setting) => continue,
            Some(stood) => {
                ended.push(stood.row);
                Novelty::between(&stood.sitting, &session.content).unwrap_or(Novelty::Changed)
            }
        };
        written.push((id, &session.content, setting, novelty));
    }
    let there: HashSet<SessionId> = announced().map(|session| SessionId(session.id)).collect();
    ended.extend(before.values().filter(|stood| !there.contains(&stood.id)).map(|stood| stood.row));
    store::released_end(tx, ended, number).await?;
    store::released_insert(tx, number, &written).await
}

fn same(stood: &Stored, now: &Sitting, setting: Setting<'_>) -> bool {
    stood.sitting == *now
        && stood.location == setting.location(&[])
        && stood.time_zone == setting.event.details.time_zone
}

fn record(tx: &Tx, event: &Visible<Event>, release: &Visible<Release>) -> Result<(), Error> {
    let details = &event.content.details;
    tx.record(Change {
        event: Some(event.id),
        group: reference(details.group_id.as_ref()),
        disclosure: details.disclosure(),
        diff: to_json(&release.content)?,
        ..Change::new("release.created", release.id, release.version)
    });
    Ok(())
}

/// Plans the sessions of an event as they stood in an earlier release; those made since stay as they are.
pub async fn reset(ctx: &Ctx, event: &Handle, input: Reset) -> Result<Undone, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    let release = match found(ctx, &Handle::Id(input.release_id.0)).await {
        Ok((of, release)) if of.0 == event.id => release,
        Ok(_) | Err(Error::NotFound) => {
            return Err(Error::invalid("/release_id", "unknown_release", "Name a release of this event by id."));
        }
        Err(error) => return Err(error),
    };
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let id = EventId(event.id);
    let sessions = sittings::hold_all(&tx, id).await?;
    let stood = store::released_of(&tx, id, release.content.number).await?;
    let stood: HashMap<_, _> = stood.into_values().map(|stood| (stood.id, stood.sitting)).collect();
    let session_ids = plans::reset(ctx, &tx, &event, &sessions, &stood).await?;
    tx.commit().await?;
    Ok(Undone { session_ids })
}
