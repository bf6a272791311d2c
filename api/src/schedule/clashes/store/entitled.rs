//! Who counts for the quorum of an event, whoever asks: what is found tells numbers, and not who is behind them.

use std::collections::HashSet;

use ::entity::{attendance::delegation, groups::membership};
use domain::{
    attendance::{Category, State},
    events::Event,
    groups,
    identifier::{DelegationId, GroupId, OrganisationId},
    schedule::{Entitled, InGroup, Invited},
    time::Validity,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, prelude::DateTimeUtc};
use uuid::Uuid;

use crate::{
    db::{self, Visible, from_chrono, from_chrono_opt, reference},
    error::Error,
    events::rules,
};

/// Those that an event's rule of quorum is about, where these groups sit or its own.
pub async fn entitled_of_event(
    connection: &impl ConnectionTrait,
    event: &Visible<Event>,
    mut groups: HashSet<Uuid>,
) -> Result<Entitled, Error> {
    let own = reference(event.content.details.group_id.as_ref());
    groups.extend(own);
    Ok(Entitled {
        rule: rules::in_force(connection, event).await?.rules.quorum,
        group: own.map(GroupId),
        members: members(connection, groups).await?,
        delegations: delegations(connection, event.id).await?,
    })
}

async fn members(connection: &impl ConnectionTrait, groups: HashSet<Uuid>) -> Result<Vec<InGroup>, Error> {
    use membership::{Column, Entity};
    let rows: Vec<(Uuid, Uuid, String, bool, DateTimeUtc, Option<DateTimeUtc>)> = Entity::find()
        .select_only()
        .columns([Column::GroupId, Column::OrganisationId, Column::Category])
        .columns([Column::VotingRight, Column::ValidFrom, Column::ValidTo])
        .filter(Column::GroupId.is_in(groups))
        .filter(Column::DeletedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    let member = |(group, organisation, category, votes, from, to): (Uuid, Uuid, String, _, _, _)| {
        let category = db::word(&category, groups::Category::parse)?;
        Ok(InGroup {
            group: GroupId(group),
            organisation: OrganisationId(organisation),
            belongs: groups::Category::BELONGING.contains(&category),
            votes,
            holds: Validity { from: from_chrono(from), to: from_chrono_opt(to) },
        })
    };
    rows.into_iter().map(member).collect()
}

async fn delegations(connection: &impl ConnectionTrait, event: Uuid) -> Result<Vec<Invited>, Error> {
    use delegation::{Column, Entity};
    let rows: Vec<(Uuid, Uuid, String, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::OrganisationId, Column::Category, Column::State])
        .filter(Column::EventId.eq(event))
        .filter(Column::DeletedAt.is_null())
        .into_tuple()
        .all(connection)
        .await?;
    let delegation = |(id, organisation, category, state): (Uuid, Uuid, String, String)| {
        let registered = db::word(&state, State::parse)?.is_registered()
            && db::word(&category, Category::parse)?.presents_credentials();
        Ok(Invited { id: DelegationId(id), organisation: OrganisationId(organisation), registered })
    };
    rows.into_iter().map(delegation).collect()
}
