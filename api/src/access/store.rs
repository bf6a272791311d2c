//! The predicates by which every capability narrows its reads to what the actor may see, and what keys and accounts
//! refer to.

use ::entity::{
    attendance::delegation,
    events::event,
    groups::{group, membership, role},
    organisations::organisation,
    people::person,
};
use domain::{
    access::{Actor, Tlp, Visibility},
    groups::Function,
    identifier::{GroupId, Handle, OrganisationId},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, IntoCondition, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use crate::db::to_chrono;

/// Events the actor may see.
pub fn event_visible(actor: &Actor) -> Condition {
    under_ceiling(actor, event::Column::Tlp, event_opened(actor))
}

/// Objects of an event (sessions, statements) the actor may see: those of events it sees, down to the level it has
/// there. `event`, `visibility` and `tlp` are the object's columns.
pub fn in_event_visible<C: ColumnTrait>(actor: &Actor, event: C, (visibility, tlp): (C, C)) -> Condition {
    // Asked row by row: with a list of ids SQLite would look every object up by its event and sort them all, where a
    // page wants the first few in the order of an index.
    let opened = circles(actor).into_iter().map(|circle| {
        let own = event::Column::Id.into_expr().equals(event.as_column_ref());
        let seen = Condition::all().add(own).add(event_opened(actor)).add_option(event_tied(actor, circle.tie));
        let seen = Expr::exists(events(under_ceiling(actor, event::Column::Tlp, seen)));
        Condition::all().add(circle.sees(visibility)).add(seen)
    });
    under_ceiling(actor, tlp, any(opened))
}

/// Changes the actor may know of. A change carries the visibility of its object and where it belongs; what belongs to
/// an organisation is also that organisation's to know.
pub fn change_visible<C: ColumnTrait>(
    actor: &Actor,
    [event, group, organisation]: [C; 3],
    (visibility, tlp): (C, C),
) -> Condition {
    let opened = circles(actor).into_iter().map(|circle| {
        let of_event = event_tied(actor, circle.tie).map(|tied| event.in_subquery(events(tied)));
        let of_group = group_tied(actor, circle.tie, group);
        let tied = of_event.zip(of_group).map(|(event, group)| Condition::any().add(event).add(group));
        Condition::all().add(circle.sees(visibility)).add_option(tied)
    });
    let own = actor.organisation.map(|own| {
        let seen = event.in_subquery(events(event_visible(actor)));
        let seen = Condition::any().add(event.is_null()).add(seen);
        Condition::all().add(organisation.eq(own.0)).add(seen)
    });
    under_ceiling(actor, tlp, any(opened).add_option(own))
}

/// The inner affairs of events (delegations, delegates, attendance) the actor may see: staff those of all events within
/// their limits, chairs those of their groups' events, an organisation what `own` singles out in events it sees,
/// everybody else none. `event` is the object's column.
pub fn inside_event_visible<C: ColumnTrait>(
    actor: &Actor,
    event: C,
    own: impl FnOnce(OrganisationId) -> Condition,
) -> Condition {
    let inner = circles(actor).into_iter().filter(|circle| matches!(circle.tie, Tie::Staff | Tie::Limit | Tie::Chair));
    let run = any(inner.map(|circle| {
        let tied = Condition::all().add_option(event_tied(actor, circle.tie));
        event.in_subquery(events(under_ceiling(actor, event::Column::Tlp, tied))).into_condition()
    }));
    run.add_option(actor.organisation.map(|organisation| {
        Condition::all().add(event.in_subquery(events(event_visible(actor)))).add(own(organisation))
    }))
}

/// Groups the actor may see.
pub fn group_visible(actor: &Actor) -> Condition {
    let opened = circles(actor).into_iter().map(|circle| {
        let tied = group_tied(actor, circle.tie, group::Column::Id);
        Condition::all().add(circle.sees(group::Column::Visibility)).add_option(tied)
    });
    under_ceiling(actor, group::Column::Tlp, any(opened))
}

/// Ids of the events at which the actor's organisation has a delegation, or of a group it belongs to.
pub fn events_of(actor: &Actor, organisation: OrganisationId) -> SelectStatement {
    events(takes_part(actor, organisation))
}

fn event_opened(actor: &Actor) -> Condition {
    any(circles(actor).into_iter().map(|circle| {
        Condition::all().add(circle.sees(event::Column::Visibility)).add_option(event_tied(actor, circle.tie))
    }))
}

/// By what somebody belongs to what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// By nothing: it is seen by all.
    Nothing,
    /// By running or auditing everything.
    Staff,
    /// By running or auditing some events and groups.
    Limit,
    /// By a delegation at the event or a membership in its group.
    Participant,
    /// By a membership in the group.
    Member,
    /// By chairing the group.
    Chair,
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
    let everybody: &[_] = match actor.role {
        None => &[Visibility::Public],
        Some(_) => &[Visibility::Public, Visibility::SignedIn],
    };
    let mut circles = vec![Circle { tie: Tie::Nothing, levels: everybody }];
    if actor.sees_everything() {
        let whole = Circle { tie: Tie::Staff, levels: Visibility::ALL };
        if actor.limit.is_none() {
            return vec![whole];
        }
        circles.push(Circle { tie: Tie::Limit, ..whole });
    }
    if actor.organisation.is_some() {
        circles.push(Circle { tie: Tie::Participant, levels: &[Visibility::Participants] });
        circles.push(Circle { tie: Tie::Member, levels: &[Visibility::Members] });
    }
    if !actor.chairs.is_empty() {
        let levels = &[Visibility::Participants, Visibility::Members, Visibility::Chairs];
        circles.push(Circle { tie: Tie::Chair, levels });
    }
    circles
}

/// What of events is tied to the actor in this way; none for all of it.
fn event_tied(actor: &Actor, tie: Tie) -> Option<Condition> {
    let of_group = group_tied(actor, tie, event::Column::GroupId)?;
    Some(match (tie, &actor.limit, actor.organisation) {
        (Tie::Limit, Some(limit), _) => of_group.add(event::Column::Id.is_in(limit.events.iter().map(|event| event.0))),
        (Tie::Participant, _, Some(organisation)) => takes_part(actor, organisation),
        _ => of_group,
    })
}

/// What is tied to the actor in this way by its group; none for all of it.
fn group_tied<C: ColumnTrait>(actor: &Actor, tie: Tie, group: C) -> Option<Condition> {
    let none = || Condition::any().add(Expr::value(1).eq(0));
    Some(match tie {
        Tie::Nothing | Tie::Staff => return None,
        Tie::Limit => actor
            .limit
            .as_ref()
            .map_or_else(none, |limit| Condition::any().add(group.is_in(limit.groups.iter().map(|group| group.0)))),
        Tie::Participant | Tie::Member => {
            actor.organisation.map_or_else(none, |own| Condition::any().add(group.in_subquery(groups_of(actor, own))))
        }
        Tie::Chair => Condition::any().add(group.is_in(actor.chairs.iter().map(|group| group.0))),
    })
}

/// Of `opened`, what the label lets through.
fn under_ceiling<C: ColumnTrait>(actor: &Actor, tlp: C, opened: Condition) -> Condition {
    match actor.ceiling {
        Tlp::Red => opened,
        ceiling => Condition::all().add(opened).add(tlp.is_in(ceiling.and_wider().map(Tlp::as_str))),
    }
}

/// Events at which the organisation has a delegation, or of a group it belongs to.
fn takes_part(actor: &Actor, organisation: OrganisationId) -> Condition {
    let delegations = Query::select()
        .column(delegation::Column::EventId)
        .from(delegation::Entity)
        .and_where(delegation::Column::OrganisationId.eq(organisation.0))
        .and_where(delegation::Column::DeletedAt.is_null())
        .to_owned();
    Condition::any()
        .add(event::Column::Id.in_subquery(delegations))
        .add(event::Column::GroupId.in_subquery(groups_of(actor, organisation)))
}

/// The groups to which the organisation belongs at the instant of the request.
pub fn groups_of(actor: &Actor, organisation: OrganisationId) -> SelectStatement {
    let at = to_chrono(actor.at);
    Query::select()
        .column(membership::Column::GroupId)
        .from(membership::Entity)
        .and_where(membership::Column::OrganisationId.eq(organisation.0))
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

/// The event of this id or code, if there is one.
pub async fn event_id(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Option<Uuid>, DbErr> {
    let named = match handle {
        Handle::Id(id) => Condition::all().add(event::Column::Id.eq(*id)),
        Handle::Code(code) => Condition::all().add(event::Column::CodeKey.eq(code)),
    };
    let select = event::Entity::find().filter(named).filter(event::Column::DeletedAt.is_null());
    Ok(select.one(connection).await?.map(|row| row.id))
}

/// The group of this id or code, if there is one.
pub async fn group_id(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Option<Uuid>, DbErr> {
    let named = match handle {
        Handle::Id(id) => Condition::all().add(group::Column::Id.eq(*id)),
        Handle::Code(code) => Condition::all().add(group::Column::CodeKey.eq(code)),
    };
    let select = group::Entity::find().filter(named).filter(group::Column::DeletedAt.is_null());
    Ok(select.one(connection).await?.map(|row| row.id))
}

/// The organisation of this id or code, if there is one.
pub async fn organisation_id(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Option<Uuid>, DbErr> {
    let named = match handle {
        Handle::Id(id) => Condition::all().add(organisation::Column::Id.eq(*id)),
        Handle::Code(code) => Condition::all().add(organisation::Column::CodeKey.eq(code)),
    };
    let select = organisation::Entity::find().filter(named).filter(organisation::Column::DeletedAt.is_null());
    Ok(select.one(connection).await?.map(|row| row.id))
}

/// The person of this id, if there is one.
pub async fn person_id(connection: &impl ConnectionTrait, handle: &Handle) -> Result<Option<Uuid>, DbErr> {
    let Handle::Id(id) = handle else { return Ok(None) };
    let select = person::Entity::find_by_id(*id).filter(person::Column::DeletedAt.is_null());
    Ok(select.one(connection).await?.map(|row| row.id))
}

/// The groups that the person chairs or co-chairs at this instant.
pub async fn groups_chaired(
    connection: &impl ConnectionTrait,
    person: Uuid,
    at: Timestamp,
) -> Result<Vec<GroupId>, DbErr> {
    let goes_on = Condition::any().add(role::Column::ValidTo.is_null()).add(role::Column::ValidTo.gt(to_chrono(at)));
    let chaired = role::Entity::find()
        .select_only()
        .column(role::Column::GroupId)
        .distinct()
        .filter(role::Column::PersonId.eq(person))
        .filter(role::Column::DeletedAt.is_null())
        .filter(role::Column::Function.is_in([Function::Chair, Function::CoChair].map(Function::as_str)))
        .filter(role::Column::ValidFrom.lte(to_chrono(at)))
        .filter(goes_on)
        .order_by_asc(role::Column::GroupId);
    Ok(chaired.into_tuple::<Uuid>().all(connection).await?.into_iter().map(GroupId).collect())
}
