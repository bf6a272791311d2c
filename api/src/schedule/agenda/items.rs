//! Items of agendas.

use domain::{
    access::{Permit, Resource},
    identifier::{Handle, SessionId},
    schedule::agenda::{Details, Item, ItemShown, ItemState, Kind, Refusal, Transition},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Place,
    held::{Held, Placed},
    hold, place_of, present, store, writable,
};
use crate::{
    audit,
    context::Ctx,
    db::{Cursor, Expected, Page, Paging, Tx, Visible, cut, reference, to_json},
    error::Error,
    organisations, people,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only in this state.
    pub state: Option<ItemState>,
}

/// One page of the items of a session that the caller may see, by age: their order may change from page to page.
pub async fn list(
    ctx: &Ctx,
    session: &Handle,
    filter: Filter,
    paging: &Paging,
) -> Result<Page<Visible<ItemShown>>, Error> {
    let mut items = all(ctx, &place_of(ctx, session).await?).await?;
    items.retain(|item| {
        filter.kind.is_none_or(|kind| item.content.details.kind == kind)
            && filter.state.is_none_or(|state| item.content.state == state)
            && paging.after.as_ref().is_none_or(|after| item.id > after.id)
    });
    items.sort_unstable_by_key(|item| item.id);
    items.truncate(usize::try_from(paging.limit + 1).map_err(Error::internal)?);
    cut(items, paging, |item| Cursor { key: String::new(), id: item.id })
}

/// One item, if the caller may see it.
pub async fn get(ctx: &Ctx, handle: &Handle) -> Result<Visible<ItemShown>, Error> {
    Ok(found(ctx, handle).await?.1)
}

/// One item with the session that it belongs to.
pub async fn found(ctx: &Ctx, handle: &Handle) -> Result<(Place, Visible<ItemShown>), Error> {
    let item = store::item_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let place = place_of(ctx, &Handle::Id(item.content.session_id.0)).await?;
    let shown = of(all(ctx, &place).await?, item.id)?;
    Ok((place, shown))
}

/// Adds an item to the agenda of a session.
pub async fn create(ctx: &Ctx, session: &Handle, input: Details) -> Result<Visible<ItemShown>, Error> {
    let (place, permit) = writable(ctx, session).await?;
    input.check()?;
    let input = resolved(ctx, input, None).await?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &place).await?;
    let position = input.position;
    let item = Item::new(input, SessionId(place.session.id));
    let placed = held.place(None, item, position)?;
    make_room(&tx, &place, &placed).await?;
    let made = store::item_insert(&tx, &place, &placed.item).await?;
    let diff = to_json(&at(&made.content, placed.position))?;
    record(&tx, "agenda_item.created", &place, &made, diff);
    tx.commit().await?;
    of(all(ctx, &place).await?, made.id)
}

/// Changes what is said of an item, if it still is what the caller read. `edit` makes the new details of the old.
pub async fn edit(
    ctx: &Ctx,
    handle: &Handle,
    expected: Expected,
    edit: impl FnOnce(&Details) -> Result<Details, Error>,
) -> Result<Visible<ItemShown>, Error> {
    let (place, known, permit) = own(ctx, handle).await?;
    expected.check_object(&of(all(ctx, &place).await?, known.id)?)?;
    let input = edit(&known.content.details)?;
    input.check()?;
    let input = resolved(ctx, input, Some(&known.content.details)).await?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &place).await?;
    let current = held.find(known.id)?;
    let position = input.position;
    let next = Item { details: Details { position: None, ..input }, ..current.content.clone() };
    let placed = held.place(Some(current), next, position)?;
    make_room(&tx, &place, &placed).await?;
    let made = store::item_update(&tx, &Visible { version: known.version, ..current.clone() }, &placed.item).await?;
    let (before, after) = (at(&current.content, held.position(current)), at(&made.content, placed.position));
    record(&tx, "agenda_item.updated", &place, &made, audit::diff(&before, &after)?);
    tx.commit().await?;
    of(all(ctx, &place).await?, made.id)
}

/// Takes an item the step that `transition` asks for; the clock is that of the server.
pub async fn step(ctx: &Ctx, handle: &Handle, transition: &Transition) -> Result<Visible<ItemShown>, Error> {
    let (place, known, permit) = own(ctx, handle).await?;
    let tx = ctx.write(permit).await?;
    let held = hold(&tx, &place).await?;
    let current = held.find(known.id)?;
    let next = current.content.stepped(transition.to, tx.now())?;
    if next.state == ItemState::Open {
        if !place.is_on() {
            return Err(Refusal::NotSitting.into());
        }
        held.check_none_open()?;
    }
    let made = store::item_update(&tx, current, &next).await?;
    record(&tx, "agenda_item.state_changed", &place, &made, audit::diff(&current.content, &made.content)?);
    tx.commit().await?;
    of(all(ctx, &place).await?, made.id)
}

/// Takes an item off the agenda as if it had never been there; its number is not given again.
pub async fn delete(ctx: &Ctx, handle: &Handle, expected: Expected) -> Result<(), Error> {
    let (place, known, permit) = own(ctx, handle).await?;
    expected.check_object(&of(all(ctx, &place).await?, known.id)?)?;
    let tx = ctx.write(permit).await?;
    let held: Held = hold(&tx, &place).await?;
    held.find(known.id)?;
    held.check_alone(known.id)?;
    let version = store::item_delete(&tx, &known).await?;
    record(&tx, "agenda_item.deleted", &place, &Visible { version, ..known }, Value::Null);
    tx.commit().await
}

/// All items of a session that the caller may see, in the order of its agenda.
pub(super) async fn all(ctx: &Ctx, place: &Place) -> Result<Vec<Visible<ItemShown>>, Error> {
    let (connection, session) = (ctx.read(Resource::Sessions)?, SessionId(place.session.id));
    let kept = store::agenda_find(connection, session).await?;
    let items = store::items_seen(connection, &ctx.actor, session).await?;
    present(ctx, place, &kept, items).await
}

fn of(items: Vec<Visible<ItemShown>>, id: Uuid) -> Result<Visible<ItemShown>, Error> {
    items.into_iter().find(|item| item.id == id).ok_or(Error::NotFound)
}

/// An item the caller may write.
async fn own(ctx: &Ctx, handle: &Handle) -> Result<(Place, Visible<Item>, Permit), Error> {
    ctx.actor.may_write(Resource::Sessions)?;
    let item = store::item_find(ctx.read(Resource::Sessions)?, &ctx.actor, handle).await?;
    let (place, permit) = writable(ctx, &Handle::Id(item.content.session_id.0)).await?;
    Ok((place, item, permit))
}

async fn make_room(tx: &Tx, place: &Place, placed: &Placed) -> Result<(), Error> {
    let Some(rank) = placed.shift else { return Ok(()) };
    let parent = reference(placed.item.details.parent_id.as_ref());
    store::siblings_shift(tx, SessionId(place.session.id), parent, rank).await
}

/// The item with its position, as the log tells of it.
fn at(item: &Item, position: u16) -> Item {
    Item { details: Details { position: Some(position), ..item.details.clone() }, ..item.clone() }
}

fn record(tx: &Tx, kind: &'static str, place: &Place, item: &Visible<Item>, diff: Value) {
    tx.record(place.change(kind, (item.id, item.version), item.content.details.visibility, diff));
}

/// The input with its references by id. References that stay as they were are not asked for again.
async fn resolved(ctx: &Ctx, mut input: Details, current: Option<&Details>) -> Result<Details, Error> {
    if let Some(Handle::Code(_)) = &input.parent_id {
        return Err(Error::invalid("/parent_id", "unknown_agenda_item", "Name an item of the same agenda by id."));
    }
    if let Some(person) = &input.lead_person_id
        && current.is_none_or(|current| current.lead_person_id != input.lead_person_id)
    {
        input.lead_person_id = Some(Handle::Id(people::resolve(ctx, person, "/lead_person_id").await?.0));
    }
    if let Some(organisation) = &input.lead_organisation_id
        && current.is_none_or(|current| current.lead_organisation_id != input.lead_organisation_id)
    {
        let organisation = organisations::resolve(ctx, organisation, "/lead_organisation_id").await?;
        input.lead_organisation_id = Some(Handle::Id(organisation.0));
    }
    Ok(input)
}
