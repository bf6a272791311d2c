//! The roll call of a session, for those who run its event. It is answered through the sheet.

pub mod resource;

use std::collections::HashMap;

use domain::{
    Language,
    access::Resource,
    attendance::{
        Level,
        roll_call::{RollCall, RollCallLine},
        rules::participation,
    },
    identifier::{DelegateId, Handle},
    minutes::draft::{Attended, Person},
    organisations::order::alphabetical,
};
use jiff::Timestamp;

use super::{
    marks::{self, Register},
    roster, sheet,
};
use crate::{context::Ctx, error::Error, events::rules};

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
    let register = Register::read(connection, place, ctx.now).await?;
    let presences = register.presences(ctx.now);
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
            level: presences.get(&entry.delegation_id).and_then(|presence| register.level(presence)),
            version: line.map_or(0, |line| line.version),
            organisation_code: entry.organisation_code,
        }
    });
    Ok(RollCall { session_id: place.session, lines: lines.collect(), language })
}

/// Who was there, delegation by delegation in protocol order of `language`, as it was led at `at`: for the
/// minutes. Nobody is asked whether they may know; whoever drafts minutes runs the event.
pub async fn attended(ctx: &Ctx, session: &Handle, language: &Language, at: Timestamp) -> Result<Vec<Attended>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    let event = marks::event_of(ctx, place).await?;
    roster::admit(ctx, &event).await?;
    let register = Register::read(connection, place, at).await?;
    let mut presences = register.attended(ctx.now);
    let mut entries = roster::entries(connection, &event, ctx.now).await?;
    entries.retain(|entry| entry.state.is_coming() || presences.contains_key(&entry.delegation_id));
    alphabetical(&mut entries, language, |entry| (&entry.organisation_code, &entry.names));
    let attended = entries.into_iter().map(|entry| {
        let presence = presences.remove(&entry.delegation_id).unwrap_or_default();
        let there = presence.people.iter().filter(|(_, mark)| mark.status.is_represented()).map(|(id, _)| *id);
        let mut there: Vec<DelegateId> = there.chain(presence.represented_by).collect();
        there.sort_by_key(|id| (register.attendees.get(id).map(|known| known.function), *id));
        there.dedup();
        let person = |id: DelegateId| {
            let known = register.attendees.get(&id)?;
            let said = presence.level.filter(|_| presence.represented_by == Some(id));
            Some(Person { function: known.function, level: said.or(known.level).map(Level::as_str) })
        };
        let people = if presence.status.is_represented() { there } else { vec![] };
        Attended {
            name: entry.names.list(language).unwrap_or(entry.organisation_code.as_str()).to_owned(),
            status: presence.status,
            people: people.into_iter().filter_map(person).collect(),
        }
    });
    Ok(attended.collect())
}
