//! Queries of keys and accounts, and the predicates by which every other capability narrows its reads.

use ::entity::{
    access::{api_key, api_key_limit},
    attendance::delegation,
    events::event,
    groups::{group, membership},
};
use domain::{
    access::{Actor, Token},
    identifier::OrganisationId,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::NewKey;
use crate::{
    db::{Tx, to_chrono, to_json},
    error::Error,
};

pub use ::entity::access::{api_key::Model as ApiKey, api_key_limit::Model as ApiKeyLimit};

/// The key with this public part, whatever its state.
pub async fn key_by_prefix(connection: &impl ConnectionTrait, prefix: &str) -> Result<Option<ApiKey>, DbErr> {
    api_key::Entity::find().filter(api_key::Column::Prefix.eq(prefix)).one(connection).await
}

/// What a key is limited to.
pub async fn key_limits(connection: &impl ConnectionTrait, key: Uuid) -> Result<Vec<ApiKeyLimit>, DbErr> {
    api_key_limit::Entity::find().filter(api_key_limit::Column::KeyId.eq(key)).all(connection).await
}

/// Adds a key and its limits; gives its id.
pub async fn key_insert(tx: &Tx, input: &NewKey, token: &Token) -> Result<Uuid, Error> {
    let (id, at) = (tx.new_id()?, to_chrono(tx.now()));
    let row = api_key::ActiveModel {
        id: Set(id),
        version: Set(1),
        created_at: Set(at),
        changed_at: Set(at),
        deleted_at: Set(None),
        name: Set(input.name.clone()),
        prefix: Set(token.id().to_owned()),
        secret_hash: Set(token.hash()),
        role: Set(input.role.to_string()),
        scopes: Set(to_json(&input.scopes)?),
        organisation_id: Set(input.organisation.map(Into::into)),
        expires_at: Set(at + chrono::Duration::days(input.expires_in_days.into())),
        last_used_at: Set(None),
        revoked_at: Set(None),
    };
    api_key::Entity::insert(row).exec_without_returning(tx.connection()).await?;
    let limit = |kind: &str, object_id| api_key_limit::ActiveModel {
        key_id: Set(id),
        kind: Set(kind.to_owned()),
        object_id: Set(object_id),
    };
    let events = input.events.iter().map(|event| limit("event", event.0));
    let limits: Vec<_> = events.chain(input.groups.iter().map(|group| limit("group", group.0))).collect();
    if !limits.is_empty() {
        api_key_limit::Entity::insert_many(limits).exec_without_returning(tx.connection()).await?;
    }
    Ok(id)
}

/// Events the actor may see.
pub fn event_visible(actor: &Actor) -> Condition {
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
/// there. `event` and `visibility` are the object's columns.
pub fn in_event_visible<C: ColumnTrait>(actor: &Actor, event: C, visibility: C) -> Condition {
    let of_events = |which: Condition| event.in_subquery(events(which));
    if let Some(everything) = staff(actor, event::Column::Id, Some(event::Column::GroupId)) {
        let public = Condition::all().add(event::Column::Visibility.eq(PUBLIC));
        return Condition::any()
            .add(of_events(everything))
            .add(Condition::all().add(visibility.eq(PUBLIC)).add(of_events(public)));
    }
    let public = Condition::all().add(visibility.eq(PUBLIC)).add(of_events(event_visible(actor)));
    match actor.organisation {
        Some(organisation) => Condition::any().add(public).add(
            Condition::all()
                .add(visibility.eq(PARTICIPANTS))
                .add(of_events(event_visible(actor)))
                .add(of_events(Condition::all().add(takes_part(organisation)))),
        ),
        None => Condition::any().add(public),
    }
}

/// Changes the actor may know of. A change carries the visibility of its object and where it belongs; what belongs to
/// an organisation is also that organisation's to know.
pub fn change_visible<C: ColumnTrait>(actor: &Actor, event: C, group: C, organisation: C, visibility: C) -> Condition {
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
        return Condition::all().add(event.in_subquery(events(everything)));
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
