//! What somebody follows and may see.

use ::entity::{
    access::audience_member, attendance::follow, calendars::revision, events::event, groups::group, schedule::session,
};
use domain::attendance::Followed;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::chosen::{Selection, joint_with};
use crate::attendance::follows::followed;

/// The events that somebody follows, by themselves or with their group.
pub(super) fn events(selection: &Selection) -> Condition {
    let of = |kind| followed(&selection.viewer, selection.object, kind);
    Condition::any()
        .add(event::Column::Id.in_subquery(of(Followed::Event)))
        .add(event::Column::GroupId.in_subquery(of(Followed::Group)))
}

/// The sessions that somebody follows, by themselves, with their group or with their event.
pub(super) fn sessions(selection: &Selection) -> Condition {
    use session::Column;
    let of = |kind| followed(&selection.viewer, selection.object, kind);
    let events = Query::select().column(event::Column::Id).from(event::Entity).cond_where(events(selection)).to_owned();
    Condition::any()
        .add(Column::Id.in_subquery(of(Followed::Session)))
        .add(Column::SittingOf.in_subquery(of(Followed::Session)))
        .add(Column::GroupId.in_subquery(of(Followed::Group)))
        .add(
            Column::JointGroupsId
                .in_subquery(joint_with(audience_member::Column::MemberId.in_subquery(of(Followed::Group)))),
        )
        .add(Column::EventId.in_subquery(events))
}

/// The writes of what somebody follows or ever followed, and of all that decides what they see of it, each under this
/// `scope`. Of events and groups those of their sessions are counted already.
pub(super) fn writes(person: Uuid, scope: &str) -> [SelectStatement; 5] {
    use follow::Column as Of;
    let of = |kind: Followed, column: Of| {
        Query::select()
            .column(column)
            .from(follow::Entity)
            .and_where(Of::PersonId.eq(person))
            .and_where(Of::Kind.eq(kind.as_str()))
            .to_owned()
    };
    let ids = |kind| of(kind, Of::ObjectId);
    let follows = follow::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(Of::Version.sum(), "writes")
        .column_as(Of::ChangedAt.max(), "changed_at")
        .filter(Of::PersonId.eq(person));
    let scopes = Condition::any()
        .add(revision::Column::Scope.in_subquery(of(Followed::Event, Of::Scope)))
        .add(revision::Column::Scope.in_subquery(of(Followed::Group, Of::Scope)));
    let counted = revision::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        // The sum of large numbers is of another type in PostgreSQL.
        .column_as(revision::Column::Value.sum().cast_as("bigint"), "writes")
        .column_as(revision::Column::ChangedAt.max(), "changed_at")
        .filter(scopes);
    let sittings = Condition::any()
        .add(session::Column::Id.in_subquery(ids(Followed::Session)))
        .add(session::Column::SittingOf.in_subquery(ids(Followed::Session)));
    let sessions = session::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(session::Column::Version.sum(), "writes")
        .column_as(session::Column::ChangedAt.max(), "changed_at")
        .filter(sittings.clone());
    let of_sessions =
        Query::select().column(session::Column::EventId).from(session::Entity).cond_where(sittings).to_owned();
    let events = Condition::any()
        .add(event::Column::Id.in_subquery(ids(Followed::Event)))
        .add(event::Column::GroupId.in_subquery(ids(Followed::Group)))
        .add(event::Column::Id.in_subquery(of_sessions));
    let events = event::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(event::Column::Version.sum(), "writes")
        .column_as(event::Column::ChangedAt.max(), "changed_at")
        .filter(events);
    let groups = group::Entity::find()
        .select_only()
        .expr_as(Expr::val(scope), "scope")
        .column_as(group::Column::Version.sum(), "writes")
        .column_as(group::Column::ChangedAt.max(), "changed_at")
        .filter(group::Column::Id.in_subquery(ids(Followed::Group)));
    [follows.into_query(), counted.into_query(), sessions.into_query(), events.into_query(), groups.into_query()]
}
