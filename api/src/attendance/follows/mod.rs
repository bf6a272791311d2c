//! What people follow without having a part in it. Each follows for themselves, and only what they may see; what they may
//! see no longer is not there, and is there again when they may.

pub mod resource;
mod store;

use domain::{
    attendance::{Follow, Followed, NewFollow},
    identifier::{Handle, PersonId},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    context::Ctx,
    db::{Change, Expected, Page, Paging, Tx, Visible},
    error::Error,
    events, groups, schedule,
};
pub use store::{followed, followers};

/// One page of what whoever asks follows, in the order in which they began.
pub async fn list(ctx: &Ctx, kind: Option<Followed>, paging: &Paging) -> Result<Page<Visible<Follow>>, Error> {
    let Some(person) = ctx.actor.themselves()? else { return Ok(Page { items: vec![], next_cursor: None }) };
    store::follow_list(ctx.app.db.read(), (&ctx.actor, person), kind, paging).await
}

/// One thing that whoever asks follows.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<Visible<Follow>, Error> {
    let person = ctx.actor.themselves()?.ok_or(Error::NotFound)?;
    store::follow_find(ctx.app.db.read(), (&ctx.actor, person), id).await
}

/// Follows something. Following it again changes nothing.
pub async fn create(ctx: &Ctx, input: NewFollow) -> Result<Visible<Follow>, Error> {
    let (permit, person) = ctx.actor.permit_own()?;
    let object = resolve(ctx, &input).await?;
    let tx = ctx.write(permit).await?;
    let kept = store::follow_kept(&tx, person, (input.kind, object)).await?;
    if kept.as_ref().is_none_or(|kept| kept.ended) {
        if store::follow_count(&tx, person).await? >= Follow::MOST {
            let detail = format!("You follow {} things, which is as many as there can be. Give one up.", Follow::MOST);
            return Err(Error::conflict("too_many_follows", detail));
        }
        let (id, version) = store::follow_write(&tx, person, (input.kind, object), kept.as_ref()).await?;
        record(&tx, "follow.created", (id, version), person, &input.kind.scope(object));
    }
    let made = store::follow_of(tx.connection(), (&ctx.actor, person), (input.kind, object)).await?;
    tx.commit().await?;
    Ok(made)
}

/// Follows something no longer.
pub async fn delete(ctx: &Ctx, id: Uuid, expected: Expected) -> Result<(), Error> {
    let (permit, person) = ctx.actor.permit_own()?;
    let current = get(ctx, id).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    store::follow_end(&tx, &current).await?;
    let scope = current.content.object_id.id().map(|object| current.content.kind.scope(object));
    record(&tx, "follow.deleted", (id, current.version + 1), person, &scope.unwrap_or_default());
    tx.commit().await
}

/// The id of what is meant, which the caller must see.
async fn resolve(ctx: &Ctx, input: &NewFollow) -> Result<Uuid, Error> {
    let (handle, pointer): (&Handle, _) = (&input.object_id, "/object_id");
    match input.kind {
        Followed::Session => schedule::resolve(ctx, handle, pointer).await.map(|session| session.id),
        Followed::Group => groups::resolve(ctx, handle, pointer).await.map(|group| group.0),
        Followed::Event => events::resolve(ctx, handle, pointer).await.map(|event| event.id),
    }
}

/// What somebody follows is theirs: it is in the audit log, and no change to anything others fetch.
fn record(tx: &Tx, kind: &'static str, (id, version): (Uuid, i32), person: PersonId, what: &str) {
    let diff = json!({ "followed": what });
    tx.record(Change { subject: Some(person.0), silent: true, diff, ..Change::new(kind, id, version) });
}
