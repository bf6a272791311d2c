//! When delegates, and delegations as a whole, can come to sessions: what they or their organisation say of it, and when
//! their calendar has them busy. Whoever sees them sees when; why is the organisation's and the secretariat's alone.

pub mod resource;
mod store;
pub mod subscription;

use domain::{
    access::Resource,
    attendance::{
        Availability, Delegate, Delegation,
        availability::{CalendarFile, Imported, Owner, Source},
    },
    events::Event,
    identifier::{DelegateId, DelegationId, EventId, Handle, OrganisationId},
};
use serde_json::Value;

use super::{change, delegates, delegations, target};
use crate::{
    context::Ctx,
    db::{Expected, Tx, Visible},
    error::Error,
    events,
};

/// Who is asked about.
#[derive(Debug, Clone)]
pub enum Named {
    /// Somebody in a delegation.
    Delegate(Handle),
    /// A delegation as a whole.
    Delegation(Handle),
}

/// When somebody can come, with the version of whom it is said of.
#[derive(Debug)]
pub struct Said {
    /// When.
    pub availability: Availability,
    /// Rises with every write of the delegate or the delegation; the entity tag.
    pub version: i32,
}

/// Whom it is said of, as far as it matters here.
#[derive(Debug, Clone, Copy)]
struct Subject {
    owner: Owner,
    delegation: DelegationId,
    event: EventId,
    organisation: OrganisationId,
    version: i32,
}

impl Subject {
    fn delegate(found: &Visible<Delegate>) -> Result<Self, Error> {
        Ok(Self {
            owner: Owner::Delegate(DelegateId(found.id)),
            delegation: delegates::delegation_of(found)?,
            event: found.content.event_id,
            organisation: found.content.organisation_id,
            version: found.version,
        })
    }

    fn delegation(found: &Visible<Delegation>) -> Result<Self, Error> {
        Ok(Self {
            owner: Owner::Delegation(DelegationId(found.id)),
            delegation: DelegationId(found.id),
            event: found.content.event_id,
            organisation: delegations::organisation_of(&found.content)?,
            version: found.version,
        })
    }

    /// Whether the caller is the secretariat, or of the organisation.
    fn is_own(&self, ctx: &Ctx) -> bool {
        ctx.actor.sees_everything() || ctx.actor.acts_for(self.organisation, self.event)
    }
}

/// When somebody can come.
pub async fn get(ctx: &Ctx, named: &Named) -> Result<Said, Error> {
    let connection = ctx.read(Resource::Delegations)?;
    let subject = find(ctx, named).await?;
    let availability = store::availability_find(connection, subject.owner).await?;
    let availability = if subject.is_own(ctx) { availability } else { availability.without_reasons() };
    Ok(Said { availability, version: subject.version })
}

/// Says when somebody can come, if nobody has written the delegate or the delegation meanwhile.
pub async fn set(ctx: &Ctx, named: &Named, expected: Expected, input: Availability) -> Result<Said, Error> {
    let (event, tx, current) = held(ctx, named).await?;
    let before = store::availability_find(tx.connection(), current.owner).await?;
    expected.check_version(current.version, &before)?;
    let availability = input.settled(&event.content)?;
    let version = write(&tx, &event, &current, &availability).await?;
    tx.commit().await?;
    Ok(Said { availability, version })
}

/// Takes the busy times of a calendar in the place of those of the one before.
pub async fn import(ctx: &Ctx, named: &Named, file: CalendarFile) -> Result<Imported, Error> {
    let (event, tx, current) = held(ctx, named).await?;
    let before = store::availability_find(tx.connection(), current.owner).await?;
    let (availability, not_read) = before.with_calendar(&file.calendar, Source::Calendar, &event.content)?;
    write(&tx, &event, &current, &availability).await?;
    tx.commit().await?;
    Ok(Imported { windows: availability.windows, not_read })
}

async fn find(ctx: &Ctx, named: &Named) -> Result<Subject, Error> {
    match named {
        Named::Delegate(handle) => Subject::delegate(&delegates::get(ctx, handle).await?),
        Named::Delegation(handle) => Subject::delegation(&delegations::get(ctx, handle).await?),
    }
}

/// Somebody whom the caller may write, and whom nobody else writes until the transaction ends.
async fn held(ctx: &Ctx, named: &Named) -> Result<(Visible<Event>, Tx, Subject), Error> {
    ctx.actor.may_write(Resource::Delegations)?;
    let known = find(ctx, named).await?;
    let event = events::get(ctx, &Handle::Id(known.event.0)).await?;
    let permit = ctx.actor.permit(Resource::Delegations, target(&event, Some(known.organisation)))?;
    let tx = ctx.write(permit).await?;
    let delegation = delegations::store::delegation_held(&tx, known.delegation).await?.ok_or(Error::Gone)?;
    let current = match known.owner {
        Owner::Delegate(id) => {
            let handle = Handle::Id(id.0);
            Subject::delegate(&delegates::store::delegate_find(tx.connection(), &ctx.actor, &handle).await?)?
        }
        Owner::Delegation(_) => Subject::delegation(&delegation)?,
    };
    Ok((event, tx, current))
}

/// Writes it; gives the version of the delegate or the delegation. The audit log says that it changed and not to what:
/// why somebody cannot come is not for keeps.
async fn write(tx: &Tx, event: &Visible<Event>, subject: &Subject, availability: &Availability) -> Result<i32, Error> {
    store::availability_replace(tx, subject.owner, subject.event, availability).await?;
    record(tx, event, subject, ["delegate.availability_changed", "delegation.availability_changed"]).await
}

/// Records a change of this kind of a delegate, or of that of a delegation; gives the version it has now.
async fn record(
    tx: &Tx,
    event: &Visible<Event>,
    subject: &Subject,
    [of_delegate, of_delegation]: [&'static str; 2],
) -> Result<i32, Error> {
    let (kind, id, version) = match subject.owner {
        Owner::Delegate(id) => (of_delegate, id.0, delegates::store::delegate_touch(tx, id).await?),
        Owner::Delegation(id) => {
            let versions = delegations::store::delegations_touch(tx, [id]).await?;
            (of_delegation, id.0, versions.get(&id).copied().ok_or(Error::NotFound)?)
        }
    };
    tx.record(change(kind, (id, version), event, subject.organisation, Value::Null));
    Ok(version)
}
