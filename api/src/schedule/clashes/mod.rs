//! What is wrong with a programme, as it is planned or as people know it, and what somebody has taken upon themselves.
//!
//! What is a clash is decided in `domain::schedule::clashes`; here its snapshot is read. Only those who plan an event see
//! its clashes, and of sessions they may not see only that there is another commitment.

mod names;
pub mod placement;
mod read;
pub mod resource;
pub mod store;

use std::collections::{HashMap, HashSet};

use domain::{
    access::{Resource, Visibility},
    events::Event,
    identifier::{EventId, Handle, SessionId},
    schedule::{
        Sitting,
        clashes::{Board, Finding, NewWaiver, Settings, Severity, Sorted, Waiver},
    },
};
use schemars::JsonSchema;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use uuid::Uuid;

use names::{Names, subjects};
use read::Read;
pub(in crate::schedule) use read::people;

use super::plans::{self, store::Kept};
use crate::{
    audit,
    context::Ctx,
    db::{Change, Cursor, Expected, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events::{self, sittings},
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

/// What a write would bring about, tried and not made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DryRun {
    /// What would be wrong: with the session, or with the whole programme where that is released; what somebody has
    /// taken upon themselves included.
    pub clashes: Vec<ProgrammeClash>,
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
pub(super) async fn planned(ctx: &Ctx, event: &Handle) -> Result<Visible<Event>, Error> {
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
    let read = Read::of(connection, ctx, &event, sessions, &[]).await?;
    let findings = read.findings(&event.content, ctx.now, &settings)?;
    let names = Names::of(connection, ctx, EventId(event.id), subjects(&findings)).await?;
    let waivers = store::waivers_of_event(connection, EventId(event.id)).await?;
    let sorted = Sorted::at(ctx.now, findings.clone(), &waivers);
    let waived: HashMap<_, _> = sorted.waived.iter().map(|(finding, waiver)| (&finding.fingerprint, *waiver)).collect();
    let key = |finding: &Finding| format!("{} {}", finding.rule, finding.fingerprint.0);
    let mut found: Vec<_> = findings.iter().map(|finding| (key(finding), finding)).collect();
    found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    let after = paging.after.as_ref().map(|cursor| cursor.key.as_str()).unwrap_or_default();
    let shown = found.into_iter().filter(|(key, _)| key.as_str() > after).filter_map(|(key, finding)| {
        let (shown, message) = names.told(ctx, &read, finding)?;
        let waiver = waived.get(&finding.fingerprint).map(|waiver| (*waiver).clone());
        Some((key, ProgrammeClash { message, finding: shown, waiver }))
    });
    let limit = usize::try_from(paging.limit).map_err(Error::internal)?;
    let mut items: Vec<_> = shown.take(limit + 1).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(|(key, _)| Cursor { key: key.clone(), id: Uuid::nil() });
    let next_cursor = last.map(|cursor| cursor.encode()).transpose()?;
    Ok(Page { items: items.into_iter().map(|(_, clash)| clash).collect(), next_cursor })
}

/// What is wrong with one session, its further sittings included, in the draft as it stands in the transaction; nothing
/// for those who do not plan.
pub(super) async fn of_session(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    session: SessionId,
) -> Result<DryRun, Error> {
    let sessions = sittings::sittings_read(tx.connection(), event.id).await?;
    let sessions = drafted(tx.connection(), event, sessions).await?;
    let own = sessions.iter().filter(|own| own.id == session.0 || own.content.details.sitting_of == Some(session));
    let own: HashSet<SessionId> = own.map(|own| SessionId(own.id)).collect();
    of_programme(ctx, tx, event, sessions, |finding| finding.sessions().any(|id| own.contains(&id))).await
}

/// What is wrong with a programme, as far as `asked` for.
pub(super) async fn of_programme(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    sessions: Vec<Visible<Sitting>>,
    asked: impl Fn(&Finding) -> bool,
) -> Result<DryRun, Error> {
    let (settings, _) = store::settings_find(tx.connection(), EventId(event.id)).await?;
    let read = Read::of(tx.connection(), ctx, event, sessions, &[]).await?;
    let findings = read.findings(&event.content, ctx.now, &settings)?;
    let findings: Vec<Finding> = findings.into_iter().filter(asked).collect();
    let names = Names::of(tx.connection(), ctx, EventId(event.id), subjects(&findings)).await?;
    let waivers = store::waivers_of_event(tx.connection(), EventId(event.id)).await?;
    let Sorted { standing, waived } = Sorted::at(ctx.now, findings, &waivers);
    let standing = standing.into_iter().map(|finding| (finding, None));
    let all = standing.chain(waived.into_iter().map(|(finding, waiver)| (finding, Some(waiver.clone()))));
    let told = |(finding, waiver): (Finding, Option<Waiver>)| {
        let (finding, message) = names.told(ctx, &read, &finding)?;
        Some(ProgrammeClash { finding, message, waiver })
    };
    Ok(DryRun { clashes: all.filter_map(told).collect() })
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
    let read = Read::of(tx.connection(), ctx, event, sessions, &[]).await?;
    let waivers = store::waivers_of_event(tx.connection(), EventId(event.id)).await?;
    let sorted = Sorted::at(ctx.now, read.findings(&event.content, ctx.now, &settings)?, &waivers);
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
    let sessions = drafted(tx.connection(), event, sessions).await?;
    let changed = along(&sessions, changed);
    let mut read = Read::of(tx.connection(), ctx, event, sessions, &changed).await?;
    let mut board = Board::new(read.snapshot(&event.content, ctx.now)?, settings.clone());
    let known: HashSet<_> = board.findings().into_iter().map(|finding| finding.fingerprint).collect();
    read.put(&changed);
    let programme = read.programme(&event.content);
    if changed.iter().any(|session| session.content.details.sitting_of.is_some()) {
        // Which sitting comes before which follows from their times, so the wishes about it change with them.
        board = Board::new(read.snapshot(&event.content, ctx.now)?, settings);
    } else {
        for session in &changed {
            board.apply(programme.edit(SessionId(session.id), &session.content));
        }
    }
    let opened = board.findings().into_iter().filter(|finding| !known.contains(&finding.fingerprint)).collect();
    let waivers = store::waivers_of_event(tx.connection(), EventId(event.id)).await?;
    let sorted = Sorted::at(ctx.now, opened, &waivers);
    let standing: Vec<&Finding> = sorted.blocks_edit().collect();
    refuse(ctx, tx, event, &read, &standing, "clash_blocks_edit").await
}

/// What is changed, and with it the other sittings of the same sessions: they share what is said of the one that leads,
/// and that one has the agenda of all.
fn along(sessions: &[Visible<Sitting>], changed: &[Visible<Sitting>]) -> Vec<Visible<Sitting>> {
    let known: HashSet<Uuid> = changed.iter().map(|session| session.id).collect();
    let others = sessions.iter().filter(|session| !known.contains(&session.id)).filter_map(|session| {
        let details = &session.content.details;
        let leading = changed.iter().find(|one| details.sitting_of == Some(SessionId(one.id)));
        let details = match leading {
            Some(leading) => details.as_sitting_of(&leading.content.details),
            None if changed.iter().any(|one| one.content.details.sitting_of == Some(SessionId(session.id))) => {
                details.clone()
            }
            None => return None,
        };
        Some(Visible { content: Sitting { details, ..session.content.clone() }, ..session.clone() })
    });
    changed.iter().cloned().chain(others).collect()
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
    let names = Names::of(tx.connection(), ctx, EventId(event.id), subjects(standing.iter().copied())).await?;
    let told = standing.iter().filter_map(|finding| names.told(ctx, read, finding));
    let mut told: Vec<String> = told.take(5).map(|(_, message)| message).collect();
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
    let read = Read::of(tx.connection(), ctx, &event, sessions, &[]).await?;
    let findings = read.findings(&event.content, ctx.now, &settings)?;
    let clash = findings.iter().filter(|finding| finding.fingerprint == input.fingerprint);
    let names = Names::of(tx.connection(), ctx, EventId(event.id), subjects(clash.clone())).await?;
    let clash = clash.into_iter().find(|finding| names.sees_whole(finding));
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
