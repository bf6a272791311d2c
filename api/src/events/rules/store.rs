//! Queries of rules of procedure. Who may see them is decided where their event or group is found.

use ::entity::{
    events::{
        event,
        procedure::{ActiveModel, Column, Entity},
    },
    groups::group,
};
use domain::attendance::RulesOfProcedure;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    db::{Tx, from_json, to_chrono, to_json},
    error::Error,
};

/// Whose rules.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// Those of an event.
    Event(Uuid),
    /// Those of a group.
    Group(Uuid),
}

/// Rules that somebody has set.
#[derive(Debug, Clone)]
pub struct Written {
    /// Of the row.
    pub id: Uuid,
    /// Rises with every write.
    pub version: i32,
    /// What they say.
    pub rules: RulesOfProcedure,
}

/// The own rules of an event or a group.
pub async fn rules_find(connection: &impl ConnectionTrait, of: Of) -> Result<Option<Written>, Error> {
    let whose = match of {
        Of::Event(id) => Column::EventId.eq(id),
        Of::Group(id) => Column::GroupId.eq(id),
    };
    let row = Entity::find().filter(whose).filter(Column::DeletedAt.is_null()).one(connection).await?;
    row.map(|row| Ok(Written { id: row.id, version: row.version, rules: from_json(row.content)? })).transpose()
}

/// Holds whose rules they are until the transaction ends: nobody else sets them meanwhile.
pub async fn owner_lock(tx: &Tx, of: Of) -> Result<(), Error> {
    let held = match of {
        Of::Event(id) => event::Entity::find_by_id(id).lock_exclusive().one(tx.connection()).await?.map(drop),
        Of::Group(id) => group::Entity::find_by_id(id).lock_exclusive().one(tx.connection()).await?.map(drop),
    };
    held.ok_or(Error::Gone)
}

/// Writes them in the place of `current`; whose they are must be held.
pub async fn rules_write(tx: &Tx, of: Of, current: Option<Written>, rules: RulesOfProcedure) -> Result<Written, Error> {
    let at = to_chrono(tx.now());
    let (event, group) = match of {
        Of::Event(id) => (Some(id), None),
        Of::Group(id) => (None, Some(id)),
    };
    let version = current.as_ref().map_or(1, |current| current.version + 1);
    let content = ActiveModel {
        version: Set(version),
        changed_at: Set(at),
        content: Set(to_json(&rules)?),
        ..Default::default()
    };
    let id = match current {
        Some(current) => {
            let update = Entity::update_many().set(content).filter(Column::Id.eq(current.id));
            update.exec(tx.connection()).await?;
            current.id
        }
        None => {
            let id = tx.new_id()?;
            let row = ActiveModel {
                id: Set(id),
                created_at: Set(at),
                deleted_at: Set(None),
                event_id: Set(event),
                group_id: Set(group),
                ..content
            };
            Entity::insert(row).exec_without_returning(tx.connection()).await?;
            id
        }
    };
    Ok(Written { id, version, rules })
}
