//! Delegations and delegates as tables, for spreadsheets: exactly what the caller sees in the lists. What an import
//! reads back is named alike.

pub mod resource;

use std::collections::BTreeSet;

use documents::table::{Table, write_csv, write_xlsx};
use domain::{
    Language, Text,
    access::Resource,
    attendance::DelegateState,
    events::Event,
    identifier::{EventId, Handle},
    time,
};
use jiff::Timestamp;

use super::{delegates, delegations_of};
use crate::{
    context::Ctx,
    db::Visible,
    error::Error,
    events::{self, begin_of},
    organisations,
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
    let header = [
        "organisation",
        "organisation_name",
        "category",
        "state",
        "invitation_reference",
        "reply_due",
        "id",
        "changed_at",
    ];
    let mut rows = vec![];
    for delegation in delegations_of(ctx, EventId(event.id)).await? {
        let said = &delegation.content;
        rows.push(vec![
            said.organisation_code.to_string(),
            words(&said.organisation_name, &ctx.languages),
            said.invitation.category.to_string(),
            said.state.to_string(),
            said.invitation.invitation_reference.clone().unwrap_or_default(),
            said.invitation.reply_due.map(|day| day.to_string()).unwrap_or_default(),
            delegation.id.to_string(),
            moment(delegation.changed_at, &event.content)?,
        ]);
    }
    write(Table { header: header.map(str::to_owned).into(), rows }, format, "Delegations")
}

/// The delegates at an event whom the caller may see.
pub async fn delegates(ctx: &Ctx, event: &Handle, format: Format) -> Result<Vec<u8>, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let event = events::get(ctx, event).await?;
    let all = delegates::store::delegate_all(connection, &ctx.actor, EventId(event.id), DelegateState::ALL).await?;
    let begin = begin_of(event.content.details.starts_on, &event.content.details.time_zone)?;
    let organisations = organisations::names_of(ctx, all.iter().map(|one| one.content.organisation_id), begin).await?;
    let languages = languages(&all, &event.content);
    let mut header = vec!["organisation".to_owned(), "function".to_owned(), "display_name".to_owned()];
    header.extend(languages.iter().map(|language| format!("position[{language}]")));
    header.extend(["state", "id", "changed_at"].map(str::to_owned));
    let mut rows = vec![];
    for delegate in &all {
        let said = &delegate.content;
        let code = organisations.get(&said.organisation_id).map(|(code, _)| code.to_string());
        let mut row = vec![code.unwrap_or_default(), said.nomination.function.to_string(), said.display_name.clone()];
        let position = |language| said.nomination.position.as_ref().and_then(|text| text.get(language));
        row.extend(languages.iter().map(|language| position(language).unwrap_or_default().to_owned()));
        row.extend([said.state.to_string(), delegate.id.to_string(), moment(delegate.changed_at, &event.content)?]);
        rows.push(row);
    }
    write(Table { header, rows }, format, "Delegates")
}

/// The languages positions are written in, the event's main one at least.
fn languages(delegates: &[Visible<domain::attendance::Delegate>], event: &Event) -> BTreeSet<Language> {
    let written = delegates.iter().filter_map(|delegate| delegate.content.nomination.position.as_ref());
    written.flat_map(|text| text.0.keys()).chain(event.details.languages.first()).cloned().collect()
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
