//! Whom sessions concern, whoever asks: for writing to them, never for an answer.

use std::collections::{BTreeMap, HashSet};

use ::entity::attendance::{delegation, session_duty};
use domain::{
    attendance::{Answer, State},
    identifier::{EventId, OrganisationId, PersonId, SessionId},
    schedule::Kind,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::Error;

/// Those who have a part in sessions, and in which.
#[derive(Debug, Default)]
pub(super) struct Concerned {
    pub(super) persons: BTreeMap<PersonId, Vec<SessionId>>,
    pub(super) organisations: BTreeMap<OrganisationId, Vec<SessionId>>,
}

/// Those who have a part in `sessions` of an event and did not decline it; in a plenary for which no delegation was named
/// all that come have one.
pub(super) async fn concerned(
    connection: &impl ConnectionTrait,
    event: EventId,
    sessions: &[(SessionId, Kind)],
) -> Result<Concerned, Error> {
    use session_duty::{Column, Entity};
    let touched: HashSet<Uuid> = sessions.iter().map(|(id, _)| id.0).collect();
    let duties = Entity::find()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Answer.ne(Answer::Declined.as_str()))
        .all(connection)
        .await?;
    let coming = delegations_coming(connection, event).await?;
    let mut concerned = Concerned::default();
    let mut named = HashSet::new();
    for duty in duties.into_iter().filter(|duty| touched.contains(&duty.session_id)) {
        let session = SessionId(duty.session_id);
        if let Some(person) = duty.person_id {
            concerned.persons.entry(PersonId(person)).or_default().push(session);
        }
        if let Some(delegation) = duty.delegation_id {
            named.insert(session);
            let organisation = coming.iter().find(|(id, _)| *id == delegation).map(|(_, organisation)| *organisation);
            if let Some(organisation) = organisation {
                concerned.organisations.entry(organisation).or_default().push(session);
            }
        }
    }
    let open = sessions.iter().filter(|(id, kind)| *kind == Kind::Plenary && !named.contains(id));
    for (session, _) in open {
        for (_, organisation) in &coming {
            concerned.organisations.entry(*organisation).or_default().push(*session);
        }
    }
    Ok(concerned)
}

async fn delegations_coming(
    connection: &impl ConnectionTrait,
    event: EventId,
) -> Result<Vec<(Uuid, OrganisationId)>, Error> {
    use delegation::{Column, Entity};
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::OrganisationId)
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::State.is_in(State::COMING.iter().map(|state| state.as_str())))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|(id, organisation)| (id, OrganisationId(organisation))).collect())
}
