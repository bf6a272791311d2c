//! The code on the screen of a session, by which people in a delegation mark themselves.

use domain::{
    access::Resource,
    attendance::{
        Line,
        marks::Source,
        sheet::{CodeRequest, ScreenCode, SelfMark},
    },
    identifier::Handle,
};
use jiff::SignedDuration;

use super::{Said, event_of, store};
use crate::{
    attendance::{roster, sheet, target},
    context::Ctx,
    db::{Allowance, Change, reference},
    error::Error,
};

/// How often one person may try a code.
const PER_PERSON: Allowance = Allowance { times: 10, window: SignedDuration::from_mins(15) };

/// Opens self-marking with a new code; one that was open before is not taken any more.
pub async fn open(ctx: &Ctx, session: &Handle, request: CodeRequest) -> Result<ScreenCode, Error> {
    ctx.actor.may_write(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    let event = event_of(ctx, place).await?;
    let permit = ctx.actor.permit(Resource::Attendance, target(&event, None))?;
    request.check()?;
    let code = ScreenCode::spelled(ctx.app.entropy.bytes()?);
    let closes_at = ctx.now + SignedDuration::from_mins(request.minutes);
    let code = ScreenCode { code, opens_at: ctx.now, closes_at };
    let tx = ctx.write(permit).await?;
    store::code_put(&tx, place.session, &code).await?;
    tx.record(Change {
        event: Some(event.id),
        group: reference(event.content.details.group_id.as_ref()),
        silent: true,
        ..Change::new("attendance_code.opened", place.session.0, 1)
    });
    tx.commit().await?;
    Ok(code)
}

/// The code that is open, for those who run the event: it is they who show it.
pub async fn get(ctx: &Ctx, session: &Handle) -> Result<ScreenCode, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    roster::admit(ctx, &event_of(ctx, place).await?).await?;
    let code = store::code_find(connection, place.session).await?;
    code.filter(|code| ctx.now < code.closes_at).ok_or(Error::NotFound)
}

/// Somebody in a delegation says by the code that they are there; gives their delegation's line.
pub async fn mark_self(ctx: &Ctx, session: &Handle, input: SelfMark) -> Result<Line, Error> {
    let connection = ctx.read(Resource::Attendance)?;
    let place = sheet::place_of(ctx, session).await?;
    let permit = ctx.actor.permit_in_person(place.event)?;
    input.check()?;
    let person = ctx.actor.offices.person.ok_or(Error::NotFound)?;
    let key = format!("attendance {} {person}", place.session);
    ctx.app.db.throttle(key, PER_PERSON, ctx.now).await?;
    let code = store::code_find(connection, place.session).await?;
    if !code.is_some_and(|code| code.admits(&input.code, ctx.now)) {
        let detail = "This is not the code on the screen, or its time is over. Look again, or ask the secretariat.";
        return Err(Error::conflict("wrong_code", detail));
    }
    let event = event_of(ctx, place).await?;
    let tx = ctx.write(permit).await?;
    sheet::store::session_lock(&tx, place.session).await?;
    let attendees = store::attendees(tx.connection(), place.event, tx.now()).await?;
    let own = attendees.into_iter().find(|(_, known)| known.person == person && known.stays);
    let (delegate, attendee) = own.ok_or(Error::NotFound)?;
    let lines = sheet::store::line_list(tx.connection(), &ctx.actor, place).await?;
    let said = Said::of((attendee.delegation, delegate), input.status, Source::Own, tx.now());
    sheet::settle(&tx, place, &event, lines, &[said]).await?;
    tx.commit().await?;
    sheet::line(ctx, session, &Handle::Id(attendee.delegation.0)).await
}
