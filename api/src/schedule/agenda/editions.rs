//! Editions of agendas: provisional ones as they are circulated, and those the meeting has adopted.

use domain::{
    access::Resource,
    identifier::{AgendaEditionId, AgendaItemId, Handle, SessionId},
    schedule::agenda::{Edition, EditionHead, EditionItem, EditionKind, NewEdition, Refusal, Visibility},
};

use super::{Place, hold, numbers, place_of, present, store, store::Kept, writable};
use crate::{
    context::Ctx,
    db::{Page, Paging, Visible, to_json},
    error::Error,
    schedule::plans,
};

/// One page of the editions of a session's agenda, the first first.
pub async fn list(ctx: &Ctx, session: &Handle, paging: &Paging) -> Result<Page<Visible<EditionHead>>, Error> {
    let place = place_of(ctx, session).await?;
    store::edition_list(ctx.read(Resource::Sessions)?, SessionId(place.session.id), paging).await
}

/// One edition, with the items that the caller might see then and may see now.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<Edition>, Error> {
    let Handle::Id(id) = handle else { return Err(Error::NotFound) };
    let connection = ctx.read(Resource::Sessions)?;
    let edition = store::edition_find(connection, AgendaEditionId(*id)).await?;
    let place = place_of(ctx, &Handle::Id(edition.content.head.session_id.0)).await?;
    as_seen(ctx, &place, edition).await
}

/// Keeps the agenda as it is proposed now.
pub async fn create(ctx: &Ctx, session: &Handle, input: NewEdition) -> Result<Visible<Edition>, Error> {
    keep(ctx, session, EditionKind::Provisional, input).await
}

/// Keeps the agenda as the meeting has adopted it. From the first time on every item keeps the number it has.
pub async fn adopt(ctx: &Ctx, session: &Handle, input: NewEdition) -> Result<Visible<Edition>, Error> {
    keep(ctx, session, EditionKind::Adopted, input).await
}

async fn keep(ctx: &Ctx, session: &Handle, kind: EditionKind, input: NewEdition) -> Result<Visible<Edition>, Error> {
    let (place, permit) = writable(ctx, session).await?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &place).await?;
    if held.items.iter().all(|item| item.content.details.visibility != Visibility::Common) {
        return Err(Refusal::Empty.into());
    }
    if kind == EditionKind::Adopted && held.kept.adopted_at.is_none() {
        for (item, number) in numbers(&held.kept, &held.items) {
            store::number_keep(&tx, item, &number).await?;
        }
        let adopted = Kept { adopted_at: Some(tx.now()), version: held.kept.version + 1, ..held.kept.clone() };
        store::agenda_write(&tx, SessionId(place.session.id), &adopted).await?;
    }
    let mut items = present(ctx, &place, &held.kept, held.items).await?;
    items.retain(|item| item.content.details.visibility != Visibility::Hidden);
    let items = items.iter().map(|item| EditionItem::of(AgendaItemId(item.id), &item.content)).collect();
    let made = store::edition_insert(&tx, &place, kind, (input, items)).await?;
    let mut diff = made.content.clone();
    diff.items.retain(|item| item.visibility == Visibility::Common);
    let what = match kind {
        EditionKind::Provisional => "agenda_edition.created",
        EditionKind::Adopted => "agenda_edition.adopted",
    };
    tx.record(place.change(what, (made.id, 1), Visibility::Common, to_json(&diff)?));
    tx.commit().await?;
    as_seen(ctx, &place, made).await
}

async fn as_seen(ctx: &Ctx, place: &Place, mut edition: Visible<Edition>) -> Result<Visible<Edition>, Error> {
    let connection = ctx.read(Resource::Sessions)?;
    let seen = store::items_still_seen(connection, &ctx.actor, SessionId(place.session.id)).await?;
    let runs = plans::plans(ctx, &place.event);
    edition
        .content
        .items
        .retain(|item| seen.contains(&item.item_id) && (runs || item.visibility == Visibility::Common));
    Ok(edition)
}
