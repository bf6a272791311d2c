//! What becomes of the duties of a delegate in whose place somebody else comes. Whoever has begun something did it; the
//! rest passes or ends, as it is said of each. What the caller may not see of it is declined: it is for those who plan
//! the event to give it to somebody, and nobody else learns that there is anything.

use std::collections::BTreeSet;

use domain::{
    access::{Disclosure, Visibility},
    attendance::{Answer, Commitment, CommitmentAnswer, Duty, DutyDetails},
    events::Event,
    identifier::{DelegateId, DutyId, Handle, PersonId, SessionId},
    schedule::{Place, Sitting, State},
};
use jiff::Timestamp;
use sea_orm::ConnectionTrait;
use serde_json::Value;

use super::{record, store};
use crate::{
    audit,
    context::Ctx,
    db::{Tx, Visible, to_json},
    error::Error,
    events::sittings,
};

/// A duty in sittings still to come.
#[derive(Debug)]
pub struct Ahead {
    duty: Visible<Duty>,
    /// The sittings in which it is one, by start.
    sittings: Vec<Visible<Sitting>>,
    /// That of which the caller knows and that comes next.
    next: Option<Visible<Sitting>>,
}

/// The duties of a delegate in what is still to come, by when that is.
#[derive(Debug)]
pub struct Duties {
    /// Of which the caller knows.
    pub known: Vec<Ahead>,
    unknown: Vec<Ahead>,
}

impl Duties {
    /// Those of a delegate at an event.
    pub async fn of(
        connection: &impl ConnectionTrait,
        ctx: &Ctx,
        event: &Visible<Event>,
        delegate: DelegateId,
    ) -> Result<Self, Error> {
        let duties = store::duties_of_delegate(connection, &ctx.actor, delegate).await?;
        if duties.is_empty() {
            return Ok(Self { known: vec![], unknown: vec![] });
        }
        let sessions = duties.iter().map(|(duty, _)| duty.content.session_id);
        let sittings = sittings::sittings_of_sessions(connection, sessions).await?;
        let shown = sittings::sessions_seen(connection, &ctx.actor, event.id).await?;
        let (mut known, mut unknown) = (vec![], vec![]);
        for (duty, seen) in duties {
            let own: Vec<_> = sittings.iter().filter(|sitting| holds_in(&duty.content, sitting)).cloned().collect();
            let coming = || own.iter().filter(|sitting| !begun(sitting, ctx.now));
            let next = coming().find(|sitting| seen && shown.contains(&sitting.id)).cloned();
            match (next, coming().next()) {
                (None, None) => {}
                (None, Some(_)) => unknown.push(Ahead { duty, sittings: own, next: None }),
                (next, _) => known.push(Ahead { duty, sittings: own, next }),
            }
        }
        let when = |ahead: &Ahead| ahead.next.as_ref().map(|next| next.content.sort_key());
        known.sort_by_key(|ahead| (when(ahead), ahead.duty.id));
        Ok(Self { known, unknown })
    }
}

fn holds_in(duty: &Duty, sitting: &Visible<Sitting>) -> bool {
    let id = SessionId(sitting.id);
    Place::of(duty.session_id, duty.details.sitting_only).includes(id, sitting.content.details.leading(id))
}

fn begun(sitting: &Visible<Sitting>, now: Timestamp) -> bool {
    sitting.content.state == State::Held || sitting.content.slot.is_some_and(|slot| slot.starts_at <= now)
}

impl Ahead {
    /// The duty.
    pub fn id(&self) -> DutyId {
        DutyId(self.duty.id)
    }

    /// Who sees one of its sittings.
    fn shown_in(&self, session: SessionId) -> Disclosure {
        let sitting = self.sittings.iter().find(|sitting| sitting.id == session.0);
        sitting.map_or_else(|| Disclosure::of(Visibility::Secretariat), |sitting| sitting.content.disclosure())
    }

    /// What it is and in which session, for a sentence.
    pub fn words(&self, ctx: &Ctx) -> String {
        let part = self.duty.content.details.duty;
        let Some(next) = &self.next else { return format!("the duty '{part}'") };
        let title = next.content.details.title.resolve(&ctx.languages).map(|(_, title)| title).unwrap_or_default();
        format!("the duty '{part}' in session {}, '{title}'", next.content.number)
    }

    /// As it is asked about, in an event of this zone.
    pub fn asked(self, zone: &str) -> CommitmentAnswer {
        let Self { duty, next, .. } = self;
        let slot = next.as_ref().and_then(|next| next.content.slot);
        CommitmentAnswer {
            session_id: Some(duty.content.session_id),
            title: next.map(|next| next.content.details.title),
            start: slot.map(|slot| slot.start(zone)),
            end: slot.map(|slot| slot.end(zone)),
            duty_id: Some(DutyId(duty.id)),
            duty: Some(duty.content.details.duty),
            answer: Some(duty.content.answer),
            sitting_only: duty.content.details.sitting_only,
            ..CommitmentAnswer::of(Commitment::Duty)
        }
    }
}

/// Lets those of the duties pass that are `moving`, and ends the others. The event is held.
pub async fn hand_over(
    tx: &Tx,
    event: &Visible<Event>,
    duties: Duties,
    (former, substitute): (DelegateId, PersonId),
    moving: &BTreeSet<DutyId>,
) -> Result<(), Error> {
    for ahead in duties.known {
        let passes = moving.contains(&ahead.id());
        part(tx, event, ahead, passes.then_some(substitute)).await?;
    }
    if !duties.unknown.is_empty() && !store::person_comes_anyway(tx.connection(), former).await? {
        for ahead in duties.unknown.into_iter().filter(|ahead| ahead.duty.content.answer != Answer::Declined) {
            let next = Duty { answer: Answer::Declined, ..ahead.duty.content.clone() };
            change(tx, event, (&ahead, &ahead.duty), &next, "duty.answered").await?;
        }
    }
    Ok(())
}

/// Leaves of a duty what has begun to whoever had it, and gives the rest to `heir`.
async fn part(tx: &Tx, event: &Visible<Event>, ahead: Ahead, heir: Option<PersonId>) -> Result<(), Error> {
    let duty = &ahead.duty.content;
    let sittings: Vec<_> =
        ahead.sittings.iter().map(|sitting| (SessionId(sitting.id), begun(sitting, tx.now()))).collect();
    let parted = duty.handed_over(&sittings);
    if parted.kept.contains(&duty.session_id) {
        let details = DutyDetails { sitting_only: true, ..duty.details.clone() };
        change(tx, event, (&ahead, &ahead.duty), &Duty { details, ..duty.clone() }, "duty.changed").await?;
    } else {
        let version = store::duty_delete(tx, &ahead.duty).await?;
        let gone = Visible { version, ..ahead.duty.clone() };
        record(tx, "duty.deleted", &gone, (event, ahead.shown_in(duty.session_id)), Value::Null);
    }
    for session in parted.kept.into_iter().filter(|session| *session != duty.session_id) {
        let details = DutyDetails { sitting_only: true, ..duty.details.clone() };
        give(tx, event, &ahead, (session, &details), duty.answer).await?;
    }
    match heir {
        Some(heir) => inherit(tx, event, &ahead, heir, parted.passed).await,
        None => Ok(()),
    }
}

/// Gives the duty to `heir` in these sessions, unless they have it there already.
async fn inherit(
    tx: &Tx,
    event: &Visible<Event>,
    ahead: &Ahead,
    heir: PersonId,
    passed: Vec<(SessionId, bool)>,
) -> Result<(), Error> {
    let duty = &ahead.duty.content;
    let sessions = passed.iter().map(|(session, _)| *session).chain([duty.session_id]);
    let mut has = store::duties_of_person(tx.connection(), heir, sessions).await?;
    has.retain(|has| has.content.details.duty == duty.details.duty);
    let everywhere =
        has.iter().any(|has| has.content.session_id == duty.session_id && !has.content.details.sitting_only);
    for (session, sitting_only) in passed.into_iter().filter(|_| !everywhere) {
        let details = DutyDetails { person_id: Some(Handle::Id(heir.0)), sitting_only, ..duty.details.clone() };
        match has.iter().find(|has| has.content.session_id == session) {
            None => give(tx, event, ahead, (session, &details), Answer::default()).await?,
            Some(there) if there.content.details.sitting_only == sitting_only => {}
            Some(there) => {
                let next = Duty { details, ..there.content.clone() };
                change(tx, event, (ahead, there), &next, "duty.changed").await?;
            }
        }
    }
    Ok(())
}

async fn give(
    tx: &Tx,
    event: &Visible<Event>,
    ahead: &Ahead,
    (session, details): (SessionId, &DutyDetails),
    answer: Answer,
) -> Result<(), Error> {
    let made = store::duty_insert(tx, ahead.duty.content.event_id, session, details, answer).await?;
    record(tx, "duty.given", &made, (event, ahead.shown_in(session)), to_json(&made.content)?);
    Ok(())
}

async fn change(
    tx: &Tx,
    event: &Visible<Event>,
    (ahead, current): (&Ahead, &Visible<Duty>),
    next: &Duty,
    kind: &'static str,
) -> Result<(), Error> {
    let made = store::duty_update(tx, current, next).await?;
    let diff = audit::diff(&current.content, &made.content)?;
    record(tx, kind, &made, (event, ahead.shown_in(current.content.session_id)), diff);
    Ok(())
}
