//! What is due: who is to be written to because the programme, their part in it, or what they may see has changed.
//!
//! A change leaves one job, done some minutes later for all that changed till then. It finds out whom to write to without
//! asking what they may see, and leaves a job for each of them, which asks that.

use std::collections::{BTreeSet, HashMap};

use domain::{
    access::{Resource, Target},
    attendance::invitation::{Standing, due},
    calendars::Status,
    events::Event,
    identifier::{EventId, Handle, PersonId, SessionId},
    schedule::{Setting, Shown, Sitting, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    are_sent, sending,
    store::{self, Kept, Wanted},
};
use crate::{
    context::{App, Ctx},
    db::{Claimed, Visible, from_json, to_json},
    error::Error,
    events::{
        self,
        sittings::{Settings, sittings_read},
    },
    http::reply::hex,
    jobs::JobKind,
    people::mail_settings::persons_without_invitations,
};

/// A programme to be followed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Round {
    /// Of which event.
    pub event: EventId,
    /// Whether to ask of everybody who is invited what they may still see.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everyone: bool,
}

/// Somebody to be written to. It names an id and says nothing, so that a job that waits holds nothing personal.
#[derive(Debug, Serialize, Deserialize)]
pub struct Turn {
    /// At which event.
    pub event: EventId,
    /// Who.
    pub person: PersonId,
    /// The sitting of which the last mail is to be sent once more.
    #[serde(default)]
    pub again: Option<SessionId>,
}

/// Leaves a job for each event with somebody who may no longer see what they were invited to.
pub async fn go_round(app: &App) -> Result<(), Error> {
    if !are_sent(&app.config) {
        return Ok(());
    }
    let ctx = Ctx::internal(app, "job");
    let events = store::events_ahead(app.db.read(), ctx.now).await?;
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    for event in events {
        let round = to_json(&Round { event, everyone: true })?;
        tx.job_enqueue(JobKind::Invitations.as_str(), round, tx.now()).await?;
    }
    tx.commit().await
}

/// Leaves a job for each person to be written to.
pub async fn follow(app: &App, job: &Claimed) -> Result<(), Error> {
    let Round { event, everyone } = from_json(job.payload.clone())?;
    if !are_sent(&app.config) {
        return Ok(());
    }
    let ctx = Ctx::internal(app, "job");
    let Some(programme) = Programme::load(&ctx, event).await? else { return Ok(()) };
    let wanted = store::wanted(app.db.read(), event, None).await?;
    let kept = store::invitations_kept(app.db.read(), event, None).await?;
    let mut persons = programme.to_ask(&wanted, &kept, (ctx.now, everyone))?;
    let without = persons_without_invitations(app.db.read(), persons.iter().copied()).await?;
    persons.retain(|person| !without.contains(person));
    let tx = ctx.write(ctx.actor.permit(Resource::Sessions, Target::default())?).await?;
    for person in persons {
        let turn = to_json(&Turn { event, person, again: None })?;
        tx.job_enqueue(JobKind::InvitationMail.as_str(), turn, tx.now()).await?;
    }
    tx.commit().await
}

/// Sends somebody what is due to them.
pub async fn take_turn(app: &App, job: &Claimed) -> Result<(), Error> {
    let turn: Turn = from_json(job.payload.clone())?;
    if !are_sent(&app.config) {
        return Ok(());
    }
    let ctx = Ctx::internal(app, "job");
    match Programme::load(&ctx, turn.event).await? {
        Some(programme) => sending::send_due(&ctx, job, &programme, &turn).await,
        None => Ok(()),
    }
}

/// The programme of an event as people know it, and what is planned with it; who may see what of it is asked elsewhere.
pub struct Programme {
    /// The event.
    pub event: Visible<Event>,
    sittings: HashMap<SessionId, Visible<Sitting>>,
    settings: Settings,
}

impl Programme {
    /// That of an event, unless the event is gone.
    pub async fn load(ctx: &Ctx, event: EventId) -> Result<Option<Self>, Error> {
        let event = match events::get(ctx, &Handle::Id(event.0)).await {
            Ok(event) => event,
            Err(Error::NotFound | Error::Gone) => return Ok(None),
            Err(error) => return Err(error),
        };
        let sittings = sittings_read(ctx.app.db.read(), event.id).await?;
        let settings = Settings::load(ctx.app.db.read(), sittings.iter().map(|sitting| &sitting.content)).await?;
        let sittings = sittings.into_iter().map(|sitting| (SessionId(sitting.id), sitting)).collect();
        Ok(Some(Self { event, sittings, settings }))
    }

    /// A sitting, with what it takes from its event and room.
    pub fn sitting(&self, id: SessionId) -> Result<Option<(&Visible<Sitting>, Setting<'_>)>, Error> {
        let Some(sitting) = self.sittings.get(&id) else { return Ok(None) };
        Ok(Some((sitting, self.settings.of(&sitting.content)?)))
    }

    /// Every sitting there is, and those of invitations that are no more; each once.
    pub fn every(&self, kept: &[Kept]) -> BTreeSet<SessionId> {
        self.sittings.keys().copied().chain(kept.iter().map(Kept::session)).collect()
    }

    /// How a sitting stands for somebody who is wanted in it, if people know of it and it takes place.
    pub fn standing(&self, id: SessionId, wanted: &[&Wanted]) -> Result<Option<Standing>, Error> {
        let Some((Visible { content: sitting, .. }, setting)) = self.sitting(id)? else { return Ok(None) };
        let declined: Vec<bool> =
            wanted.iter().filter_map(|wanted| wanted.holds_in(id, sitting.details.leading(id))).collect();
        // Of most sittings somebody is not wanted in most: what those show is not worked out.
        let (Some(slot), false) = (sitting.slot, declined.is_empty() || !sitting.announced) else { return Ok(None) };
        let shown = Shown::of(sitting, setting);
        if sitting.state == State::Cancelled || shown.status == Status::Cancelled {
            return Ok(None);
        }
        let said = (shown.span, shown.location, format!("{:?}", shown.status), &sitting.details.title);
        Ok(Some(Standing {
            sequence: sitting.sequence,
            said: digest(&said)?,
            ends_at: slot.ends_at,
            declined: declined.into_iter().all(|declined| declined),
        }))
    }

    /// A digest of who may see a sitting.
    pub fn seen_by(&self, id: SessionId) -> Result<String, Error> {
        let event = self.event.content.details.disclosure();
        let Some((sitting, _)) = self.sitting(id)? else { return Ok(String::new()) };
        digest(&format!("{event:?} {:?}", sitting.content.disclosure()))
    }

    /// Of whom there is something to send or to look at.
    fn to_ask(
        &self,
        wanted: &[Wanted],
        kept: &[Kept],
        (now, everyone): (Timestamp, bool),
    ) -> Result<BTreeSet<PersonId>, Error> {
        let mut parts: HashMap<PersonId, Vec<&Wanted>> = HashMap::new();
        wanted.iter().for_each(|one| parts.entry(one.person).or_default().push(one));
        let rows: HashMap<(PersonId, SessionId), &Kept> =
            kept.iter().map(|row| ((row.person, row.session()), row)).collect();
        let mut persons = BTreeSet::new();
        let every = self.every(kept);
        for person in parts.keys().copied().chain(kept.iter().map(|row| row.person)).collect::<BTreeSet<_>>() {
            let parts = parts.get(&person).map(Vec::as_slice).unwrap_or_default();
            for id in &every {
                let row = rows.get(&(person, *id));
                let standing = self.standing(*id, parts)?;
                let (last, live) = (row.and_then(|row| row.last()), row.is_some() && standing.is_some());
                let looks =
                    live && (everyone || row.is_some_and(|row| self.seen_by(*id).is_ok_and(|by| by != row.seen_by)));
                if looks || due(last.as_ref(), standing.as_ref(), now).is_some() {
                    persons.insert(person);
                    break;
                }
            }
        }
        Ok(persons)
    }
}

fn digest(of: &impl Serialize) -> Result<String, Error> {
    Ok(hex(&Sha256::digest(serde_json::to_vec(of)?)[..16]))
}
