//! Queries of the change feed.

use ::entity::audit::change;
use domain::access::{Actor, Role};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{ChangeEntry, Changes};
use crate::{
    access::store::{Disclosed, change_visible},
    db::from_chrono,
    error::Error,
};

/// What the feed is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these kinds of object or of change, such as `session` or `session.moved`.
    pub kind: Option<String>,
    /// Only changes of this event.
    pub event: Option<Uuid>,
}

/// Changes after the one with the id `after`, as far as the actor may see them.
pub async fn change_list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &Filter,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Changes, Error> {
    let mut select = change::Entity::find().filter(visible(actor)).order_by_asc(change::Column::Seq).limit(limit + 1);
    if let Some(after) = after {
        let seen = change::Entity::find().filter(change::Column::Id.eq(after)).one(connection).await?;
        let seen = seen.ok_or_else(|| {
            Error::invalid(
                "after",
                "unknown_cursor",
                "Send the 'next' of an earlier answer, or none to begin at the start.",
            )
        })?;
        select = select.filter(change::Column::Seq.gt(seen.seq));
    }
    if let Some(kind) = &filter.kind {
        let column = if kind.contains('.') { change::Column::Kind } else { change::Column::ObjectKind };
        select = select.filter(column.eq(kind));
    }
    if let Some(event) = filter.event {
        select = select.filter(change::Column::EventId.eq(event));
    }
    let mut rows = select.all(connection).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().map(|row| row.id).or(after);
    Ok(Changes { items: rows.into_iter().map(change_entry).collect(), next, more })
}

/// Which changes the actor may know of: those of the objects it may see.
fn visible(actor: &Actor) -> Condition {
    let keys = matches!(actor.role, Some(Role::Admin | Role::Auditor));
    let all = if keys {
        Condition::all()
    } else {
        Condition::all().add(change::Column::ObjectKind.is_not_in(["key", "account"]))
    };
    all.add(change_visible(
        actor,
        [change::Column::EventId, change::Column::GroupId, change::Column::OrganisationId],
        Disclosed {
            visibility: change::Column::Visibility,
            audience: change::Column::AudienceId,
            tlp: change::Column::Tlp,
            session: Some(change::Column::ObjectId),
        },
        (change::Column::EventAudienceId, change::Column::At),
    ))
}

fn change_entry(row: change::Model) -> ChangeEntry {
    ChangeEntry {
        id: row.id,
        kind: row.kind,
        at: from_chrono(row.at),
        object_kind: row.object_kind,
        object_id: row.object_id,
        object_version: row.object_version,
        event_id: row.event_id,
        group_id: row.group_id,
        deleted: row.deleted,
    }
}
