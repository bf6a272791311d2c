//! The log of the platform on which a session was held.

use std::collections::HashMap;

use domain::{
    access::Resource,
    attendance::{
        marks::Source,
        platform_log::{Imported, PlatformLog, marks},
    },
    identifier::{DelegateId, Handle},
};

use super::{Register, Said, event_of};
use crate::{
    attendance::{sheet, target},
    context::Ctx,
    error::Error,
};

/// Makes marks of a log; sending it again, or a longer one, adds only what is new.
pub async fn import(ctx: &Ctx, session: &Handle, log: PlatformLog) -> Result<Imported, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    let event = event_of(ctx, place).await?;
    let permit = ctx.actor.permit(Resource::Attendance, target(&event, None))?;
    log.check(ctx.now)?;
    let tx = ctx.write(permit).await?;
    sheet::store::session_lock(&tx, place.session).await?;
    let register = Register::read(tx.connection(), place, tx.now()).await?;
    let staying = || register.attendees.iter().filter(|(_, attendee)| attendee.stays);
    let by_person: HashMap<_, DelegateId> = staying().map(|(id, known)| (known.person.0, *id)).collect();
    let by_email: HashMap<&str, DelegateId> =
        staying().filter_map(|(id, known)| Some((known.email_key.as_deref()?, *id))).collect();
    let (mut stays, mut unmatched) = (vec![], vec![]);
    for (at, stay) in log.stays.iter().enumerate() {
        let person = stay.person_id.as_ref().and_then(Handle::id);
        let email = stay.email.as_ref().map(|email| email.to_lowercase());
        let found = person.and_then(|id| by_person.get(&id));
        match found.or_else(|| by_email.get(email?.as_str())) {
            Some(delegate) => stays.push((*delegate, stay.joined_at.0, stay.left_at.map(|left| left.0))),
            None => unmatched.push(at),
        }
    }
    let known = register.known_to_platform();
    let said: Vec<Said> = marks(stays)
        .into_iter()
        .filter(|(delegate, status, at)| !known.contains(&(Some(*delegate), *status, *at)))
        .filter_map(|(delegate, status, at)| {
            let delegation = register.attendees.get(&delegate)?.delegation;
            Some(Said::of((delegation, delegate), status, Source::PlatformLog, at))
        })
        .collect();
    let lines = sheet::store::line_list(tx.connection(), &ctx.actor, place).await?;
    sheet::settle(&tx, place, &event, lines, &said).await?;
    tx.commit().await?;
    Ok(Imported { marks: said.len(), unmatched })
}
