//! Scans at the doors of a session: whoever is let in is present from then on, and whoever is let out is not any more.

use std::collections::BTreeMap;

use domain::{
    access::Actor,
    attendance::{Status, door::Direction, marks::Source},
    events::Event,
    identifier::{DelegateId, DelegationId, SessionId},
};
use jiff::Timestamp;

use super::Said;
use crate::{
    attendance::sheet,
    db::{Tx, Visible},
    error::Error,
};

/// Somebody passed a door of a session.
#[derive(Debug, Clone, Copy)]
pub(in crate::attendance) struct Passed {
    /// The session.
    pub session: SessionId,
    /// Who, and whose delegate.
    pub who: (DelegationId, DelegateId),
    /// Which way.
    pub direction: Direction,
    /// When it happened, whenever the server was told.
    pub at: Timestamp,
}

/// Makes a mark of each, and brings the lines of their delegations up to it: once for each session, however many passed.
/// Sessions are held in the order of their ids, so that two doors never wait for each other; of one that was deleted
/// nothing is marked.
pub(in crate::attendance) async fn settle(
    tx: &Tx,
    actor: &Actor,
    event: &Visible<Event>,
    passed: &[Passed],
) -> Result<(), Error> {
    let mut by_session: BTreeMap<SessionId, Vec<Said>> = BTreeMap::new();
    for passed in passed {
        let status = if passed.direction == Direction::In { Status::Present } else { Status::Absent };
        let said = Said::of(passed.who, status, Source::Scan, passed.at);
        by_session.entry(passed.session).or_default().push(said);
    }
    for (session, said) in by_session {
        let Some(place) = sheet::store::place_hold(tx, session).await? else { continue };
        let delegations: Vec<_> = said.iter().map(|said| said.delegation).collect();
        let lines = sheet::store::line_list_of(tx.connection(), actor, place, &delegations).await?;
        sheet::settle(tx, place, event, lines, &said).await?;
    }
    Ok(())
}
