//! What is wrong with a programme, as it is planned or as people know it, and what somebody has taken upon themselves.
//!
//! What is a clash is decided in `domain::schedule::clashes`; here its snapshot is read. Only those who plan an event see
//! its clashes, and of sessions they may not see only that there is another commitment.

pub mod placement;
pub mod resource;
pub mod store;

use std::collections::{HashMap, HashSet};

use domain::{
    access::{Resource, Visibility},
    events::{Event, Room},
    identifier::{EventId, Handle, SessionId},
    schedule::{
        Programme, Sitting,
        clashes::{Finding, NewWaiver, Settings, Severity, Sorted, Subject, Waiver, evaluate, phrase},
    },
};
use schemars::JsonSchema;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use uuid::Uuid;

use super::{
    agenda,
    plans::{self, store::Kept},
    requests,
};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Cursor, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events::{self, claims, sittings},
};

domain::words! {
    /// Which programme is looked at.
    #[derive(Default)]
    #[schemars(rename = "ProgrammeState")]
    pub enum Which {
        /// As the next release would make it.
        #[default]
        Draft = "draft",
        /// As people know it.
        Announced = "announced",
    }
}

/// One thing that is wrong with a programme, in words too.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProgrammeClash {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// The same as a sentence, in the language asked for.
    pub message: String,
    /// Who has taken it upon themselves, if anybody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver>,
}

/// What an event says about the rules, with its version.
#[derive(Debug)]
pub struct Said {
    /// What it says.
    pub settings: Settings,
    /// Rises with every write; 0 while nothing was said.
    pub version: i32,
}

/// How the rules are meant at an event; for those who plan.
pub async fn settings(ctx: &Ctx, event: &Handle) -> Result<Said, Error> {
    let event = planned(ctx, event).await?;
    let (settings, version) = store::settings_find(ctx.read(Resource::Sessions)?, EventId(event.id)).await?;
    Ok(Said { settings, version })
}

/// An event that the caller plans or audits.
async fn planned(ctx: &Ctx, event: &Handle) -> Result<Visible<Event>, Error> {
    ctx.read(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    if plans::plans(ctx, &event) { Ok(event) } else { Err(Error::NotFound) }
}

/// Says how the rules are meant at an event.
pub async fn set_settings(ctx: &Ctx, event: &Handle, expected: Expected, input: Settings) -> Result<Said, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let (before, version) = store::settings_find(tx.connection(), EventId(event.id)).await?;
    expected.check_version(version, &before)?;
    store::settings_write(&tx, EventId(event.id), version, &input).await?;
    let diff = audit::diff(&before, &input)?;
    tx.record(Change { diff, ..change("clash_settings.updated", (event.id, version + 1), &event) });
    tx.commit().await?;
    Ok(Said { settings: input, version: version + 1 })
}

fn change(kind: &'static str, (id, version): (Uuid, i32), event: &Visible<Event>) -> Change {
    let details = &event.content.details;
    Change {
        event: Some(event.id),
        group: reference(details.group_id.as_ref()),
        disclosure: details.disclosure().at_least(Visibility::Chairs),
        ..Change::new(kind, id, version)
    }
}

/// A programme with the rooms it names.
#[derive(Debug)]
struct Read {
    sessions: Vec<Visible<Sitting>>,
    findings: Vec<Finding>,
    rooms: HashMap<Uuid, Room>,
}

/// What is wrong with the sessions of an event as they are in `sessions`.
async fn look(
    connection: &impl ConnectionTrait,
    ctx: &Ctx,
    event: &Visible<Event>,
    sessions: Vec<Visible<Sitting>>,
    settings: &Settings,
) -> Result<Read, Error> {
    let stand: Vec<_> = sessions.iter().map(|session| (SessionId(session.id), &session.content)).collect();
    let named: HashSet<Uuid> =
        sessions.iter().filter_map(|session| reference(session.content.details.room_id.as_ref())).collect();
    let rooms = events::rooms::store::rooms_by_id(connection, named).await?;
    let claims = match Programme::span(&stand) {
        Some((from, to)) => claims::claims_between(connection, ctx.now, &rooms, from, to).await?,
        None => vec![],
    };
    let asked = requests::asked(connection, event, &sessions).await?;
    let agendas = agenda::store::agendas_of_event(connection, EventId(event.id)).await?;
    let (id, event) = (EventId(event.id), &event.content);
    let programme =
        Programme { id, event, sessions: stand, rooms: &rooms, claims: &claims, asked: &asked, agendas: &agendas };
    let findings = evaluate(&programme.snapshot(ctx.now).map_err(|fault| Error::Invalid(vec![fault]))?, settings);
    Ok(Read { sessions, findings, rooms })
}

/// One page of what is wrong with the programme of an event; for those who plan.
pub async fn list(ctx: &Ctx, event: &Handle, which: Which, paging: &Paging) -> Result<Page<ProgrammeClash>, Error> {
    let event = planned(ctx, event).await?;
    let connection = ctx.read(Resource::Sessions)?;
    let sessions = sittings::sittings_read(connection, event.id).await?;
    let sessions = match which {
        Which::Draft => drafted(connection, &event, sessions).await?,
        Which::Announced => sessions.into_iter().filter(|session| session.content.announced).collect(),
    };
    let (settings, _) = store::settings_find(connection, EventId(event.id)).await?;
    let read = look(connection, ctx, &event, sessions, &settings).await?;
    let seen = sittings::sessions_seen(connection, &ctx.actor, event.id).await?;
    let waivers = store::waivers_of_event(connection, EventId(event.id)).await?;
    let waivers: Vec<Waiver> = waivers.into_iter().map(|waiver| waiver.content).collect();
    let sorted = Sorted::at(ctx.now, read.findings.clone(), &waivers);
    let waived: HashMap<_, _> = sorted.waived.iter().map(|(finding, waiver)| (&finding.fingerprint, *waiver)).collect();
    let key = |finding: &Finding| format!("{} {}", finding.rule, finding.fingerprint.0);
    let mut found: Vec<_> = read.findings.iter().map(|finding| (key(finding), finding)).collect();
    found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let after = paging.after.as_ref().map(|cursor| cursor.key.as_str()).unwrap_or_default();
    let shown = found.into_iter().filter(|(key, _)| key.as_str() > after).filter_map(|(key, finding)| {
        let shown = finding.for_reader(|id| seen.contains(&id.0))?;
        let waiver = waived.get(&finding.fingerprint).map(|waiver| (*waiver).clone());
        Some((key, ProgrammeClash { message: words(ctx, &read, &seen, &shown), finding: shown, waiver }))
    });
    let limit = usize::try_from(paging.limit).map_err(Error::internal)?;
    let mut items: Vec<_> = shown.take(limit + 1).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(|(key, _)| Cursor { key: key.clone(), id: Uuid::nil() });
    let next_cursor = last.map(|cursor| cursor.encode()).transpose()?;
    Ok(Page { items: items.into_iter().map(|(_, clash)| clash).collect(), next_cursor })
}

/// A finding as a sentence, with the names that the reader may know.
fn words(ctx: &Ctx, read: &Read, seen: &HashSet<Uuid>, finding: &Finding) -> String {
    let say = |text: &domain::Text| text.resolve(&ctx.languages).map(|(_, words)| words.to_owned());
    let language = ctx.languages.first().cloned().unwrap_or_else(domain::Language::english);
    phrase(finding, &language, |subject| match subject {
        Subject::Session(id) if seen.contains(&id.0) => {
            let session = &read.sessions.iter().find(|session| session.id == id.0)?.content;
            Some(format!("{} {}", session.number, say(&session.details.title)?))
        }
        Subject::Room(id) => say(&read.rooms.get(&id.0)?.name),
        _ => None,
    })
}

/// The sessions of an event as the next release would make them. What cannot be released as it is planned stays as it is.
async fn drafted(
    connection: &impl ConnectionTrait,
    event: &Visible<Event>,
    sessions: Vec<Visible<Sitting>>,
) -> Result<Vec<Visible<Sitting>>, Error> {
    let kept = plans::store::plans_of_event(connection, EventId(event.id)).await?;
    Ok(as_planned(sessions, &kept, event))
}

/// The same, with the plans that are kept for them.
fn as_planned(
    sessions: Vec<Visible<Sitting>>,
    kept: &HashMap<SessionId, Kept>,
    event: &Visible<Event>,
) -> Vec<Visible<Sitting>> {
    let next = |session: Visible<Sitting>| match plans::next(&session, kept.get(&SessionId(session.id)), &event.content)
    {
        Ok(content) => Visible { content, ..session },
        Err(_) => session,
    };
    sessions.into_iter().map(next).collect()
}

/// Refuses to release `sessions`, all of the event as they shall be, while something stands that must not be.
pub(super) async fn check_release(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    sessions: Vec<Visible<Sitting>>,
) -> Result<(), Error> {
    let (settings, _) = store::settings_find(tx.connection(), EventId(event.id)).await?;
    let read = look(tx.connection(), ctx, event, sessions, &settings).await?;
    let waivers = store::waivers_of_event(tx.connection(), EventId(event.id)).await?;
    let waivers: Vec<Waiver> = waivers.into_iter().map(|waiver| waiver.content).collect();
    let sorted = Sorted::at(ctx.now, read.findings.clone(), &waivers);
    let standing: Vec<&Finding> = sorted.blocks_release().collect();
    refuse(ctx, tx, event, &read, &standing, "clashes_stand").await
}

/// Refuses a change of the draft that brings about what must not even be planned; `session` is what it would make.
pub(super) async fn check_edit(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    session: &Visible<Sitting>,
) -> Result<(), Error> {
    check_edits(ctx, tx, event, std::slice::from_ref(session)).await
}

/// The same of a change of several sessions.
pub(super) async fn check_edits(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    changed: &[Visible<Sitting>],
) -> Result<(), Error> {
    let (settings, _) = store::settings_find(tx.connection(), EventId(event.id)).await?;
    if !settings.severities.values().any(|severity| *severity == Severity::BlockEdit) {
        return Ok(());
    }
    let sessions = sittings::sittings_read(tx.connection(), event.id).await?;
    let before = drafted(tx.connection(), event, sessions).await?;
    let changes = |id| changed.iter().any(|session| session.id == id);
    let mut after: Vec<_> = before.iter().filter(|other| !changes(other.id)).cloned().collect();
    after.extend(changed.iter().cloned());
    let known: HashSet<_> = look(tx.connection(), ctx, event, before, &settings)
        .await?
        .findings
        .into_iter()
        .map(|it| it.fingerprint)
        .collect();
    let read = look(tx.connection(), ctx, event, after, &settings).await?;
    let waivers = store::waivers_of_event(tx.connection(), EventId(event.id)).await?;
    let waivers: Vec<Waiver> = waivers.into_iter().map(|waiver| waiver.content).collect();
    let opened = read.findings.iter().filter(|finding| !known.contains(&finding.fingerprint)).cloned().collect();
    let sorted = Sorted::at(ctx.now, opened, &waivers);
    let standing: Vec<&Finding> = sorted.blocks_edit().collect();
    refuse(ctx, tx, event, &read, &standing, "clash_blocks_edit").await
}

/// Refuses with the clashes that stand, as far as the caller may know them; with how many more there are.
async fn refuse(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    read: &Read,
    standing: &[&Finding],
    code: &'static str,
) -> Result<(), Error> {
    if standing.is_empty() {
        return Ok(());
    }
    let seen = sittings::sessions_seen(tx.connection(), &ctx.actor, event.id).await?;
    let told = standing.iter().filter_map(|finding| finding.for_reader(|id| seen.contains(&id.0)));
    let mut told: Vec<String> = told.take(5).map(|finding| words(ctx, read, &seen, &finding)).collect();
    if told.is_empty() {
        told.push("There is a clash with another commitment.".to_owned());
    }
    let more = format!("See GET /events/{}/clashes: move what clashes, or waive it where that is possible.", event.id);
    told.push(more);
    Err(Error::conflict(code, told.join(" ")))
}

/// One page of the waivers of an event; for those who plan.
pub async fn waivers(ctx: &Ctx, event: &Handle, paging: &Paging) -> Result<Page<Visible<Waiver>>, Error> {
    let event = planned(ctx, event).await?;
    store::waiver_list(ctx.read(Resource::Sessions)?, EventId(event.id), paging).await
}

/// Takes a clash of the draft upon oneself.
pub async fn waive(ctx: &Ctx, event: &Handle, input: NewWaiver) -> Result<Visible<Waiver>, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    input.check(ctx.now)?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let (settings, _) = store::settings_find(tx.connection(), EventId(event.id)).await?;
    let sessions = sittings::sittings_read(tx.connection(), event.id).await?;
    let sessions = drafted(tx.connection(), &event, sessions).await?;
    let read = look(tx.connection(), ctx, &event, sessions, &settings).await?;
    let seen = sittings::sessions_seen(tx.connection(), &ctx.actor, event.id).await?;
    let whole = |finding: &&Finding| finding.sessions().all(|id| seen.contains(&id.0));
    let clash = read.findings.iter().filter(whole).find(|finding| finding.fingerprint == input.fingerprint);
    let clash = clash.ok_or_else(|| {
        let detail = "Name a clash of the draft as GET /events/{id}/clashes gives it, one of sessions you all may see.";
        Error::invalid("/fingerprint", "unknown_clash", detail)
    })?;
    if !clash.rule.is_waivable() {
        let detail =
            "A room that is not shared is never booked twice. Move one of the two, or make the room a shared one.";
        return Err(Error::invalid("/fingerprint", "not_waivable", detail));
    }
    // Who it was, the log says by itself.
    let diff = to_json(&input)?;
    let made = store::waiver_insert(&tx, EventId(event.id), input).await?;
    tx.record(Change { diff, ..change("waiver.created", (made.id, made.version), &event) });
    tx.commit().await?;
    Ok(made)
}

/// Withdraws a waiver.
pub async fn withdraw(ctx: &Ctx, id: Uuid, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let (event, waiver, gone) = store::waiver_find(ctx.read(Resource::Sessions)?, id).await?;
    let event = events::get(ctx, &Handle::Id(event.0)).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    if gone {
        return Err(Error::Gone);
    }
    expected.check_object(&waiver)?;
    let tx = ctx.write(permit).await?;
    let version = store::waiver_delete(&tx, &waiver).await?;
    tx.record(change("waiver.deleted", (waiver.id, version), &event));
    tx.commit().await
}
