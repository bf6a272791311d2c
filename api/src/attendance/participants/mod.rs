//! The list of participants of an event: previewed while it changes, published as editions that never do.
//!
//! The secretariat previews and publishes. Editions are for those who take part in the event.

pub mod export;
pub mod resource;
pub mod store;

use documents::participants::{ParticipantsDoc, render};
use domain::{
    Language,
    access::{Resource, Visibility},
    attendance::participants::{Edition, EditionKind, Occasion, Publication, Roll},
    events::Event,
    identifier::{EventId, Handle},
    time,
};
use jiff::Timestamp;
use serde_json::json;

use super::target;
use crate::{
    context::Ctx,
    db::{Change, Page, Paging, Visible, reference},
    error::Error,
    events,
};

/// Which list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The number of an edition; none for the latest.
    pub edition: Option<i32>,
    /// What would be published now as this.
    pub preview: Option<EditionKind>,
}

/// A list, resolved for the language of the reader.
pub async fn get(ctx: &Ctx, event: &Handle, wanted: Wanted) -> Result<ParticipantsDoc, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let roll = match wanted.preview {
        Some(kind) => preview(ctx, &event, kind, wanted).await?,
        None => store::edition_find(connection, &ctx.actor, EventId(event.id), wanted.edition).await?,
    };
    Ok(render(&roll, &language(ctx, &event.content)))
}

async fn preview(ctx: &Ctx, event: &Visible<Event>, kind: EditionKind, wanted: Wanted) -> Result<Roll, Error> {
    if wanted.edition.is_some() {
        let detail = "Ask for an edition or for a preview, not for both.";
        return Err(Error::invalid("preview", "edition_and_preview", detail));
    }
    if !ctx.actor.sees_everything() {
        return Err(Error::Forbidden("Only the secretariat sees a list that is not published.".to_owned()));
    }
    let begin = begin(&event.content)?;
    let connection = ctx.read(Resource::Delegations)?;
    let listing = store::listing_find(connection, &ctx.actor, EventId(event.id), kind, begin).await?;
    Ok(Roll { kind, edition: None, event: occasion(&event.content), parties: listing.parties })
}

/// One page of the editions, oldest first.
pub async fn list(ctx: &Ctx, event: &Handle, paging: &Paging) -> Result<Page<Edition>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    store::edition_list(connection, &ctx.actor, EventId(event.id), paging).await
}

/// Publishes what the list is now as the next edition.
pub async fn publish(ctx: &Ctx, event: &Handle, input: Publication) -> Result<Edition, Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, None))?;
    let id = EventId(event.id);
    let tx = ctx.write(permit).await?;
    let event = events::lock(&tx, id).await?;
    let details = &event.content.details;
    let listing = store::listing_find(tx.connection(), &ctx.actor, id, input.kind, begin(&event.content)?).await?;
    let published_on = tx.now().to_zoned(time::zone(&details.time_zone, "/time_zone")?).date();
    let number = store::edition_next(&tx, id).await?;
    let roll = Roll {
        kind: input.kind,
        edition: Some((number, published_on)),
        event: occasion(&event.content),
        parties: listing.parties,
    };
    if roll.parties.is_empty() {
        let detail = match input.kind {
            EditionKind::Provisional => "No delegation has accepted yet, so there is nobody to list.",
            EditionKind::Final => {
                "No delegation has been confirmed yet. Confirm those that came, or publish a provisional list."
            }
        };
        return Err(Error::conflict("nobody_to_list", detail));
    }
    let (edition, made) = store::edition_insert(&tx, &event, &roll, (number, published_on), &listing.persons).await?;
    tx.record(Change {
        event: Some(event.id),
        group: reference(details.group_id.as_ref()),
        disclosure: details.disclosure().at_least(Visibility::Participants),
        // Not who published it: whoever did is named once, by the entry itself.
        diff: json!({"number": made.number, "kind": made.kind, "delegations": made.delegations, "people": made.people}),
        ..Change::new("participants.published", edition, 1)
    });
    tx.commit().await?;
    Ok(made)
}

fn begin(event: &Event) -> Result<Timestamp, Error> {
    events::begin_of(event.details.starts_on, &event.details.time_zone)
}

fn occasion(event: &Event) -> Occasion {
    Occasion {
        title: event.details.title.clone(),
        place: Some(event.details.city.name.clone()).filter(|city| !city.is_empty()),
        starts_on: event.details.starts_on,
        ends_on: event.details.ends_on,
    }
}

/// The first language asked for, else the main one of the event.
fn language(ctx: &Ctx, event: &Event) -> Language {
    ctx.languages.first().or(event.details.languages.first()).cloned().unwrap_or_else(Language::english)
}
