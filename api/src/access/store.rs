//! The predicates by which every capability narrows its reads to what the actor may see, and what keys and accounts
//! refer to.

pub mod fence;
mod offices;
mod referred;

use ::entity::{
    access::audience_member,
    attendance::delegation,
    events::event,
    groups::{group, membership},
};
use domain::{
    access::{Actor, Tlp, Visibility},
    groups::Category,
    identifier::{GroupId, OrganisationId},
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait,
    sea_query::{Expr, IntoCondition, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use crate::db::to_chrono;
pub use offices::{beginning, heads_at, offices_of};
pub use referred::{event_id, group_id, organisation_id, person_id};

/// The columns that say who may see an object.
#[derive(Debug, Clone, Copy)]
pub struct Disclosed<C> {
    /// The circle.
    pub visibility: C,
    /// Whom the object names.
    pub audience: C,
    /// Its label.
    pub tlp: C,
    /// Which session it is, or is of, where a duty in that opens it.
    pub session: Option<C>,
}

/// Events the actor may see.
pub fn event_visible(actor: &Actor) -> Condition {
    let tasks = &actor.offices.tasks;
    let by_duty = (!tasks.is_empty()).then(|| event::Column::Id.is_in(tasks.iter().map(|task| task.event.0)));
    event_shown(actor, Condition::any().add(event_opened(actor)).add_option(by_duty))
}

/// Objects of an event (sessions, statements) the actor may see: those of events it sees, down to the level it has
/// there. `event` is the object's column.
pub fn in_event_visible<C: ColumnTrait>(actor: &Actor, event: C, shown_to: Disclosed<C>) -> Condition {
    // Asked row by row: with a list of ids SQLite would look every object up by its event and sort them all, where a
    // page wants the first few in the order of an index.
    let opened = circles(actor).into_iter().map(|circle| {
        let own = event::Column::Id.into_expr().equals(event.as_column_ref());
        let seen = Condition::all().add(own).add(event_opened(actor)).add_option(event_tied(actor, circle.tie));
        let seen = Expr::exists(events(event_shown(actor, seen)));
        let named = named(actor, circle.tie, shown_to.audience, Some(event), within_event(actor, event));
        Condition::all().add(circle.sees(shown_to.visibility)).add_option(named).add(seen)
    });
    under_ceiling(actor, shown_to.tlp, any(opened).add_option(by_duty(actor, event, shown_to.session)))
}

/// Sessions in which the actor has a duty, of events that no label and no seal keeps from them. `session` is the column
/// that names them.
fn by_duty<C: ColumnTrait>(actor: &Actor, event: C, session: Option<C>) -> Option<Condition> {
    let tasks = &actor.offices.tasks;
    let session = session.filter(|_| !tasks.is_empty())?;
    let seen = event.in_subquery(events(event_visible(actor)));
    Some(Condition::all().add(session.is_in(tasks.iter().map(|task| task.session.0))).add(seen))
}

/// Changes of such sessions since the duty was given. What is for those who run an event stays theirs: that is how
/// changes of what is being planned are kept from others.
fn since_duty<C: ColumnTrait>(actor: &Actor, visibility: C, session: Option<C>, at: C) -> Option<Condition> {
    let session = session.filter(|_| !actor.offices.tasks.is_empty())?;
    let since = actor
        .offices
        .tasks
        .iter()
        .map(|task| Condition::all().add(session.eq(task.session.0)).add(at.gt(to_chrono(task.since))));
    let told = [Visibility::Public, Visibility::SignedIn, Visibility::Participants, Visibility::Members];
    Some(Condition::all().add(visibility.is_in(told.map(Visibility::as_str))).add(any(since)))
}

/// Changes the actor may know of. A change carries the visibility of its object and where it belongs; what belongs to
/// an organisation is also that organisation's to know, and what became of a session since, is to those with a duty in
/// it. `event_audience` is whom the event named, `at` when it happened.
pub fn change_visible<C: ColumnTrait>(
    actor: &Actor,
    [event, group, organisation]: [C; 3],
    shown_to: Disclosed<C>,
    (event_audience, at): (C, C),
) -> Condition {
    let opened = circles(actor).into_iter().map(|circle| {
        let of_event = event_tied(actor, circle.tie).map(|tied| event.in_subquery(events(tied)));
        let of_group = group_tied(actor, circle.tie, group);
        // Who runs a group learns of what it has at events they see.
        let seen = || Condition::any().add(event.is_null()).add(event.in_subquery(events(event_visible(actor))));
        let of_group =
            of_group.map(|tied| if circle.tie == Tie::Staff { Condition::all().add(tied).add(seen()) } else { tied });
        let tied = of_event.zip(of_group).map(|(event, group)| Condition::any().add(event).add(group));
        let within = within_event(actor, event).zip(group_within(actor, group));
        let within = within.map(|(event, group)| Condition::any().add(event).add(group));
        Condition::all()
            .add(circle.sees(shown_to.visibility))
            .add_option(named(actor, circle.tie, shown_to.audience, Some(event), within.clone()))
            .add_option(named(actor, circle.tie, event_audience, Some(event), within))
            .add_option(tied)
    });
    let own = own_affairs(actor, event, |own| organisation.eq(own.0).into_condition());
    let of_no_event = actor.organisation.filter(|_| actor.limits.is_empty());
    let of_no_event = of_no_event.map(|own| Condition::all().add(organisation.eq(own.0)).add(event.is_null()));
    let since = since_duty(actor, shown_to.visibility, shown_to.session, at);
    under_ceiling(actor, shown_to.tlp, any(opened).add(own).add_option(of_no_event).add_option(since))
        .add(fence::unsealed(actor, group))
        .add(fence::event_unsealed(actor, event))
}

/// The inner affairs of events (delegations, delegates, attendance) the actor may see: staff those of all events within
/// their limits, chairs those of their groups' events, whoever acts for an organisation what `own` singles out for it in
/// events they see, everybody else none. `event` is the object's column.
pub fn inside_event_visible<C: ColumnTrait>(
    actor: &Actor,
    event: C,
    own: impl Fn(OrganisationId) -> Condition,
) -> Condition {
    let inner = circles(actor).into_iter().filter(|circle| matches!(circle.tie, Tie::Staff | Tie::Chair));
    let run = inner.map(|circle| {
        let tied = Condition::all().add(event_opened(actor)).add_option(event_tied(actor, circle.tie));
        event.in_subquery(events(event_shown(actor, tied))).into_condition()
    });
    any(run).add(own_affairs(actor, event, own))
}

/// What groups ask of events: staff see it of all events within their limits; of what `own` singles out for groups, those
/// who ask for them see it, and staff limited to them, in events they see. `event` is the object's column.
pub fn asked_visible<C: ColumnTrait>(actor: &Actor, event: C, own: impl Fn(Vec<GroupId>) -> Condition) -> Condition {
    let run = circles(actor).into_iter().filter(|circle| circle.tie == Tie::Staff).map(|circle| {
        let tied = Condition::all().add(event_opened(actor)).add_option(event_tied(actor, circle.tie));
        event.in_subquery(events(event_shown(actor, tied))).into_condition()
    });
    let limited = actor.limits.first().filter(|_| actor.sees_everything()).into_iter().flat_map(|limit| &limit.groups);
    let limited = limited.filter(|group| actor.limits.iter().all(|limit| limit.groups.contains(group)));
    let groups: Vec<GroupId> = limited.copied().chain(actor.offices.convened()).collect();
    let seen = event.in_subquery(events(event_visible(actor)));
    let asked = (!groups.is_empty()).then(|| Condition::all().add(own(groups)).add(seen));
    any(run).add_option(asked)
}

/// What `own` singles out for those the actor acts for, in events it sees.
fn own_affairs<C: ColumnTrait>(actor: &Actor, event: C, own: impl Fn(OrganisationId) -> Condition) -> Condition {
    let seen = |which: Condition| event.in_subquery(events(which.add(event_visible(actor))));
    let acting = actor.organisation.map(|organisation| {
        Condition::all().add(seen(Condition::all().add_option(event_within(actor)))).add(own(organisation))
    });
    let seated = actor.offices.seats.iter().map(|seat| {
        let here = Condition::all().add(event::Column::Id.eq(seat.event.0));
        Condition::all().add(seen(here)).add(own(seat.organisation))
    });
    any(acting.into_iter().chain(seated))
}

/// Groups the actor may see.
pub fn group_visible(actor: &Actor) -> Condition {
    let opened = circles(actor).into_iter().map(|circle| {
        let id = group::Column::Id;
        let named = named(actor, circle.tie, group::Column::AudienceId, None, group_within(actor, id));
        let tied = group_tied(actor, circle.tie, id);
        Condition::all().add(circle.sees(group::Column::Visibility)).add_option(named).add_option(tied)
    });
    under_ceiling(actor, group::Column::Tlp, any(opened)).add(fence::unsealed(actor, group::Column::Id))
}

/// Ids of the events at which the actor's organisation has a delegation, or of a group it belongs to.
pub fn events_of(actor: &Actor, organisation: OrganisationId) -> SelectStatement {
    events(takes_part(actor, organisation))
}

fn event_opened(actor: &Actor) -> Condition {
    any(circles(actor).into_iter().map(|circle| {
        let named = named(actor, circle.tie, event::Column::AudienceId, Some(event::Column::Id), event_within(actor));
        let tied = event_tied(actor, circle.tie);
        Condition::all().add(circle.sees(event::Column::Visibility)).add_option(named).add_option(tied)
    }))
}

/// What names nobody, or names those the actor is or acts for; none for staff, who see it anyway. `event` is the column
/// by which a seat at an event is known, `within` the actor's limits.
fn named<C: ColumnTrait>(
    actor: &Actor,
    tie: Tie,
    audience: C,
    event: Option<C>,
    within: Option<Condition>,
) -> Option<Condition> {
    if tie == Tie::Staff {
        return None;
    }
    let holds = |member: Uuid| {
        let audiences = Query::select()
            .column(audience_member::Column::AudienceId)
            .from(audience_member::Entity)
            .and_where(audience_member::Column::MemberId.eq(member))
            .to_owned();
        audience.in_subquery(audiences)
    };
    let person = actor.offices.person.map(|person| holds(person.0));
    let acting = actor.organisation.map(|own| Condition::all().add(holds(own.0)).add_option(within));
    let seats = event.into_iter().flat_map(|event| actor.offices.seats.iter().map(move |seat| (event, seat)));
    let seated =
        seats.map(|(event, seat)| Condition::all().add(event.eq(seat.event.0)).add(holds(seat.organisation.0)));
    Some(any(seated).add(audience.is_null()).add_option(person).add_option(acting))
}

/// By what somebody belongs to what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// By nothing: it is seen by all.
    Nothing,
    /// By running or auditing everything within the limits.
    Staff,
    /// By acting for an organisation with a delegation at the event or a place in its group.
    Participant,
    /// By acting for an organisation that belongs to the group.
    Member,
    /// By chairing the group.
    Chair,
    /// By a place in a delegation at the event.
    Seat,
}

/// The levels that are seen by those who have a tie.
struct Circle {
    tie: Tie,
    levels: &'static [Visibility],
}

impl Circle {
    fn sees<C: ColumnTrait>(&self, visibility: C) -> SimpleExpr {
        visibility.is_in(self.levels.iter().map(|level| level.as_str()))
    }
}

/// The circles the actor belongs to: every one opens its levels, and what none opens is not seen.
fn circles(actor: &Actor) -> Vec<Circle> {
    // Whom an object names is asked beside the circle.
    let everybody: &[_] = match actor.role {
        None => &[Visibility::Public],
        Some(_) => &[
            Visibility::Public,
            Visibility::SignedIn,
            Visibility::Parties,
            Visibility::OwnDelegation,
            Visibility::Named,
        ],
    };
    let mut circles = vec![Circle { tie: Tie::Nothing, levels: everybody }];
    if actor.sees_everything() {
        let whole = Circle { tie: Tie::Staff, levels: Visibility::ALL };
        if actor.limits.is_empty() {
            return vec![whole];
        }
        circles.push(whole);
    }
    if actor.organisation.is_some() {
        circles.push(Circle { tie: Tie::Participant, levels: &[Visibility::Participants] });
        circles.push(Circle { tie: Tie::Member, levels: &[Visibility::Members] });
    }
    if !actor.offices.seats.is_empty() {
        circles.push(Circle { tie: Tie::Seat, levels: &[Visibility::Participants] });
    }
    if !actor.offices.chairs.is_empty() {
        let levels = &[Visibility::Participants, Visibility::Members, Visibility::Chairs];
        circles.push(Circle { tie: Tie::Chair, levels });
    }
    circles
}

/// What of events is tied to the actor in this way; none for all of it.
fn event_tied(actor: &Actor, tie: Tie) -> Option<Condition> {
    let within = |tied: Condition| Condition::all().add(tied).add_option(event_within(actor));
    match (tie, actor.organisation) {
        (Tie::Nothing, _) => None,
        (Tie::Staff, _) => event_within(actor),
        (Tie::Participant, Some(own)) => Some(within(takes_part(actor, own))),
        (Tie::Member, Some(own)) => Some(within(in_group(actor, event::Column::GroupId, own, &Category::BELONGING))),
        (Tie::Chair, _) => Some(chaired(actor, event::Column::GroupId)),
        (Tie::Seat, _) => {
            Some(event::Column::Id.is_in(actor.offices.seats.iter().map(|seat| seat.event.0)).into_condition())
        }
        (Tie::Participant | Tie::Member, None) => Some(nothing()),
    }
}

/// What is tied to the actor in this way by its group; none for all of it.
fn group_tied<C: ColumnTrait>(actor: &Actor, tie: Tie, group: C) -> Option<Condition> {
    let within = |tied: Condition| Condition::all().add(tied).add_option(group_within(actor, group));
    match (tie, actor.organisation) {
        (Tie::Nothing, _) => None,
        (Tie::Staff, _) => group_within(actor, group),
        (Tie::Participant, Some(own)) => Some(within(in_group(actor, group, own, Category::ALL))),
        (Tie::Member, Some(own)) => Some(within(in_group(actor, group, own, &Category::BELONGING))),
        (Tie::Chair, _) => Some(chaired(actor, group)),
        (Tie::Seat, _) | (Tie::Participant | Tie::Member, None) => Some(nothing()),
    }
}

/// Events within all limits of the actor; none where there is no limit.
fn event_within(actor: &Actor) -> Option<Condition> {
    let within = actor.limits.iter().map(|limit| {
        Condition::any()
            .add(event::Column::Id.is_in(limit.events.iter().map(|event| event.0)))
            .add(event::Column::GroupId.is_in(limit.groups.iter().map(|group| group.0)))
    });
    within.reduce(|both, limit| Condition::all().add(both).add(limit))
}

/// The same for objects of events; `event` is their column.
fn within_event<C: ColumnTrait>(actor: &Actor, event: C) -> Option<Condition> {
    event_within(actor).map(|within| event.in_subquery(events(within)).into_condition())
}

/// Groups within all limits of the actor; none where there is no limit.
fn group_within<C: ColumnTrait>(actor: &Actor, group: C) -> Option<Condition> {
    let within =
        actor.limits.iter().map(|limit| group.is_in(limit.groups.iter().map(|group| group.0)).into_condition());
    within.reduce(|both, limit| Condition::all().add(both).add(limit))
}

fn chaired<C: ColumnTrait>(actor: &Actor, group: C) -> Condition {
    group.is_in(actor.offices.chairs.iter().map(|group| group.0)).into_condition()
}

fn in_group<C: ColumnTrait>(actor: &Actor, group: C, own: OrganisationId, as_what: &[Category]) -> Condition {
    group.in_subquery(groups_of(actor, own, as_what)).into_condition()
}

fn nothing() -> Condition {
    Condition::any().add(Expr::value(1).eq(0))
}

/// Of `opened`, what the label lets through.
fn under_ceiling<C: ColumnTrait>(actor: &Actor, tlp: C, opened: Condition) -> Condition {
    let opened = Condition::all().add(opened);
    match actor.ceiling {
        Tlp::Red => opened,
        ceiling => opened.add(tlp.is_in(ceiling.and_wider().map(Tlp::as_str))),
    }
}

/// Of the events that are `opened`, those that label and seal let through.
fn event_shown(actor: &Actor, opened: Condition) -> Condition {
    under_ceiling(actor, event::Column::Tlp, opened).add(fence::unsealed(actor, event::Column::GroupId))
}

/// Events at which the organisation has a delegation, or of a group it is in.
fn takes_part(actor: &Actor, organisation: OrganisationId) -> Condition {
    let delegations = Query::select()
        .column(delegation::Column::EventId)
        .from(delegation::Entity)
        .and_where(delegation::Column::OrganisationId.eq(organisation.0))
        .and_where(delegation::Column::DeletedAt.is_null())
        .to_owned();
    Condition::any().add(event::Column::Id.in_subquery(delegations)).add(event::Column::GroupId.in_subquery(groups_of(
        actor,
        organisation,
        Category::ALL,
    )))
}

/// The groups in which the organisation is one of these at the instant of the request.
pub fn groups_of(actor: &Actor, organisation: OrganisationId, as_what: &[Category]) -> SelectStatement {
    let at = to_chrono(actor.at);
    Query::select()
        .column(membership::Column::GroupId)
        .from(membership::Entity)
        .and_where(membership::Column::OrganisationId.eq(organisation.0))
        .and_where(membership::Column::Category.is_in(as_what.iter().map(|category| category.as_str())))
        .and_where(membership::Column::DeletedAt.is_null())
        .and_where(membership::Column::ValidFrom.lte(at))
        .cond_where(Condition::any().add(membership::Column::ValidTo.is_null()).add(membership::Column::ValidTo.gt(at)))
        .to_owned()
}

fn events(which: Condition) -> SelectStatement {
    Query::select().column(event::Column::Id).from(event::Entity).cond_where(which).to_owned()
}

fn any(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    conditions.into_iter().fold(Condition::any(), Condition::add)
}
