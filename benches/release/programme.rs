//! The programme that is released, entered as a secretariat would.

use api::{
    attendance::{delegations, duties},
    context::Ctx,
    error::Error,
    events::{self, rooms},
    organisations, people, schedule,
};
use domain::identifier::Handle;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Rooms of the venue.
const ROOMS: usize = 60;
/// Delegations that come.
const DELEGATIONS: usize = 179;
/// Sessions that one room has in a day.
const A_DAY: usize = 10;

/// Enters an event with as many sessions, none of them announced.
pub async fn seed(ctx: &Ctx, sessions: usize) -> Result<(), Error> {
    for n in 0..ROOMS {
        let room = json!({"code": format!("room-{n}"), "name": {"en": format!("Room {n}")}, "venue": {"en": "Palace"}});
        rooms::create(ctx, read(room)).await?;
    }
    let event = json!({
        "code": "assembly", "kind": "assembly", "title": {"en": "Assembly"}, "city": {"name": {"en": "Geneva"}},
        "time_zone": "Europe/Zurich", "starts_on": "2027-03-01", "ends_on": "2027-03-20", "languages": ["en"],
        "visibility": "public",
    });
    events::create(ctx, read(event)).await?;
    let event = Handle::Code("assembly".to_owned());
    for n in 0..DELEGATIONS {
        let code = format!("org-{n}");
        let organisation = json!({"code": code, "kind": "igo", "names": {"en": {"list": format!("Organisation {n}")}}});
        organisations::create(ctx, read(organisation)).await?;
        let delegation = delegations::invite(ctx, &event, read(json!({"organisation_id": code}))).await?;
        delegations::step(ctx, &Handle::Id(delegation.id), read(json!({"to": "accepted"}))).await?;
    }
    for n in 0..sessions {
        session(ctx, n).await?;
    }
    Ok(())
}

async fn session(ctx: &Ctx, n: usize) -> Result<(), Error> {
    let (room, slot) = (n % ROOMS, n / ROOMS);
    let (day, hour) = (1 + slot / A_DAY, 8 + slot % A_DAY);
    let details = json!({
        "event_id": "assembly", "kind": "group_meeting", "title": {"en": format!("Session {n}: exchange of practice")},
        "room_id": format!("room-{room}"),
        "placement": {"start": format!("2027-03-{day:02}T{hour:02}:00:00"), "end": format!("2027-03-{day:02}T{hour:02}:50:00")},
    });
    let session = Handle::Id(schedule::create(ctx, read(details)).await?.id);
    // 3,000 persons for 800 sessions.
    for m in 0..(3 + usize::from(!n.is_multiple_of(4))) {
        let person = people::create(ctx, read(json!({"display_name": format!("Person {n}-{m}")}))).await?;
        let duty = if m == 0 { "chair" } else { "speaker" };
        duties::create(ctx, &session, read(json!({"person_id": person.id, "duty": duty}))).await?;
    }
    Ok(())
}

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}
