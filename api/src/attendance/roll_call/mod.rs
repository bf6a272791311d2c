//! The roll call of a session, for those who run its event. It is answered through the sheet.

pub mod resource;

use std::collections::HashMap;

use domain::{
    access::Resource,
    attendance::{
        roll_call::{RollCall, RollCallLine},
        rules::participation,
    },
    identifier::Handle,
    organisations::order::alphabetical,
};

use super::{marks, roster, rules, sheet};
use crate::{context::Ctx, error::Error};

/// The delegations that come, in protocol order of the first language asked for, else of the event's.
pub async fn get(ctx: &Ctx, session: &Handle) -> Result<RollCall, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    let event = marks::event_of(ctx, place).await?;
    roster::admit(ctx, &event).await?;
    let language = ctx.languages.first().cloned().unwrap_or_else(|| event.content.details.main_language());
    let rules = rules::in_force(connection, &event).await?.rules;
    let reported = rules.committee_had_reported(ctx.now);
    let mut entries = roster::entries(connection, &event, ctx.now).await?;
    entries.retain(|entry| entry.state.is_coming());
    alphabetical(&mut entries, &language, |entry| (&entry.organisation_code, &entry.names));
    let lines = sheet::store::line_list(connection, &ctx.actor, place).await?;
    let recorded: HashMap<_, _> = lines.into_iter().map(|stored| (stored.line.delegation_id, stored.line)).collect();
    let lines = entries.into_iter().zip(1..).map(|(entry, number)| {
        let line = recorded.get(&entry.delegation_id);
        RollCallLine {
            number,
            delegation_id: entry.delegation_id,
            organisation_name: entry.names.list(&language).unwrap_or(entry.organisation_code.as_str()).to_owned(),
            finding: entry.finding(),
            participation: participation(entry.finding(), &rules, reported),
            status: line.map(|line| line.record.status).unwrap_or_default(),
            version: line.map_or(0, |line| line.version),
            organisation_code: entry.organisation_code,
        }
    });
    Ok(RollCall { session_id: place.session, lines: lines.collect(), language })
}
