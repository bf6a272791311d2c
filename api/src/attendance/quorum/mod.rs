//! Quorums: counted live or as of an instant, and frozen on request and at each decision.

pub mod resource;
pub mod store;

use std::collections::BTreeSet;

use domain::{
    access::{Resource, Visibility},
    attendance::{
        Quorum, QuorumRule,
        marks::Presence,
        quorum::{Basis, Seat, count},
        rules::may_vote,
    },
    events::Event,
    identifier::{GroupId, Handle, OrganisationId},
    language::check_line,
    moment::Moment,
};
use jiff::Timestamp;
use schemars::JsonSchema;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use super::{
    marks::{self, Register},
    roster::{self, Entry},
    sheet::{self, store::Place},
    target,
};
use crate::{
    context::Ctx,
    db::{Change, Page, Paging, Tx, Visible, reference, to_json},
    error::Error,
    events::{self, rules},
    schedule,
};

/// A request to freeze a quorum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "QuorumRequest")]
pub struct Request {
    /// Why it is counted: "Quorum called by Poland".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub reason: Option<String>,
}

/// A quorum as it was counted once and for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "QuorumSnapshot")]
pub struct Snapshot {
    /// What was counted.
    #[serde(flatten)]
    pub quorum: Quorum,
    /// Which snapshot of the session it is, from 1.
    pub number: i32,
    /// Why it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who took it.
    pub taken_by: String,
}

/// A session whose quorum is to be counted.
#[derive(Debug, Clone)]
pub struct Sitting {
    place: Place,
    event: Visible<Event>,
    group: Option<GroupId>,
    start: Timestamp,
}

/// The quorum as it is now, or as it was at an instant; for those who run the event.
pub async fn get(ctx: &Ctx, session: &Handle, as_of: Option<Moment>) -> Result<Quorum, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let sitting = sitting(ctx, session).await?;
    roster::admit(ctx, &sitting.event).await?;
    counted(connection, &sitting, as_of.map_or(ctx.now, |moment| moment.0)).await
}

/// One page of the snapshots of a session, for those who run the event.
pub async fn list(ctx: &Ctx, session: &Handle, paging: &Paging) -> Result<Page<Snapshot>, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let sitting = sitting(ctx, session).await?;
    roster::admit(ctx, &sitting.event).await?;
    store::snapshot_list(connection, sitting.place.session, paging).await
}

/// Freezes the quorum as it is now.
pub async fn take(ctx: &Ctx, session: &Handle, request: Request) -> Result<Snapshot, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let sitting = sitting(ctx, session).await?;
    let permit = ctx.actor.permit(Resource::Attendance, target(&sitting.event, None))?;
    if let Some(reason) = &request.reason {
        check_line(reason, "/reason", 300)?;
    }
    let tx = ctx.write(permit).await?;
    let taken = freeze(&tx, &sitting, request.reason).await?;
    tx.commit().await?;
    Ok(taken)
}

/// A session as far as its quorum depends on it: its group, and when it starts or else its event does.
pub async fn sitting(ctx: &Ctx, session: &Handle) -> Result<Sitting, Error> {
    let place = sheet::place_of(ctx, session).await?;
    let event = marks::event_of(ctx, place).await?;
    let session = schedule::get(ctx, session).await?.content;
    let details = &event.content.details;
    let begin = events::begin_of(details.starts_on, &details.time_zone)?;
    let group = session.details.group_id.as_ref().or(details.group_id.as_ref());
    let start = session.start.as_ref().map_or(begin, |start| start.utc);
    Ok(Sitting { place, group: reference(group).map(GroupId), start, event })
}

/// Freezes the quorum in the transaction of a decision.
pub async fn freeze(tx: &Tx, sitting: &Sitting, reason: Option<String>) -> Result<Snapshot, Error> {
    sheet::store::session_lock(tx, sitting.place.session).await?;
    let quorum = counted(tx.connection(), sitting, tx.now()).await?;
    let number = store::snapshot_last(tx, sitting.place.session).await? + 1;
    let snapshot = Snapshot { quorum, number, reason, taken_by: tx.author() };
    let id = store::snapshot_insert(tx, &snapshot).await?;
    let details = &sitting.event.content.details;
    tx.record(Change {
        event: Some(sitting.event.id),
        group: reference(details.group_id.as_ref()),
        disclosure: details.disclosure().at_least(Visibility::Chairs),
        diff: to_json(&snapshot.quorum)?,
        ..Change::new("quorum_snapshot.taken", id, 1)
    });
    Ok(snapshot)
}

/// Counts from what is on record. Who belongs to the group is as of the start of the session, who is there and what is
/// found of credentials as of `at`; which delegations are registered is as it is now.
async fn counted(connection: &impl ConnectionTrait, sitting: &Sitting, at: Timestamp) -> Result<Quorum, Error> {
    let rules = rules::in_force(connection, &sitting.event).await?.rules;
    let reported = rules.committee_had_reported(at);
    let entries = roster::entries(connection, &sitting.event, at).await?;
    let register = Register::read(connection, sitting.place, at).await?;
    let presences = register.presences(at);
    // Without a group nobody is a member of it, so the registered are who there is.
    let rule = match sitting.group {
        Some(_) => rules.quorum,
        None => QuorumRule { basis: Basis::Registered, ..rules.quorum },
    };
    let nobody = Presence::default();
    let seats: Vec<Seat> = entries
        .iter()
        .map(|entry| Seat {
            organisation: entry.organisation_id,
            may_vote: may_vote(entry.finding(), &rules, reported),
            has_voter: rule.has_voter(presences.get(&entry.delegation_id).unwrap_or(&nobody), |delegate| {
                register.attendees.get(&delegate).is_some_and(|attendee| attendee.may_vote)
            }),
        })
        .collect();
    let entitled = entitled(connection, sitting, rule.basis, &entries).await?;
    Ok(count(sitting.place.session, at, rule, &entitled, &seats))
}

async fn entitled(
    connection: &impl ConnectionTrait,
    sitting: &Sitting,
    basis: Basis,
    entries: &[Entry],
) -> Result<BTreeSet<OrganisationId>, Error> {
    match (basis, sitting.group) {
        (Basis::Members, Some(group)) => store::members(connection, group, sitting.start, false).await,
        (Basis::VotingMembers, Some(group)) => store::members(connection, group, sitting.start, true).await,
        (Basis::Registered, _) | (_, None) => {
            let registered = |entry: &&Entry| entry.state.is_registered() && entry.category.presents_credentials();
            Ok(entries.iter().filter(registered).map(|entry| entry.organisation_id).collect())
        }
    }
}
