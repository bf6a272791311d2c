//! Badges as sheets to be printed.

use documents::badges;
use domain::{
    Language,
    access::Resource,
    attendance::door::{Paper, Printed},
    events::Event,
    identifier::{BadgeId, EventId, Handle},
};
use serde_json::json;

use super::{Signer, store};
use crate::{attendance::delegations, audit, context::Ctx, error::Error, events};

/// Badges that are printed at once.
const MOST: usize = 1_000;

/// What is to be printed.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only the badges of this delegation.
    pub delegation: Option<Handle>,
    /// On what.
    pub paper: Paper,
}

/// The valid badges of an event as PDF, in the language that is asked for or the main one of the event. Whoever has a
/// sheet has the badges, so it is for those who run the event, and an entry of the audit log says that it was made.
pub async fn pdf(ctx: &Ctx, event: &Handle, wanted: Wanted) -> Result<(Vec<u8>, Language), Error> {
    let connection = ctx.read(Resource::Badges)?;
    let event = events::get(ctx, event).await?;
    if !ctx.actor.runs(events::target(&event)) {
        let detail = "Badges are printed by those who run the event. Use a key whose role and limits include it.";
        return Err(Error::Forbidden(detail.to_owned()));
    }
    let id = EventId(event.id);
    let delegation = match &wanted.delegation {
        Some(named) => Some(delegations::resolve(ctx, id, named, "delegation").await?.id),
        None => None,
    };
    let signer = Signer::new(ctx, id)?;
    let details = &event.content.details;
    let begin = events::begin_of(details.starts_on, &details.time_zone)?;
    let rows = store::badges_to_print(connection, id, delegation, begin).await?;
    if rows.is_empty() {
        let detail = "There is no valid badge to be printed. Issue badges first: POST /events/{id}/badges.";
        return Err(Error::conflict("no_badges", detail));
    }
    if rows.len() > MOST {
        let detail = format!("Print at most {MOST} badges at once: those of one delegation after the other.");
        return Err(Error::invalid("delegation", "too_many", detail));
    }
    let count = rows.len();
    let printed = rows.into_iter().map(|row| with_code(&signer, row)).collect::<Result<Vec<_>, _>>()?;
    let language = language(ctx, &event.content);
    let (title, spoken, paper) = (details.title.clone(), language.clone(), wanted.paper);
    let fonts = ctx.app.fonts.clone();
    let work = move || {
        let sheet = badges::render(&title, printed, paper, &spoken);
        let sheet = sheet.map_err(|_| Error::internal("a badge that fits no code"))?;
        Ok::<_, Error>(badges::pdf(&sheet, fonts.get().map_err(Error::internal)?)?)
    };
    let content = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    audit::note(ctx, "event.badges_printed", event.id, json!({"badges": count})).await?;
    Ok((content, language))
}

/// What stands on a badge, its code included: the badge must have been made with the key the server has.
fn with_code(signer: &Signer, row: store::ToPrint) -> Result<Printed, Error> {
    let id = BadgeId(row.id);
    if row.token_hash != Some(signer.token(id).hash()) {
        return Err(super::key_changed());
    }
    let store::ToPrint { code, names, category, person, number, .. } = row;
    Ok(Printed { code, names, category, person, number, qr: signer.content(id)? })
}

fn language(ctx: &Ctx, event: &Event) -> Language {
    let asked = ctx.languages.first().or(event.details.languages.first());
    asked.cloned().unwrap_or_else(Language::english)
}
