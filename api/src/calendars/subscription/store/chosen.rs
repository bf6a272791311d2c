//! Which events and sessions a feed shows.

use ::entity::{access::audience_member, attendance::session_duty, events::event, groups::group, schedule::session};
use domain::{
    access::{Actor, Tlp},
    attendance::Answer,
    calendars::{Kind, Window},
    events::State as EventState,
    schedule::State,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, IntoCondition, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use super::{concerning, followed};
use crate::{
    access::store::{event_visible, in_event_visible},
    db::{date_to_chrono, to_chrono},
    events::sittings,
};

/// Whose sessions are wanted, by whom, and over what time.
#[derive(Debug, Clone)]
pub struct Selection {
    /// What kind of object it is.
    pub kind: Kind,
    /// The event, group, room, person, organisation or delegation.
    pub object: Uuid,
    /// Who reads.
    pub viewer: Actor,
    /// The time; none for all of it.
    pub window: Option<Window>,
    /// Whether what was called off is left out.
    pub without_cancelled: bool,
    /// Whether a person's duties are left out.
    pub without_duties: bool,
    /// Whether what a person follows is left out.
    pub without_followed: bool,
}

/// The states in which a session is in calendars: a draft is nobody's appointment, what was cancelled is still shown,
/// if it was ever announced.
const SHOWN: [State; 3] = [State::Scheduled, State::Held, State::Cancelled];

/// The event itself, the events of a group, those to which delegations come, or those that a person follows, as far as the
/// viewer may see them. One that is amber is left out unless its group has such things in calendars: of whole days that take
/// no time nothing could be said instead. A room and a person's duties are those of sessions.
pub(super) fn events(selection: &Selection) -> Option<Select<event::Entity>> {
    use event::Column;
    let own = match selection.kind {
        Kind::Event | Kind::Dates => Column::Id.eq(selection.object).into_condition(),
        Kind::Group => Column::GroupId.eq(selection.object).into_condition(),
        Kind::Organisation | Kind::Delegation => concerning::events(selection, Column::Id)?.into_condition(),
        Kind::Person if !selection.without_followed => followed::events(selection),
        Kind::Room | Kind::Person => return None,
    };
    let opened = Query::select()
        .column(group::Column::Id)
        .from(group::Entity)
        .and_where(group::Column::AmberInCalendars.eq(true))
        .to_owned();
    let told = Condition::any().add(Column::Tlp.ne(Tlp::Amber.as_str())).add(Column::GroupId.in_subquery(opened));
    let mut select = event::Entity::find()
        .filter(Column::DeletedAt.is_null())
        .filter(own)
        .filter(told)
        .filter(event_visible(&selection.viewer));
    if let Some(window) = &selection.window {
        let (first, end) = window.days();
        select =
            select.filter(Column::EndsOn.gte(date_to_chrono(first))).filter(Column::StartsOn.lt(date_to_chrono(end)));
    }
    if selection.without_cancelled {
        select = select.filter(Column::State.ne(EventState::Cancelled.as_str()));
    }
    Some(select)
}

/// The writes of somebody's duties, of the sessions in which they have or had one, and of their events, each under this
/// `scope`.
pub(super) fn writes_of_duties(person: Uuid, scope: &str) -> [SelectStatement; 3] {
    use session_duty::Column as Of;
    let of = |column: Of| {
        Query::select().column(column).from(session_duty::Entity).and_where(Of::PersonId.eq(person)).to_owned()
    };
    let duties = session_duty::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(Of::Version.sum(), "writes")
        .column_as(Of::ChangedAt.max(), "changed_at")
        .filter(Of::PersonId.eq(person));
    let own = Condition::any()
        .add(session::Column::Id.in_subquery(of(Of::SessionId)))
        .add(session::Column::SittingOf.in_subquery(of(Of::SessionId)));
    let sessions = session::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(session::Column::Version.sum(), "writes")
        .column_as(session::Column::ChangedAt.max(), "changed_at")
        .filter(own);
    let events = event::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(event::Column::Version.sum(), "writes")
        .column_as(event::Column::ChangedAt.max(), "changed_at")
        .filter(event::Column::Id.in_subquery(of(Of::EventId)));
    [duties.into_query(), sessions.into_query(), events.into_query()]
}

/// The sessions in which somebody has a duty that stands: that of a session is one in all its sittings.
pub(super) fn with_duty(whose: impl IntoCondition) -> Condition {
    use session_duty::Column as Of;
    let duties = Query::select()
        .column(Of::SessionId)
        .from(session_duty::Entity)
        .cond_where(whose)
        .and_where(Of::DeletedAt.is_null())
        .and_where(Of::Answer.ne(Answer::Declined.as_str()))
        .to_owned();
    let of_all = duties.clone().and_where(Of::SittingOnly.eq(false)).to_owned();
    Condition::any().add(session::Column::Id.in_subquery(duties)).add(session::Column::SittingOf.in_subquery(of_all))
}

/// The sets of groups that sit with another to which such a member belongs.
pub(super) fn joint_with(member: SimpleExpr) -> SelectStatement {
    Query::select()
        .column(audience_member::Column::AudienceId)
        .from(audience_member::Entity)
        .and_where(member)
        .to_owned()
}

/// The sessions of a person's own calendar: those in which they have a duty, and those that they follow.
fn personal(selection: &Selection) -> Condition {
    let duties = (!selection.without_duties).then(|| with_duty(session_duty::Column::PersonId.eq(selection.object)));
    let followed = (!selection.without_followed).then(|| followed::sessions(selection));
    // Of neither nothing is left, and not everything.
    Condition::any().add(Expr::val(false).into_condition()).add_option(duties).add_option(followed)
}

/// The placed sessions of an event, of a group and of its events, in a room, of somebody, or that concern
/// delegations, which the viewer may see; by start, then by number and id.
pub(super) fn sessions(selection: &Selection) -> Select<session::Entity> {
    use session::Column;
    let events = |which: SimpleExpr| {
        Column::EventId
            .in_subquery(Query::select().column(event::Column::Id).from(event::Entity).and_where(which).to_owned())
    };
    let own = match selection.kind {
        // Said of the session itself, so that an index gives these rows in their order.
        Kind::Event => Column::EventId.eq(selection.object).into_condition(),
        Kind::Group => Condition::any()
            .add(Column::GroupId.eq(selection.object))
            .add(Column::JointGroupsId.in_subquery(joint_with(audience_member::Column::MemberId.eq(selection.object))))
            .add(events(event::Column::GroupId.eq(selection.object))),
        Kind::Room => Column::RoomId.eq(selection.object).into_condition(),
        Kind::Person => personal(selection),
        Kind::Organisation | Kind::Delegation => concerning::sessions(selection).unwrap_or_else(Condition::any),
        Kind::Dates => Condition::any().add(Expr::val(false).into_condition()),
    };
    let mut select = session::Entity::find()
        .filter(Column::DeletedAt.is_null())
        .filter(Column::State.is_in(SHOWN.map(State::as_str)))
        .filter(Column::Announced.eq(true))
        .filter(Column::StartsAt.is_not_null())
        .filter(Column::EndsAt.is_not_null())
        .filter(own)
        .filter(events(event::Column::DeletedAt.is_null()))
        .filter(in_event_visible(&selection.viewer, Column::EventId, sittings::SHOWN_TO));
    if let Some(window) = &selection.window {
        select =
            select.filter(Column::EndsAt.gt(to_chrono(window.from))).filter(Column::StartsAt.lt(to_chrono(window.to)));
    }
    if selection.without_cancelled {
        // What was held took place, whatever became of its event.
        let stands = Condition::any()
            .add(Column::State.eq(State::Held.as_str()))
            .add(events(event::Column::State.ne(EventState::Cancelled.as_str())));
        select = select.filter(Column::State.ne(State::Cancelled.as_str())).filter(stands);
    }
    // The sort key is the start as text, with the number.
    select.order_by_asc(Column::SortKey).order_by_asc(Column::Id)
}
