//! Delegations of a scenario: invited, composed, approved and confirmed, step by step as it happens.
//!
//! Who their people are is `party`'s.

use domain::{
    attendance::{
        DelegateState, DelegateTransition, Function, Invitation, Level, Nomination, State, Term, TermsInput, Transition,
    },
    identifier::Handle,
    moment::Moment,
    people::Person,
};
use serde_json::json;

use super::{external, known_person, party::Member, unless_there};
use crate::{
    attendance::{delegates, delegations, heads},
    context::Ctx,
    db::Expected,
    error::Error,
    people,
};

/// A delegation that came, as far as its sessions need to know.
#[derive(Debug)]
pub struct Came {
    /// The organisation.
    pub organisation: Handle,
    /// The delegate who leads it all the time, where that is known: not of a delegation that was there before.
    pub head: Option<Handle>,
}

/// A delegation that was composed now.
#[derive(Debug)]
pub struct Composed {
    delegation: Handle,
    /// Its delegates, the head first, and what becomes of each.
    delegates: Vec<(Handle, DelegateState)>,
}

impl Composed {
    /// Its head.
    pub fn head(&self) -> Option<Handle> {
        self.delegates.first().map(|(head, _)| head.clone())
    }
}

/// Invites an organisation, which names `members`, the head first; none where it was invited before.
pub async fn compose(
    ctx: &Ctx,
    event: &Handle,
    invitation: Invitation,
    code: &str,
    members: Vec<Member>,
) -> Result<Option<Composed>, Error> {
    let organisation = invitation.organisation_id.clone();
    let Some(delegation) = unless_there(delegations::invite(ctx, event, invitation).await)? else { return Ok(None) };
    let delegation = Handle::Id(delegation.id);
    for to in [State::Accepted, State::Composing] {
        delegations::step(ctx, &delegation, Transition::to(to)).await?;
    }
    let mut delegates = vec![];
    for (at, member) in members.into_iter().enumerate() {
        let who = if at == 0 { "head".to_owned() } else { at.to_string() };
        let id = format!("{code}/{}/{who}", String::from(organisation.clone()));
        let ends_as = member.ends_as;
        delegates.push((name(ctx, event, (&delegation, &organisation), &id, member).await?, ends_as));
    }
    Ok(Some(Composed { delegation, delegates }))
}

/// Names somebody to a delegation whom the scenario knows as `id`.
async fn name(
    ctx: &Ctx,
    event: &Handle,
    (delegation, organisation): (&Handle, &Handle),
    id: &str,
    member: Member,
) -> Result<Handle, Error> {
    let external = external(id);
    let person = match known_person(ctx, &external).await? {
        Some(known) => known,
        None => {
            let person: Person = serde_json::from_value(json!({
                "display_name": member.name.display,
                "given_name": member.name.given,
                "family_name": member.name.family,
                "honorific": member.honorific,
                "languages": member.languages,
                "protected": member.protected,
                "organisation_id": organisation,
                "external_ids": [external],
            }))?;
            people::create(ctx, person).await?.id
        }
    };
    let nomination = Nomination {
        position: member.position,
        level: member.level,
        participation: member.participation,
        ..Nomination::of(delegation.clone(), Handle::Id(person), member.function)
    };
    Ok(Handle::Id(delegates::nominate(ctx, event, nomination).await?.id))
}

/// Takes a delegation to where the secretariat has decided of everybody in it and confirmed it.
pub async fn confirm(ctx: &Ctx, composed: &Composed) -> Result<(), Error> {
    delegations::step(ctx, &composed.delegation, Transition::to(State::Submitted)).await?;
    for (delegate, to) in &composed.delegates {
        let reason = match to {
            DelegateState::OnHold => Some("The photograph is missing.".to_owned()),
            DelegateState::Rejected => Some("Is named to another delegation already.".to_owned()),
            _ => None,
        };
        delegates::step(ctx, delegate, DelegateTransition { to: *to, reason }).await?;
    }
    delegations::step(ctx, &composed.delegation, Transition::to(State::Confirmed)).await?;
    Ok(())
}

/// Lets the second of a delegation lead it from `at`: its head leaves before the end.
pub async fn hand_over(ctx: &Ctx, composed: &Composed, at: Moment) -> Result<(), Error> {
    let [(first, _), (second, _), ..] = composed.delegates.as_slice() else { return Ok(()) };
    let terms = vec![
        Term { delegate_id: first.clone(), valid_from: None },
        Term { delegate_id: second.clone(), valid_from: Some(at) },
    ];
    heads::set(ctx, &composed.delegation, Expected::Any, TermsInput { terms }).await?;
    Ok(())
}

/// Whether the head of such a delegation leaves to somebody of their rank and is missed at home.
pub fn may_hand_over(members: &[Member]) -> bool {
    let minister = |member: &Member| member.honorific.is_some() && member.level < Some(Level::Ambassador);
    members.first().is_some_and(minister)
        && members.get(1).is_some_and(|second| second.function == Function::DeputyHead)
}
