//! Checks: devices send what they scanned, and are told what to say. Each scan is kept once, whatever was said.
//!
//! What is decided is decided inside the transaction that writes it, while the delegates in question are held, so that
//! of two devices that scan one badge at once the second knows of the first. A device may be offline: it then decides by
//! what it took along (`GET /events/{id}/door`), and sends its scans later, with the times at which they were made.
//!
//! Whoever passes the door of a session is marked in its attendance, in the same transaction.

mod decision;
pub mod resource;
pub mod store;

use domain::{
    access::{Principal, Resource},
    attendance::door::{Answer, Answers, DeviceClock, Door, DoorCheckType, Presence, RecordedCheck, Room, Rule, Scans},
    events::Event,
    identifier::{CheckTypeId, EventId, Handle},
};
use uuid::Uuid;

use self::decision::Desk;
use super::{Verifier, badges, check_types};
use crate::{
    attendance::marks::scans::{self, Passed},
    context::Ctx,
    db::{Page, Paging, Tx, Visible},
    error::Error,
    events,
};
pub use store::Filter;

/// How often a batch is tried again in which something was recorded meanwhile.
const TRIES: usize = 3;

/// Whose scans they are: the key, or the account of somebody who scans in person, and the name of the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The key or the account.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// Records scans, in their order, and says what is to be said to each. A scan that was sent before gets the answer it
/// got then.
pub async fn record(ctx: &Ctx, event: &Handle, input: Scans) -> Result<Answers, Error> {
    ctx.actor.may_write(Resource::Checks)?;
    let event = events::get(ctx, event).await?;
    ctx.actor.permit(Resource::Checks, events::target(&event)).map(drop)?;
    input.check()?;
    let device = Device { id: device_id(ctx)?, name: input.device.clone() };
    let desk = desk(ctx, &event, &input).await?;
    for _ in 1..TRIES {
        // The same scan came twice at the same time: the second time it is found.
        match recorded(ctx, &event, &desk, &device, &input).await {
            Err(Error::Conflict { code: store::AT_ONCE, .. }) => {}
            answer => return answer,
        }
    }
    recorded(ctx, &event, &desk, &device, &input).await
}

async fn recorded(
    ctx: &Ctx,
    event: &Visible<Event>,
    desk: &Desk,
    device: &Device,
    input: &Scans,
) -> Result<Answers, Error> {
    let permit = ctx.actor.permit(Resource::Checks, events::target(event))?;
    let clock = DeviceClock::new(input.sent_at.0, ctx.now);
    let tx = ctx.write(permit).await?;
    let (answers, passed) = decided(&tx, event, desk, device, (input, clock)).await?;
    scans::settle(&tx, &ctx.actor, event, &passed).await?;
    tx.commit().await?;
    let behind = i64::try_from(clock.behind().as_millis()).unwrap_or(i64::MAX);
    Ok(Answers { clock_behind_ms: behind, answers })
}

/// Decides scan by scan: each knows of those before it. Gives the answers, and who passed the doors of sessions.
async fn decided(
    tx: &Tx,
    event: &Visible<Event>,
    desk: &Desk,
    device: &Device,
    (input, clock): (&Scans, DeviceClock),
) -> Result<(Vec<Answer>, Vec<Passed>), Error> {
    let event = EventId(event.id);
    let presented: Vec<_> = input.scans.iter().map(|scan| desk.read(&scan.token)).collect();
    let hashes = presented.iter().filter_map(|code| code.hash().map(str::to_owned)).collect();
    let holders = store::holders_lock(tx, event, hashes).await?;
    let nonces = input.scans.iter().map(|scan| scan.nonce.clone()).collect();
    let mut known = store::checks_by_nonce(tx, device, nonces).await?;
    let delegates = holders.values().map(|held| held.delegate.0).collect();
    let types = input.scans.iter().map(|scan| scan.check_type_id.0).collect();
    let mut past = store::past_of(tx, delegates, types).await?;
    let (mut answers, mut rows, mut passed) = (vec![], vec![], vec![]);
    for (scan, code) in input.scans.iter().zip(presented) {
        if let Some(answer) = known.get(&scan.nonce) {
            answers.push(answer.clone());
            continue;
        }
        let holder = code.hash().and_then(|hash| holders.get(hash));
        let check = desk.decide(scan, &code, holder, &mut past, clock.corrected(scan.scanned_at.0))?;
        if let Some((session, held)) = desk.session(scan.check_type_id).zip(holder).filter(|_| check.passed) {
            let (who, at) = ((held.delegation, held.delegate), check.happened_at);
            passed.push(Passed { session, who, direction: scan.direction, at });
        }
        let id = tx.new_id()?;
        let answer = Answer {
            nonce: scan.nonce.clone(),
            check_id: id,
            result: check.result,
            passed: check.passed,
            conflict: check.conflict,
            happened_at: check.happened_at,
        };
        known.insert(scan.nonce.clone(), answer.clone());
        rows.push(store::NewCheck { id, event, scan: scan.clone(), check });
        answers.push(answer);
    }
    store::checks_insert(tx, device, rows).await?;
    Ok((answers, passed))
}

/// Everything by which scans at these check types are judged.
async fn desk(ctx: &Ctx, event: &Visible<Event>, input: &Scans) -> Result<Desk, Error> {
    let connection = ctx.read(Resource::Checks)?;
    let ids = input.scans.iter().map(|scan| scan.check_type_id.0).collect();
    let types = check_types::store::check_types_known(connection, EventId(event.id), ids).await?;
    let keys = badges::store::door_keys(connection, EventId(event.id)).await?;
    let desk = Desk::new(event, types, Verifier::new(&keys)?)?;
    desk.check_known(input)?;
    Ok(desk)
}

/// A key is a device; somebody who has signed in is one too.
fn device_id(ctx: &Ctx) -> Result<Uuid, Error> {
    match &ctx.actor.principal {
        Principal::Key { id, .. } => Ok(*id),
        Principal::Session { account, .. } => Ok(*account),
        Principal::Console => Ok(Uuid::nil()),
        Principal::Anonymous | Principal::Subscriber { .. } => Err(Error::Unauthenticated),
    }
}

/// The event, for those who run or audit it.
async fn overseen(ctx: &Ctx, event: &Handle) -> Result<Visible<Event>, Error> {
    let event = events::get(ctx, event).await?;
    if ctx.actor.oversees(events::target(&event)) {
        return Ok(event);
    }
    let detail = "Who passed which door is for those who run the event. Use a key whose limits include it.";
    Err(Error::Forbidden(detail.to_owned()))
}

/// One page of the checks of an event, in the order in which the server was told of them.
pub async fn list(ctx: &Ctx, event: &Handle, filter: &Filter, paging: &Paging) -> Result<Page<RecordedCheck>, Error> {
    let connection = ctx.read(Resource::Checks)?;
    let event = overseen(ctx, event).await?;
    store::check_list(connection, EventId(event.id), filter, paging).await
}

/// Who is inside now. It is worked out of the checks each time, so it cannot differ from them.
pub async fn presence(ctx: &Ctx, event: &Handle) -> Result<Presence, Error> {
    let connection = ctx.read(Resource::Checks)?;
    let event = overseen(ctx, event).await?;
    let event_id = EventId(event.id);
    let types = check_types::store::check_types_of(connection, event_id).await?;
    let mut inside = store::inside_of(connection, event_id).await?;
    let types = types.into_iter().filter(|found| found.content.details.rule == Rule::InAndOut);
    let rooms = types.map(|found| {
        let delegates = inside.remove(&found.id).unwrap_or_default();
        Room {
            check_type_id: CheckTypeId(found.id),
            name: found.content.details.name,
            zone: found.content.details.zone,
            count: delegates.len(),
            delegates,
        }
    });
    Ok(Presence { event_id, rooms: rooms.collect() })
}

/// What a device takes along to work without a network.
pub async fn door(ctx: &Ctx, event: &Handle) -> Result<Door, Error> {
    let connection = ctx.read(Resource::Checks)?;
    let event = overseen(ctx, event).await?;
    let event_id = EventId(event.id);
    let types = check_types::store::check_types_of(connection, event_id).await?;
    let types =
        types.into_iter().map(|found| DoorCheckType { id: CheckTypeId(found.id), details: found.content.details });
    let details = &event.content.details;
    Ok(Door {
        event_id,
        time_zone: details.time_zone.clone(),
        starts_on: details.starts_on,
        ends_on: details.ends_on,
        public_keys: badges::store::door_keys(connection, event_id).await?,
        check_types: types.collect(),
        badges: store::door_badges(connection, event_id).await?,
    })
}
