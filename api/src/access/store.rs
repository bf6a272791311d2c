//! The predicates by which every capability narrows its reads to what the actor may see, and what keys and accounts
//! refer to.

use ::entity::{
    attendance::delegation,
    events::event,
    groups::{group, membership},
    organisations::organisation,
};
use domain::{
    access::{Actor, Tlp},
    identifier::{Handle, OrganisationId},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

/// Events the actor may see.
pub fn event_visible(actor: &Actor) -> Condition {
    under_ceiling(actor, event::Column::Tlp, event_opened(actor))
}

fn event_opened(actor: &Actor) -> Condition {
    if let Some(everything) = staff(actor, event::Column::Id, Some(event::Column::GroupId)) {
        return everything.add(event::Column::Visibility.eq(PUBLIC));
    }
    let public = Condition::any().add(event::Column::Visibility.eq(PUBLIC));
    match actor.organisation {
        Some(organisation) => {
            public.add(Condition::all().add(event::Column::Visibility.eq(PARTICIPANTS)).add(takes_part(organisation)))
        }
        None => public,
    }
}

/// Objects of an event (sessions, statements) the actor may see: those of events it sees, down to the level it has
/// there. `event`, `visibility` and `tlp` are the object's columns.
pub fn in_event_visible<C: ColumnTrait>(actor: &Actor, event: C, (visibility, tlp): (C, C)) -> Condition {
    under_ceiling(actor, tlp, in_event_opened(actor, event, visibility))
}

fn in_event_opened<C: ColumnTrait>(actor: &Actor, event: C, visibility: C) -> Condition {
    // Asked row by row: with a list of ids SQLite would look every object up by its event and sort them all, where a
    // page wants the first few in the order of an index.
    let of_events = |which: Condition| {
        let own = event::Column::Id.into_expr().equals(event.as_column_ref());
        let which = under_ceiling(actor, event::Column::Tlp, Condition::all().add(own).add(which));
        Expr::exists(events(which))
    };
    if let Some(everything) = staff(actor, event::Column::Id, Some(event::Column::GroupId)) {
        let public = Condition::all().add(event::Column::Visibility.eq(PUBLIC));
        return Condition::any()
            .add(of_events(everything))
            .add(Condition::all().add(visibility.eq(PUBLIC)).add(of_events(public)));
    }
    let public = Condition::all().add(visibility.eq(PUBLIC)).add(of_events(event_opened(actor)));
    match actor.organisation {
        Some(organisation) => Condition::any().add(public).add(
            Condition::all()
                .add(visibility.eq(PARTICIPANTS))
                .add(of_events(event_opened(actor)))
                .add(of_events(Condition::all().add(takes_part(organisation)))),
        ),
        None => Condition::any().add(public),
    }
}

/// Changes the actor may know of. A change carries the visibility of its object and where it belongs; what belongs to
/// an organisation is also that organisation's to know.
pub fn change_visible<C: ColumnTrait>(
    actor: &Actor,
    [event, group, organisation]: [C; 3],
    (visibility, tlp): (C, C),
) -> Condition {
    under_ceiling(actor, tlp, change_opened(actor, [event, group, organisation], visibility))
}

fn change_opened<C: ColumnTrait>(actor: &Actor, [event, group, organisation]: [C; 3], visibility: C) -> Condition {
    if let Some(everything) = staff(actor, event, Some(group)) {
        return everything.add(visibility.eq(PUBLIC));
    }
    let public = Condition::any().add(visibility.eq(PUBLIC));
    let Some(own) = actor.organisation else { return public };
    let joined = Condition::any().add(event.in_subquery(events_of(own))).add(group.in_subquery(groups_of(own)));
    public.add(organisation.eq(own.0)).add(Condition::all().add(visibility.eq(PARTICIPANTS)).add(joined))
}

/// The inner affairs of events (delegations, delegates, attendance) the actor may see: staff those of all events within
/// their limits, an organisation what `own` singles out in events it sees, everybody else none. `event` is the
/// object's column.
pub fn inside_event_visible<C: ColumnTrait>(
    actor: &Actor,
    event: C,
    own: impl FnOnce(OrganisationId) -> Condition,
) -> Condition {
    if let Some(everything) = staff(actor, event::Column::Id, Some(event::Column::GroupId)) {
        return Condition::all().add(event.in_subquery(events(under_ceiling(actor, event::Column::Tlp, everything))));
    }
    match actor.organisation {
        Some(organisation) => {
            Condition::all().add(event.in_subquery(events(event_visible(actor)))).add(own(organisation))
        }
        None => Condition::all().add(Expr::value(1).eq(0)),
    }
}

/// Ids of the events at which the organisation has a delegation, or of a group it belongs to.
pub fn events_of(organisation: OrganisationId) -> SelectStatement {
    events(takes_part(organisation))
}

fn events(which: Condition) -> SelectStatement {
    Query::select().column(event::Column::Id).from(event::Entity).cond_where(which).to_owned()
}

/// Groups the actor may see.
pub fn group_visible(actor: &Actor) -> Condition {
    under_ceiling(actor, group::Column::Tlp, group_opened(actor))
}

fn group_opened(actor: &Actor) -> Condition {
    if let Some(everything) = staff(actor, group::Column::Id, None) {
        return everything.add(group::Column::Visibility.eq(PUBLIC));
    }
    let public = Condition::any().add(group::Column::Visibility.eq(PUBLIC));
    match actor.organisation {
        Some(organisation) => public.add(
            Condition::all()
                .add(group::Column::Visibility.eq(PARTICIPANTS))
                .add(group::Column::Id.in_subquery(groups_of(organisation))),
        ),
        None => public,
    }
}

/// Of `opened`, what the label lets through.
fn under_ceiling<C: ColumnTrait>(actor: &Actor, tlp: C, opened: Condition) -> Condition {
    match actor.ceiling {
        Tlp::Red => opened,
        ceiling => Condition::all().add(opened).add(tlp.is_in(ceiling.and_wider().map(Tlp::as_str))),
    }
}

const PUBLIC: &str = "public";
const PARTICIPANTS: &str = "participants";

/// For those who see every level: where they do. `id` and `group` are columns of groups (no `group`) or events.
/// `None` for everybody else.
fn staff<C: ColumnTrait>(actor: &Actor, id: C, group: Option<C>) -> Option<Condition> {
    if !actor.sees_everything() {
        return None;
    }
    let Some(limit) = &actor.limit else { return Some(Condition::any().add(Expr::value(1).eq(1))) };
    let groups = limit.groups.iter().map(|group| group.0);
    Some(match group {
        Some(group) => {
            Condition::any().add(id.is_in(limit.events.iter().map(|event| event.0))).add(group.is_in(groups))
        }
        None => Condition::any().add(id.is_in(groups)),
    })
}

/// Events at which the organisation has a delegation, or of a group it belongs to.
fn takes_part(organisation: OrganisationId) -> Condition {
    let delegations = Query::select()
        .column(delegation::Column::EventId)
        .from(delegation::Entity)
        .and_where(delegation::Column::OrganisationId.eq(organisation.0))
        .and_where(delegation::Column::DeletedAt.is_null())
        .to_owned();
    Condition::any()
        .add(event::Column::Id.in_subquery(delegations))
        .add(event::Column::GroupId.in_subquery(groups_of(organisation)))
}

fn groups_of(organisation: OrganisationId) -> SelectStatement {
    Query::select()
        .column(membership::Column::GroupId)
        .from(membership::Entity)
        .and_where(membership::Column::OrganisationId.eq(organisation.0))
        .and_where(membership::Column::DeletedAt.is_null())
        .to_owned()
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
