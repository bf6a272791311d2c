//! What is asked for and planned while a meeting is prepared: further sittings, agendas, duties, polls and requests.

use domain::{
    attendance::DutyDetails,
    identifier::Handle,
    schedule::{RequestStage, RequestTransition, State, Transition},
};

use super::{external, known_person, scenario::Preparation, session};
use crate::{attendance::duties, context::Ctx, db::Paging, error::Error, schedule};

/// Prepares an event. One that is prepared already stays as it is: its requests come last.
pub(super) async fn prepare(ctx: &Ctx, event: &Handle, preparation: Preparation) -> Result<(), Error> {
    let asked = schedule::requests::list(ctx, event, &Default::default(), &Paging::new(None, None)?).await?;
    if !asked.items.is_empty() {
        return Ok(());
    }
    for further in preparation.sittings {
        let sitting = schedule::sittings::begin(ctx, &of(ctx, &further.session).await?, further.sitting).await?;
        let sitting = sitting.commit().await?;
        let scheduled = Transition { to: State::Scheduled, reason: None, all_sittings: false };
        schedule::step(ctx, &Handle::Id(sitting.id), scheduled).await?.commit().await?;
    }
    for business in preparation.agendas {
        let session = of(ctx, &business.session).await?;
        for item in business.items {
            schedule::agenda::items::create(ctx, &session, item).await?;
        }
    }
    for task in preparation.duties {
        let person = match task.person {
            Some(known) => known_person(ctx, &external(&known)).await?.map(Handle::Id),
            None => None,
        };
        let duty = DutyDetails { person_id: person, ..task.duty };
        duties::create(ctx, &of(ctx, &task.session).await?, duty).await?;
    }
    for poll in preparation.polls {
        schedule::polls::create(ctx, event, poll).await?;
    }
    for request in preparation.requests {
        let request = schedule::requests::create(ctx, event, request).await?;
        let submitted = RequestTransition { to: RequestStage::Submitted, note: None };
        schedule::requests::step(ctx, &Handle::Id(request.id), submitted).await?;
    }
    Ok(())
}

/// The session that the scenario knows as `id`.
async fn of(ctx: &Ctx, id: &str) -> Result<Handle, Error> {
    session(ctx, id).await?.map(Handle::Id).ok_or_else(|| Error::internal(format!("no session {id} in the demo")))
}
