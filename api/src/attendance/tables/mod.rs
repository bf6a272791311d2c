//! Delegations and delegates as tables, for spreadsheets: exactly what the caller sees in the lists. What an import
//! reads back is named alike.

pub mod resource;

use documents::table::{Table, write_csv, write_xlsx};
use domain::{
    Language, Text,
    access::Resource,
    attendance::{
        Delegate, DelegateState,
        import::written::{self, DelegateRow, DelegationRow},
    },
    events::Event,
    identifier::{EventId, Handle, PersonId},
    time,
};
use jiff::Timestamp;

use super::{delegates, delegations_of};
use crate::{
    context::Ctx,
    db::{Visible, reference},
    error::Error,
    events::{self, begin_of},
    organisations, people,
};

/// The formats of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values.
    Csv,
    /// A workbook.
    Xlsx,
}

/// The delegations of an event that the caller may see.
pub async fn delegations(ctx: &Ctx, event: &Handle, format: Format) -> Result<Vec<u8>, Error> {
    ctx.actor.may_see(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let all = delegations_of(ctx, EventId(event.id)).await?;
    let mut rows = vec![];
    for delegation in &all {
        rows.push(DelegationRow {
            id: delegation.id,
            delegation: &delegation.content,
            name: words(&delegation.content.organisation_name, &ctx.languages),
            changed_at: moment(delegation.changed_at, &event.content)?,
        });
    }
    write(written::delegations(&rows), format, "Delegations")
}

/// The delegates at an event whom the caller may see.
pub async fn delegates(ctx: &Ctx, event: &Handle, format: Format) -> Result<Vec<u8>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let all = delegates::store::delegate_all(connection, &ctx.actor, EventId(event.id), DelegateState::ALL).await?;
    let begin = begin_of(event.content.details.starts_on, &event.content.details.time_zone)?;
    let organisations = organisations::names_of(ctx, all.iter().map(|one| one.content.organisation_id), begin).await?;
    let known = people::known_of(ctx, all.iter().filter_map(|one| person_of(&one.content))).await?;
    let mut rows = vec![];
    for delegate in &all {
        let code = organisations.get(&delegate.content.organisation_id).map(|(code, _)| code.to_string());
        rows.push(DelegateRow {
            id: delegate.id,
            organisation: code.unwrap_or_default(),
            delegate: &delegate.content,
            person: person_of(&delegate.content).and_then(|person| known.get(&person)),
            changed_at: moment(delegate.changed_at, &event.content)?,
        });
    }
    let private = all.iter().all(|one| is_private_to(ctx, one));
    let main: Option<&Language> = event.content.details.languages.first();
    write(written::delegates(&rows, main, private), format, "Delegates")
}

fn person_of(delegate: &Delegate) -> Option<PersonId> {
    reference(delegate.nomination.person_id.as_ref()).map(PersonId)
}

/// Whether the caller knows what is between the delegate and the secretariat.
fn is_private_to(ctx: &Ctx, delegate: &Visible<Delegate>) -> bool {
    ctx.actor.sees_everything() || ctx.actor.acts_for(delegate.content.organisation_id, delegate.content.event_id)
}

fn words(text: &Text, languages: &[Language]) -> String {
    text.resolve(languages).map(|(_, words)| words.to_owned()).unwrap_or_default()
}

/// The instant on the event's clock, with the name of its zone (RFC 9557).
fn moment(at: Timestamp, event: &Event) -> Result<String, Error> {
    Ok(at.to_zoned(time::zone(&event.details.time_zone, "/time_zone")?).to_string())
}

fn write(table: Table, format: Format, sheet: &str) -> Result<Vec<u8>, Error> {
    match format {
        Format::Csv => write_csv(&table).map_err(Error::internal),
        Format::Xlsx => write_xlsx(&table, sheet).map_err(Error::internal),
    }
}
