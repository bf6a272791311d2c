//! Sessions of several sittings. The first leads and says what all share; the others follow it in the same transaction,
//! both in what people know and in what is planned.

pub mod resource;

use domain::{
    access::Resource,
    events::Event,
    identifier::{EventId, Handle, SessionId},
    schedule::{Details, NewSitting, Plan, Session, Sitting, State, Step, Transition},
};

use super::{
    Filter, Pending, drawn_up, enter,
    plans::{self, store::Kept},
    store::session_find,
};
use crate::{
    context::Ctx,
    db::{Page, Paging, Tx, Visible},
    error::Error,
    events::{
        self,
        sittings::{self as stored, Settings, Write},
    },
};

/// Sittings a session has at most.
const MOST: u64 = 100;

/// The session to which a sitting belongs: the sitting that leads, if the caller may see it.
pub async fn leading(ctx: &Ctx, handle: &Handle) -> Result<Visible<Session>, Error> {
    let session = super::get(ctx, handle).await?;
    match session.content.details.sitting_of {
        Some(leading) => super::get(ctx, &Handle::Id(leading.0)).await,
        None => Ok(session),
    }
}

/// All sittings of the session that `leading` leads which the caller may see, by start.
pub(in crate::schedule) async fn seen(ctx: &Ctx, leading: SessionId) -> Result<Vec<Visible<Session>>, Error> {
    let filter = Filter { sittings_of: Some(leading), ..Filter::default() };
    Ok(super::list(ctx, &filter, &Paging { limit: MOST, after: None }).await?.items)
}

/// One page of the sittings of a session that the caller may see, by start; the same for whichever of them is asked for.
pub async fn list(ctx: &Ctx, handle: &Handle, paging: &Paging) -> Result<Page<Visible<Session>>, Error> {
    let session = session_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let leading = session.content.details.leading(SessionId(session.id));
    super::list(ctx, &Filter { sittings_of: Some(leading), ..Filter::default() }, paging).await
}

/// Adds a sitting to a session, as a draft, up to the commit.
pub async fn begin(ctx: &Ctx, handle: &Handle, input: NewSitting) -> Result<Pending, Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let known = session_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let event = events::get(ctx, &known.content.details.event_id).await?;
    let permit = ctx.actor.permit(Resource::Sessions, events::target(&event))?;
    let room_id = super::room_named(ctx, input.room_id.as_ref()).await?;
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, EventId(event.id)).await?;
    let leading = known.content.details.leading(SessionId(known.id));
    refuse_more(&tx, leading).await?;
    let said = shared(ctx, &tx, &event.content, leading).await?;
    let sitting = drawn_up(&tx, &event, said.further(leading, NewSitting { room_id, ..input })).await?;
    let session = super::add(ctx, &tx, &event, sitting).await?;
    Ok(Pending { tx, event, session })
}

/// Adds the further sittings of a session that leads, whose event is held; gives them.
pub(super) async fn add(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    leading: &Visible<Session>,
    further: impl Iterator<Item = NewSitting>,
) -> Result<Vec<Visible<Session>>, Error> {
    let mut made = vec![];
    for own in further {
        let details = leading.content.details.further(SessionId(leading.id), own);
        let sitting = drawn_up(tx, event, details).await?;
        made.push(enter(ctx, tx, sitting).await?);
    }
    Ok(made)
}

/// What the session that `leading` leads says of its sittings in the draft: of one that is new, and that nobody was told
/// of, the draft decides.
async fn shared(ctx: &Ctx, tx: &Tx, event: &Event, leading: SessionId) -> Result<Details, Error> {
    let session = session_find(tx.connection(), &ctx.actor, &Handle::Id(leading.0)).await?;
    let kept = plans::store::plan_find(tx.connection(), &ctx.actor, leading).await?;
    Ok(plans::next(&session, Some(&kept), event)?.details)
}

/// Refuses a new sitting that says anything else than its session, or of a session that does not lead.
pub(super) async fn check(ctx: &Ctx, tx: &Tx, event: &Visible<Event>, sitting: &Details) -> Result<(), Error> {
    let Some(leading) = sitting.sitting_of else { return Ok(()) };
    let unknown = || {
        let detail = "Name a session of this event by id, the first of its sittings.";
        Error::invalid("/sitting_of", "unknown_session", detail)
    };
    let said = match shared(ctx, tx, &event.content, leading).await {
        Err(Error::NotFound | Error::Gone) => return Err(unknown()),
        said => said?,
    };
    if said.sitting_of.is_some() || said.event_id != sitting.event_id {
        return Err(unknown());
    }
    refuse_more(tx, leading).await?;
    Ok(sitting.check_shared(&said.further(leading, NewSitting::default()))?)
}

async fn refuse_more(tx: &Tx, leading: SessionId) -> Result<(), Error> {
    if stored::sittings_count(tx, leading).await? + 1 < MOST {
        return Ok(());
    }
    Err(Error::invalid("/sitting_of", "too_many", "A session has at most 100 sittings. Add another session."))
}

/// Refuses to take away the sitting that leads while there are others.
pub(super) async fn refuse_leading(tx: &Tx, session: SessionId) -> Result<(), Error> {
    match stored::sittings_count(tx, session).await? {
        0 => Ok(()),
        more => {
            let detail = format!("The session has {more} more sittings, of which this one leads. Delete those first.");
            Err(Error::conflict("sitting_leads", detail))
        }
    }
}

/// Takes a sitting the step that `transition` asks for, and all of its session if that asks for it.
pub(super) async fn step(
    ctx: &Ctx,
    tx: &Tx,
    sitting: Visible<Sitting>,
    transition: &Transition,
) -> Result<Visible<Sitting>, Error> {
    let (id, mut all) = (sitting.id, vec![]);
    if transition.all_sittings {
        let leading = sitting.content.details.leading(SessionId(id));
        all.push(session_find(tx.connection(), &ctx.actor, &Handle::Id(leading.0)).await?);
        all.extend(stored::sittings_further(tx, leading).await?);
        all.retain(|other| other.id != id && other.content.state.goes_along(transition.to));
    }
    let stands = transition.all_sittings && !sitting.content.state.goes_along(transition.to);
    if !stands {
        all.push(sitting.clone());
    }
    let stepped = |sitting: &Visible<Sitting>| {
        let next = sitting.content.stepped(transition);
        next.map_err(|refusal| Error::conflict(refusal.code(), refusal.to_string()))
    };
    let next: Vec<Sitting> = all.iter().map(stepped).collect::<Result<_, _>>()?;
    let settings = super::held(tx, &next).await?;
    let mut writes = vec![];
    for (sitting, next) in all.iter().zip(next) {
        let setting = settings.of(&sitting.content)?;
        writes.push(Write { before: (sitting, setting), after: (next, setting) });
    }
    let made = stored::settle_all(ctx, tx, writes).await?;
    Ok(made.into_iter().find(|made| made.id == id).unwrap_or(sitting))
}

/// As [`follow`] for those of `sessions` that lead.
pub(super) async fn follow_all(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    sessions: impl IntoIterator<Item = SessionId>,
) -> Result<Vec<Step>, Error> {
    let mut steps = vec![];
    for leading in stored::sittings_leading(tx, sessions).await? {
        let session = session_find(tx.connection(), &ctx.actor, &Handle::Id(leading.0)).await?;
        steps.extend(follow(ctx, tx, event, &session).await?);
    }
    Ok(steps)
}

/// Takes the further sittings of `leading` along to what is said of it, and planned. Gives how what changed of the draft
/// is undone.
pub(super) async fn follow(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    leading: &Visible<Sitting>,
) -> Result<Vec<Step>, Error> {
    let further = stored::sittings_further(tx, SessionId(leading.id)).await?;
    if further.is_empty() {
        return Ok(vec![]);
    }
    let ids = further.iter().map(|sitting| sitting.id).chain([leading.id]);
    let mut kept = plans::store::plans_of(tx.connection(), ids).await?;
    let shall = plans::next(leading, kept.get(&SessionId(leading.id)), &event.content)?;
    let mut along = vec![];
    for sitting in &further {
        // What people know of it follows what they know of its session; what they do not, the draft.
        let said = if sitting.content.announced { &leading.content } else { &shall };
        let known = leading.content.announced || !sitting.content.announced;
        along.push(if known { following(&sitting.content, said, &event.content)? } else { sitting.content.clone() });
    }
    let mut steps: Vec<Step> =
        further.iter().zip(&along).filter_map(|(now, next)| plans::in_place(now, next)).collect();
    for sitting in write(ctx, tx, further, along).await? {
        let kept = kept.remove(&SessionId(sitting.id)).unwrap_or_default();
        steps.extend(plan(tx, event, &sitting, kept, &shall).await?);
    }
    Ok(steps)
}

fn following(sitting: &Sitting, leading: &Sitting, event: &Event) -> Result<Sitting, Error> {
    Ok(sitting.edited(sitting.details.as_sitting_of(&leading.details), event)?)
}

/// Writes those of `sittings` that become others in `next`; gives all as they are then. They keep their times and rooms, so
/// nobody else's are asked for.
async fn write(
    ctx: &Ctx,
    tx: &Tx,
    sittings: Vec<Visible<Sitting>>,
    next: Vec<Sitting>,
) -> Result<Vec<Visible<Sitting>>, Error> {
    let settings = Settings::load(tx.connection(), &next).await?;
    let (same, changed): (Vec<_>, Vec<_>) =
        sittings.into_iter().zip(next).partition(|(sitting, next)| sitting.content == *next);
    let mut writes = vec![];
    for (sitting, next) in &changed {
        let setting = settings.of(next)?;
        writes.push(Write { before: (sitting, setting), after: (next.clone(), setting) });
    }
    let mut all = stored::settle_all(ctx, tx, writes).await?;
    all.extend(same.into_iter().map(|(sitting, _)| sitting));
    Ok(all)
}

/// Plans of a sitting what is planned of its session. What was held stays as it was.
async fn plan(
    tx: &Tx,
    event: &Visible<Event>,
    sitting: &Visible<Sitting>,
    kept: Kept,
    shall: &Sitting,
) -> Result<Option<Step>, Error> {
    let content = &sitting.content;
    if !content.takes_plan() || content.state == State::Held {
        return Ok(None);
    }
    let plan = Plan::of(content, kept.planned.as_ref(), &event.content)?;
    let plan = Plan { session: plan.session.as_sitting_of(&shall.details), ..plan };
    let (planned, _) = plan.settled(content, &event.content)?;
    if planned == kept.planned {
        return Ok(None);
    }
    Ok(Some(plans::lay(tx, event, sitting, kept, planned).await?.1))
}
