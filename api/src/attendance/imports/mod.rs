//! Import in two steps: a table is looked through and what it would do is shown; then exactly that is done, or nothing.
//!
//! The look is kept for a day with the table itself. To commit it, the table is looked through again while everything it
//! depends on is held: only if that gives the same is anything written.

mod apply;
mod known;
pub mod resource;
pub mod store;

use documents::table::{Unreadable, read_csv, read_xlsx};
use domain::{
    access::{Permit, Resource},
    attendance::import::{Kind, Preview, grid::Grid},
    events::Event,
    identifier::{EventId, Handle, OrganisationId},
    moment::Moment,
};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{delegates, target};
use crate::{
    context::Ctx,
    db::{Tx, Visible},
    error::Error,
    events,
    http::file::TableFile,
};

/// How long a preview is kept.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// An import, committed or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Import")]
pub struct Import {
    /// Its id.
    pub id: Uuid,
    /// The event.
    pub event_id: EventId,
    /// When it is forgotten.
    pub expires_at: Moment,
    /// When it was carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub committed_at: Option<Moment>,
    /// What it would do, or did.
    #[serde(flatten)]
    pub preview: Preview,
}

/// Looks through a table and shows what importing it would do. Nothing is written but the preview itself.
pub async fn create(ctx: &Ctx, event: &Handle, kind: Kind, file: TableFile) -> Result<Import, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let (permit, only) = right(ctx, &event, kind)?;
    let grid = read(file).await?;
    let connection = ctx.read(Resource::Delegations)?;
    let (preview, _) = known::judge(connection, ctx, &event, (kind, only), &grid).await?;
    let tx = ctx.write(permit).await?;
    on_time(ctx, &tx, &event, (kind, only)).await?;
    let import = Import {
        id: tx.new_id()?,
        event_id: EventId(event.id),
        expires_at: Moment(tx.now() + KEPT),
        committed_at: None,
        preview,
    };
    store::import_insert(&tx, &import, &grid).await?;
    tx.commit().await?;
    Ok(import)
}

/// An import of the caller's own.
pub async fn get(ctx: &Ctx, id: &Handle) -> Result<Import, Error> {
    store::import_find(ctx.read(Resource::Delegations)?, ctx, id).await.map(|(import, _)| import)
}

/// Does what was previewed, in one transaction, or nothing.
pub async fn commit(ctx: &Ctx, id: &Handle) -> Result<Import, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let (found, grid) = store::import_find(ctx.read(Resource::Delegations)?, ctx, id).await?;
    let event = events::get(ctx, &Handle::Id(found.event_id.0)).await?;
    let kind = found.preview.kind;
    let (permit, only) = right(ctx, &event, kind)?;
    if !found.preview.ready {
        let detail = "Some rows cannot be carried out. Mend the cells that 'remarks' name, and send the table again.";
        return Err(Error::conflict("import_not_ready", detail));
    }
    let Some(grid) = grid else {
        return Err(Error::conflict("import_committed", "This import has been carried out already."));
    };
    let tx = ctx.write(permit).await?;
    let held = store::delegations_hold(&tx, EventId(event.id)).await?;
    on_time(ctx, &tx, &event, (kind, only)).await?;
    let (preview, steps) = known::judge(tx.connection(), ctx, &event, (kind, only), &grid).await?;
    if preview != found.preview {
        let detail = "Something that the import depends on has changed since you saw the preview, so nothing was done. Send \
                      the table again, look at the new preview and commit that.";
        return Err(Error::conflict("stale_preview", detail));
    }
    apply::apply(ctx, &tx, (&event, only), steps, &held).await?;
    store::import_commit(&tx, found.id).await?;
    let now = Moment(tx.now());
    tx.commit().await?;
    Ok(Import { committed_at: Some(now), ..found })
}

/// The right to import into the event: the secretariat's to all of it, or an organisation's to people of its own
/// delegation, which is then named.
fn right(ctx: &Ctx, event: &Visible<Event>, kind: Kind) -> Result<(Permit, Option<OrganisationId>), Error> {
    let refused = match ctx.actor.permit(Resource::Delegations, target(event, None)) {
        Ok(permit) => return Ok((permit, None)),
        Err(refused) => refused,
    };
    let seated = ctx.actor.offices.seats.iter().filter(|seat| seat.event.0 == event.id && seat.head);
    let own = ctx.actor.organisation.into_iter().chain(seated.map(|seat| seat.organisation));
    for own in own.filter(|_| kind == Kind::Delegates) {
        if let Ok(permit) = ctx.actor.permit(Resource::Delegations, target(event, Some(own))) {
            return Ok((permit, Some(own)));
        }
    }
    Err(refused.into())
}

/// Refuses an organisation that names people too late; with a reason it does so one by one.
async fn on_time(
    ctx: &Ctx,
    tx: &Tx,
    event: &Visible<Event>,
    (kind, only): (Kind, Option<OrganisationId>),
) -> Result<(), Error> {
    if kind == Kind::Delegates && only.is_some() { delegates::on_time(ctx, tx, event, None).await } else { Ok(()) }
}

/// The table in the file, read on a thread that nobody else waits for.
async fn read(file: TableFile) -> Result<Grid, Error> {
    let work = move || if file.is_workbook { read_xlsx(&file.bytes) } else { read_csv(&file.bytes) };
    Ok(tokio::task::spawn_blocking(work).await.map_err(Error::internal)??)
}

impl From<Unreadable> for Error {
    fn from(reason: Unreadable) -> Self {
        Self::invalid("", reason.code(), reason.to_string())
    }
}
