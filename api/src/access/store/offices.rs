//! What somebody is in person: the groups they lead, the delegations they belong to and lead.

use std::collections::HashSet;

use ::entity::{
    attendance::{delegate, delegation, delegation_head, session_duty},
    groups::{group, role},
    schedule::session,
};
use domain::{
    access::{Offices, Seat, Task},
    attendance::DelegateState,
    groups::Function,
    identifier::{EventId, GroupId, OrganisationId, PersonId, SessionId},
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, Order, QueryFilter, QueryOrder,
    QuerySelect,
    prelude::DateTimeUtc,
    sea_query::{Alias, CommonTableExpression, Expr, Query, SelectStatement, UnionType, WithQuery},
};
use uuid::Uuid;

use crate::db::{from_chrono, to_chrono};

/// What stands in a row of the first head of a delegation: an instant before all others (1800-01-01).
pub fn beginning() -> DateTimeUtc {
    DateTimeUtc::from_timestamp(-5_364_662_400, 0).unwrap_or(DateTimeUtc::UNIX_EPOCH)
}

/// What the person is at this instant.
pub async fn offices_of(connection: &impl ConnectionTrait, person: Uuid, at: Timestamp) -> Result<Offices, DbErr> {
    let (mut chairs, mut keeps) = (vec![], vec![]);
    for row in connection.query_all(&groups_led(person, at)).await? {
        let group = GroupId(row.try_get_by_index(0)?);
        let list = if row.try_get_by_index(1)? { &mut chairs } else { &mut keeps };
        list.push(group);
    }
    let (seats, tasks) = (seats_of(connection, person, at).await?, tasks_of(connection, person).await?);
    Ok(Offices { person: Some(PersonId(person)), chairs, keeps, seats, tasks })
}

/// The groups that the person chairs or co-chairs at this instant, or keeps the business of, with their subgroups where
/// the role says so; beside each, whether it is chaired.
fn groups_led(person: Uuid, at: Timestamp) -> WithQuery {
    let goes_on = Condition::any().add(role::Column::ValidTo.is_null()).add(role::Column::ValidTo.gt(to_chrono(at)));
    let led = || Alias::new("led");
    let (group, on, chaired) = (|| Alias::new("group_id"), || Alias::new("in_subgroups"), || Alias::new("chaired"));
    let chairing = [Function::Chair, Function::CoChair].map(Function::as_str);
    let leading = chairing.into_iter().chain([Function::Secretary.as_str()]);
    let mut above = Query::select()
        .columns([role::Column::GroupId, role::Column::InSubgroups])
        .expr(role::Column::Function.is_in(chairing))
        .from(role::Entity)
        .and_where(role::Column::PersonId.eq(person))
        .and_where(role::Column::DeletedAt.is_null())
        .and_where(role::Column::Function.is_in(leading))
        .and_where(role::Column::ValidFrom.lte(to_chrono(at)))
        .cond_where(goes_on)
        .to_owned();
    let below = Query::select()
        .column(group::Column::Id.as_column_ref())
        .column((led(), on()))
        .column((led(), chaired()))
        .from(group::Entity)
        .join(JoinType::InnerJoin, led(), group::Column::ParentId.into_expr().equals((led(), group())))
        .and_where(Expr::col((led(), on())).eq(true))
        .and_where(group::Column::DeletedAt.is_null())
        .to_owned();
    // Of two equal rows one is kept, so that a circle in the tree comes to an end.
    let all = above.union(UnionType::Distinct, below).to_owned();
    let columns = [group(), on(), chaired()];
    let table = CommonTableExpression::new().table_name(led()).columns(columns).query(all).to_owned();
    let ids =
        Query::select().distinct().columns([group(), chaired()]).from(led()).order_by(group(), Order::Asc).to_owned();
    ids.with(Query::with().recursive(true).cte(table).to_owned())
}

/// The delegations that the person belongs to at this instant.
async fn seats_of(connection: &impl ConnectionTrait, person: Uuid, at: Timestamp) -> Result<Vec<Seat>, DbErr> {
    let delegations = delegate::Entity::belongs_to(delegation::Entity)
        .from(delegate::Column::DelegationId)
        .to(delegation::Column::Id);
    let seats = delegate::Entity::find()
        .select_only()
        .column(delegate::Column::Id)
        .column(delegation::Column::EventId)
        .column(delegation::Column::OrganisationId)
        .join(JoinType::InnerJoin, delegations.into())
        .filter(delegate::Column::PersonId.eq(person))
        .filter(delegate::Column::State.is_in(DelegateState::LIVE.iter().map(|state| state.as_str())))
        .filter(delegate::Column::DeletedAt.is_null())
        .filter(delegation::Column::DeletedAt.is_null())
        .order_by_asc(delegate::Column::Id);
    let seats: Vec<(Uuid, Uuid, Uuid)> = seats.into_tuple().all(connection).await?;
    let mut leading = HashSet::new();
    if !seats.is_empty() {
        let mut heads = heads_at(at);
        heads.and_where(delegation_head::Column::DelegateId.is_in(seats.iter().map(|(id, ..)| *id)));
        let heads = connection.query_all(&heads).await?;
        leading = heads.iter().map(|row| row.try_get_by_index::<Uuid>(0)).collect::<Result<_, _>>()?;
    }
    let seat = |(id, event, organisation): (Uuid, Uuid, Uuid)| Seat {
        event: EventId(event),
        organisation: OrganisationId(organisation),
        head: leading.contains(&id),
    };
    Ok(seats.into_iter().map(seat).collect())
}

/// The sittings of which people were told and in which the person has a duty: one in all of a session counts for each.
async fn tasks_of(connection: &impl ConnectionTrait, person: Uuid) -> Result<Vec<Task>, DbErr> {
    use session_duty::{Column, Entity};
    let held = |sitting: session::Column| {
        let mut select = Query::select();
        select
            .column((Entity, Column::EventId))
            .column((session::Entity, session::Column::Id))
            .column((Entity, Column::CreatedAt))
            .from(Entity)
            .inner_join(session::Entity, Expr::col((session::Entity, sitting)).equals((Entity, Column::SessionId)))
            .and_where(Expr::col((Entity, Column::PersonId)).eq(person))
            .and_where(Expr::col((Entity, Column::DeletedAt)).is_null())
            .and_where(Expr::col((session::Entity, session::Column::DeletedAt)).is_null())
            .and_where(Expr::col((session::Entity, session::Column::Announced)).eq(true));
        select
    };
    let mut further = held(session::Column::SittingOf);
    further.and_where(Expr::col((Entity, Column::SittingOnly)).eq(false));
    let rows = connection.query_all(held(session::Column::Id).union(UnionType::All, further)).await?;
    let mut tasks = vec![];
    for row in rows {
        let since: DateTimeUtc = row.try_get_by_index(2)?;
        let (event, session) = (EventId(row.try_get_by_index(0)?), SessionId(row.try_get_by_index(1)?));
        tasks.push(Task { event, session, since: from_chrono(since) });
    }
    // In one order, as they decide which entity tag a calendar has.
    tasks.sort_unstable_by_key(|task| (task.session, task.since));
    Ok(tasks)
}

/// The delegates who lead their delegations at this instant.
pub fn heads_at(instant: Timestamp) -> SelectStatement {
    let (later, at) = (Alias::new("later"), to_chrono(instant));
    let followed = Query::select()
        .expr(Expr::value(1))
        .from_as(delegation_head::Entity, later.clone())
        .and_where(
            Expr::col((later.clone(), delegation_head::Column::DelegationId))
                .equals((delegation_head::Entity, delegation_head::Column::DelegationId)),
        )
        .and_where(
            Expr::col((later.clone(), delegation_head::Column::ValidFrom))
                .gt(Expr::col((delegation_head::Entity, delegation_head::Column::ValidFrom))),
        )
        .and_where(Expr::col((later, delegation_head::Column::ValidFrom)).lte(at))
        .to_owned();
    Query::select()
        .column(delegation_head::Column::DelegateId)
        .from(delegation_head::Entity)
        .and_where(
            Expr::col((delegation_head::Entity, delegation_head::Column::ValidFrom))
                .lte(at)
                .or(delegation_head::Column::ValidFrom.eq(beginning())),
        )
        .and_where(Expr::exists(followed).not())
        .to_owned()
}
