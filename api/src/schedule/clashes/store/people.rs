//! The people around a programme, whoever asks: what is found is told with care, and nothing of this is an answer.

use std::collections::{HashMap, HashSet};

use ::entity::{
    attendance::{delegate, delegation, session_duty},
    organisations::organisation,
    schedule::session,
};
use domain::{
    attendance::{self, Answer, DelegateState, Function, Part, Participation},
    identifier::{DelegationId, EventId, OrganisationId, PersonId, SessionId},
    schedule::{
        People, Place, State,
        clashes::{Availability, Commitment, Delegation, Duty, Expected, Party, Span, Weight},
    },
    time,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect,
    prelude::{DateTimeUtc, Json},
    sea_query::Query,
};
use uuid::Uuid;

use crate::{
    db::{self, from_chrono, from_json, to_chrono},
    error::Error,
};

/// Those of an event, with what they have elsewhere between these instants.
pub async fn people_of_event(
    connection: &impl ConnectionTrait,
    event: EventId,
    span: Option<(Timestamp, Timestamp)>,
) -> Result<People, Error> {
    let mut people = People { delegations: delegations(connection, event).await?, ..People::default() };
    let mut persons = HashSet::new();
    for row in duties(connection, event).await? {
        let (session, part) = (SessionId(row.session_id), db::word(&row.duty, Part::parse)?);
        let place = Place::of(session, row.sitting_only);
        let answer = db::word(&row.answer, Answer::parse)?;
        let weight = part.weight();
        if let Some(person) = row.person_id {
            persons.insert(person);
            let duty = Duty { person: PersonId(person), weight, confirmed: answer == Answer::Accepted };
            people.duties.entry(place).or_default().push(duty);
        }
        if let Some(delegation) = row.delegation_id.filter(|_| weight != Weight::Optional) {
            let delegation = DelegationId(delegation);
            let expected = Expected { delegation, head_listed: part == Part::Speaker };
            people.expected.entry(place).or_default().push(expected);
        }
    }
    people.availability = availability(connection, event).await?;
    if let Some(span) = span.filter(|_| !persons.is_empty()) {
        people.commitments = commitments(connection, event, span).await?;
    }
    Ok(people)
}

/// The organisations of delegations, whoever asks.
pub async fn organisations_of_delegations(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = DelegationId>,
) -> Result<HashMap<DelegationId, OrganisationId>, Error> {
    use delegation::{Column, Entity};
    let select = Entity::find().select_only().column(Column::Id).column(Column::OrganisationId);
    let rows: Vec<(Uuid, Uuid)> =
        select.filter(Column::Id.is_in(ids.into_iter().map(|id| id.0))).into_tuple().all(connection).await?;
    Ok(rows.into_iter().map(|(id, organisation)| (DelegationId(id), OrganisationId(organisation))).collect())
}

/// What was not declined.
async fn duties(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<session_duty::Model>, Error> {
    use session_duty::{Column, Entity};
    let select = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::DeletedAt.is_null());
    Ok(select.filter(Column::Answer.ne(Answer::Declined.as_str())).all(connection).await?)
}

/// The delegations that come, with how many people each has for sessions; of those of whom nobody comes to the room, where
/// their organisations are at home.
async fn delegations(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<Delegation>, Error> {
    use attendance::State;
    use delegation::{Column, Entity};
    let of_organisation = Entity::belongs_to(organisation::Entity);
    let of_organisation = of_organisation.from(Column::OrganisationId).to(organisation::Column::Id);
    let coming = Entity::find()
        .select_only()
        .columns([Column::Id, Column::State])
        .column(organisation::Column::TimeZone)
        .join(JoinType::InnerJoin, of_organisation.into())
        .filter(Column::EventId.eq(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::State.is_in(State::COMING.iter().map(|state| state.as_str())));
    let rows: Vec<(Uuid, String, Option<String>)> = coming.into_tuple().all(connection).await?;
    let counts: Vec<(Uuid, String, i64)> = delegate::Entity::find()
        .select_only()
        .columns([delegate::Column::DelegationId, delegate::Column::Participation])
        .column_as(delegate::Column::Id.count(), "able")
        .filter(delegate::Column::EventId.eq(event.0))
        .filter(delegate::Column::DeletedAt.is_null())
        .filter(delegate::Column::State.is_in(DelegateState::LIVE.iter().map(|state| state.as_str())))
        .filter(delegate::Column::Function.is_in(Function::SITTING.iter().map(|function| function.as_str())))
        .group_by(delegate::Column::DelegationId)
        .group_by(delegate::Column::Participation)
        .into_tuple()
        .all(connection)
        .await?;
    let (mut able, mut present): (HashMap<Uuid, i64>, HashSet<Uuid>) = Default::default();
    for (delegation, participation, count) in counts {
        *able.entry(delegation).or_default() += count;
        if db::word(&participation, Participation::parse)? != Participation::Online {
            present.insert(delegation);
        }
    }
    let delegation = |(id, state, zone): (Uuid, String, Option<String>)| {
        let confirmed = db::word(&state, State::parse)? == State::Confirmed;
        let able = able.get(&id).and_then(|count| u32::try_from(*count).ok());
        let afar = able.is_some() && !present.contains(&id);
        // A zone that the rules in use do not know any more is as one that nobody named.
        let zone = zone.filter(|_| afar).and_then(|name| time::zone(&name, "/time_zone").ok());
        Ok(Delegation { id: DelegationId(id), able, confirmed, zone })
    };
    rows.into_iter().map(delegation).collect()
}

/// When delegations and those in them can come. Who is in two comes when both say so.
async fn availability(connection: &impl ConnectionTrait, event: EventId) -> Result<Vec<Availability>, Error> {
    use ::entity::attendance::availability::{Column, Entity};
    let of_delegate = Entity::belongs_to(delegate::Entity).from(Column::DelegateId).to(delegate::Column::Id);
    let of_delegation = Entity::belongs_to(delegation::Entity).from(Column::DelegationId).to(delegation::Column::Id);
    let delegates = Condition::all()
        .add(delegate::Column::DeletedAt.is_null())
        .add(delegate::Column::State.is_in(DelegateState::LIVE.iter().map(|state| state.as_str())));
    let delegations = Condition::all()
        .add(delegation::Column::DeletedAt.is_null())
        .add(delegation::Column::State.is_in(attendance::State::COMING.iter().map(|state| state.as_str())));
    let rows: Vec<(Option<Uuid>, Option<Uuid>, Option<Json>)> = Entity::find()
        .select_only()
        .column(delegate::Column::PersonId)
        .column(Column::DelegationId)
        .column(Column::Windows)
        .join(JoinType::LeftJoin, of_delegate.into())
        .join(JoinType::LeftJoin, of_delegation.into())
        .filter(Column::EventId.eq(event.0))
        .filter(Condition::any().add(delegates).add(delegations))
        .into_tuple()
        .all(connection)
        .await?;
    let mut by_party: HashMap<Party, Availability> = HashMap::new();
    for (person, delegation, windows) in rows {
        let person = person.map(|id| Party::Person(PersonId(id)));
        let party = person.or_else(|| delegation.map(|id| Party::Delegation(DelegationId(id))));
        let (Some(party), Some(windows)) = (party, windows) else { continue };
        let said = attendance::Availability { windows: from_json(windows)? }.of(party);
        match by_party.get_mut(&party) {
            Some(known) => known.narrow(said),
            None => drop(by_party.insert(party, said)),
        }
    }
    Ok(by_party.into_values().collect())
}

/// Where those with duties at the event have duties at others.
async fn commitments(
    connection: &impl ConnectionTrait,
    event: EventId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Commitment>, Error> {
    use session_duty::{Column, Entity};
    let here = Query::select()
        .column(Column::PersonId)
        .from(Entity)
        .and_where(Column::EventId.eq(event.0))
        .and_where(Column::DeletedAt.is_null())
        .and_where(Column::PersonId.is_not_null())
        .to_owned();
    let of_session = Entity::belongs_to(session::Entity).from(Column::SessionId).to(session::Column::Id);
    let rows: Vec<(Uuid, DateTimeUtc, DateTimeUtc)> = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .column(session::Column::StartsAt)
        .column(session::Column::EndsAt)
        .join(JoinType::InnerJoin, of_session.into())
        .filter(Column::EventId.ne(event.0))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Answer.ne(Answer::Declined.as_str()))
        .filter(Column::Duty.ne(Part::Optional.as_str()))
        .filter(Column::PersonId.in_subquery(here))
        .filter(session::Column::DeletedAt.is_null())
        .filter(session::Column::State.is_in([State::Draft.as_str(), State::Scheduled.as_str()]))
        .filter(session::Column::StartsAt.lt(to_chrono(to)))
        .filter(session::Column::EndsAt.gt(to_chrono(from)))
        .into_tuple()
        .all(connection)
        .await?;
    let commitment = |(person, from, to): (Uuid, _, _)| {
        let span = Span::new(from_chrono(from), from_chrono(to))?;
        Some(Commitment { of: Party::Person(PersonId(person)), span })
    };
    Ok(rows.into_iter().filter_map(commitment).collect())
}
