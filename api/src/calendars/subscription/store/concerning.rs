//! What concerns a delegation, or all delegations of an organisation.

use ::entity::{
    attendance::{delegate, delegation, session_duty},
    events::event,
    schedule::session,
};
use domain::{
    attendance::{DelegateState, State},
    calendars::Kind,
    schedule,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use super::chosen::{Selection, with_duty};
use crate::access::store::inside_event_visible;

/// Which delegations those are, whoever asks and whether or not they come; none for what is about none.
fn meant(kind: Kind, object: Uuid) -> Option<SimpleExpr> {
    match kind {
        Kind::Delegation => Some(delegation::Column::Id.eq(object)),
        Kind::Organisation => Some(delegation::Column::OrganisationId.eq(object)),
        Kind::Event | Kind::Group | Kind::Room | Kind::Person | Kind::Dates => None,
    }
}

/// A column of those of them that come, as far as their affairs are the viewer's.
fn coming(selection: &Selection, column: delegation::Column) -> Option<SelectStatement> {
    use delegation::Column;
    let own = inside_event_visible(&selection.viewer, Column::EventId, |organisation| {
        Condition::all().add(Column::OrganisationId.eq(organisation.0))
    });
    let which = Query::select()
        .column(column)
        .from(delegation::Entity)
        .and_where(meant(selection.kind, selection.object)?)
        .and_where(Column::DeletedAt.is_null())
        .and_where(Column::State.is_in(State::COMING.iter().map(|state| state.as_str())))
        .cond_where(own)
        .to_owned();
    Some(which)
}

/// The events to which they come, said of a column that holds the id of one.
pub(super) fn events(selection: &Selection, event: impl ColumnTrait) -> Option<SimpleExpr> {
    Some(event.in_subquery(coming(selection, delegation::Column::EventId)?))
}

/// The sessions that concern them: of the events to which they come those for all, and those in which they, or somebody in
/// them, have a duty that stands.
pub(super) fn sessions(selection: &Selection) -> Option<Condition> {
    let people = Query::select()
        .column(delegate::Column::PersonId)
        .from(delegate::Entity)
        .and_where(delegate::Column::DelegationId.in_subquery(coming(selection, delegation::Column::Id)?))
        .and_where(delegate::Column::State.is_in(DelegateState::LIVE.iter().map(|state| state.as_str())))
        .and_where(delegate::Column::DeletedAt.is_null())
        .to_owned();
    let theirs = Condition::any()
        .add(session_duty::Column::DelegationId.in_subquery(coming(selection, delegation::Column::Id)?))
        .add(session_duty::Column::PersonId.in_subquery(people));
    let concerned = with_duty(theirs).add(session::Column::Kind.eq(schedule::Kind::Plenary.as_str()));
    Some(Condition::all().add(events(selection, session::Column::EventId)?).add(concerned))
}

/// The writes of these delegations and of all that decides what concerns them, each under this `scope`.
pub(super) fn writes(kind: Kind, object: Uuid, scope: &str) -> Option<Vec<SelectStatement>> {
    let of = |column: delegation::Column| {
        Some(Query::select().column(column).from(delegation::Entity).and_where(meant(kind, object)?).to_owned())
    };
    let (ids, events) = (of(delegation::Column::Id)?, of(delegation::Column::EventId)?);
    let delegations = delegation::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(delegation::Column::Version.sum(), "writes")
        .column_as(delegation::Column::ChangedAt.max(), "changed_at")
        .filter(meant(kind, object)?);
    let delegates = delegate::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(delegate::Column::Version.sum(), "writes")
        .column_as(delegate::Column::ChangedAt.max(), "changed_at")
        .filter(delegate::Column::DelegationId.in_subquery(ids));
    let duties = session_duty::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(session_duty::Column::Version.sum(), "writes")
        .column_as(session_duty::Column::ChangedAt.max(), "changed_at")
        .filter(session_duty::Column::EventId.in_subquery(events.clone()));
    let sessions = session::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(session::Column::Version.sum(), "writes")
        .column_as(session::Column::ChangedAt.max(), "changed_at")
        .filter(session::Column::EventId.in_subquery(events.clone()));
    let events = event::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(event::Column::Version.sum(), "writes")
        .column_as(event::Column::ChangedAt.max(), "changed_at")
        .filter(event::Column::Id.in_subquery(events));
    Some(vec![
        delegations.into_query(),
        delegates.into_query(),
        duties.into_query(),
        sessions.into_query(),
        events.into_query(),
    ])
}
