//! Demo data: occasions that took place, with generated people and, where none is public, generated days; and one that is
//! still ahead, which is invented. They are loaded through the same use cases as the API.
//!
//! Here: which scenarios there are, loading them, who can be signed in as, and the keys to look at them with. Loading
//! twice changes nothing: what is there already stays as it is, so that nobody's changes to the demo are lost when the
//! server starts again.

mod cast;
mod chance;
mod delegations;
pub mod keys;
mod names;
mod party;
mod posts;
mod preparation;
mod scenario;

use domain::{
    attendance::{LineInput, LinesInput, Status, door::BadgesOrder, sheet::MOST_LINES},
    external::ExternalId,
    identifier::Handle,
    moment::Moment,
    people::Person,
    time,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    attendance::{door::badges, sheet},
    context::Ctx,
    db::{Expected, object_by_external},
    error::Error,
    events::{self, rules},
    groups, organisations, people, schedule, statements,
};
use delegations::Came;
use names::Names;
use party::{Member, Parties};
use scenario::{Data, Occasion, Office, Sitting, Text};

domain::words! {
    /// An occasion that can be loaded.
    pub enum Scenario {
        /// Seoul 2019: a working group of three co-chairs and a joint statement of 46 states.
        Seoul = "seoul",
        /// Hanoi 2025: a visit of two countries.
        Hanoi = "hanoi",
        /// A police project in a border region, 2019 to 2021.
        Border = "border",
        /// A national working group on the safety of children, 2020.
        Safety = "safety",
        /// A general assembly of 179 delegations and more than 800 delegates, 2025.
        Marrakesh = "marrakesh",
    }
}

/// A feed to subscribe to.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it shows, in one word.
    pub name: String,
    /// Its path on this server, token included.
    pub path: String,
}

/// Loads a scenario; what is there already stays as it is. Gives the feeds it made.
///
/// # Errors
/// Whatever the use cases answer.
pub async fn load(ctx: &Ctx, scenario: Scenario) -> Result<Vec<Link>, Error> {
    let data = Data::of(scenario)?;
    organisations::load_catalogue(ctx).await?;
    let links = links(&data);
    if complete(ctx, &data).await? {
        return Ok(links);
    }
    let mut names = Names::new(data.seed);
    for organisation in data.organisations {
        unless_there(organisations::create(ctx, organisation).await)?;
    }
    for group in data.groups {
        found_group(ctx, group).await?;
    }
    for member in data.memberships {
        unless_there(groups::memberships::create(ctx, &member.group, member.membership).await)?;
    }
    for (at, office) in data.roles.into_iter().enumerate() {
        fill_office(ctx, scenario, at, office, &mut names).await?;
    }
    for room in data.rooms {
        unless_there(events::rooms::create(ctx, room).await)?;
    }
    for occasion in data.events {
        hold(ctx, occasion, data.seed, &mut names).await?;
    }
    Ok(links)
}

/// The public feeds of a scenario's groups and events.
fn links(data: &Data) -> Vec<Link> {
    let groups = data.groups.iter().map(|group| ("groups", group.code.to_string()));
    let events = data.events.iter().map(|occasion| ("events", occasion.event.code.to_string()));
    groups.chain(events).map(|(kind, name)| Link { path: format!("/ical/{kind}/{name}.ics"), name }).collect()
}

/// Whether the last thing a scenario makes is there: each event in its last state.
async fn complete(ctx: &Ctx, data: &Data) -> Result<bool, Error> {
    for occasion in &data.events {
        match events::get(ctx, &Handle::Code(occasion.event.code.key())).await {
            Ok(event) if Some(&event.content.state) == occasion.states.last() => {}
            Ok(_) | Err(Error::NotFound) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// What was made, or nothing where a conflict says that it is there already.
fn unless_there<T>(made: Result<T, Error>) -> Result<Option<T>, Error> {
    match made {
        Ok(made) => Ok(Some(made)),
        Err(Error::Conflict { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn found_group(ctx: &Ctx, group: domain::groups::Group) -> Result<(), Error> {
    let handle = Handle::Code(group.code.key());
    if unless_there(groups::create(ctx, group).await)?.is_some() {
        groups::step(ctx, &handle, domain::groups::Transition { to: domain::groups::State::Active }).await?;
    }
    Ok(())
}

/// The person a scenario knows as `id`, made up if new.
async fn person(ctx: &Ctx, id: &str, organisation: &Handle, names: &mut Names) -> Result<Uuid, Error> {
    let (given, family) = names.next_name();
    let external = external(id);
    if let Some(known) = known_person(ctx, &external).await? {
        return Ok(known);
    }
    let person: Person = serde_json::from_value(json!({
        "display_name": format!("{given} {family}"),
        "given_name": given,
        "family_name": family,
        "organisation_id": organisation,
        "external_ids": [external],
    }))?;
    Ok(people::create(ctx, person).await?.id)
}

/// What the scenarios know by `id`.
fn external(id: &str) -> ExternalId {
    ExternalId { system: "demo".to_owned(), id: id.to_owned() }
}

async fn known_person(ctx: &Ctx, external: &ExternalId) -> Result<Option<Uuid>, Error> {
    object_by_external(ctx.read(domain::access::Resource::Persons)?, people::KIND, external).await
}

async fn fill_office(ctx: &Ctx, scenario: Scenario, at: usize, office: Office, names: &mut Names) -> Result<(), Error> {
    let mut role = office.role;
    let organisation: Handle = serde_json::from_value(role.get("organisation_id").cloned().unwrap_or_default())?;
    let holder = person(ctx, &format!("{scenario}/office-{at}"), &organisation, names).await?;
    role.insert("person_id".to_owned(), json!(holder));
    unless_there(groups::roles::create(ctx, &office.group, serde_json::from_value(role.into())?).await)?;
    Ok(())
}

/// Makes an event with everything that belongs to it, in the order in which it happened.
async fn hold(ctx: &Ctx, mut occasion: Occasion, seed: u64, names: &mut Names) -> Result<(), Error> {
    let was_held = occasion.was_held();
    let event = Handle::Code(occasion.event.code.key());
    unless_there(events::create(ctx, occasion.event.clone()).await)?;
    if let Some(rules) = occasion.rules.take() {
        rules::set_of_event(ctx, &event, Expected::Any, rules).await?;
    }
    if let Some(arrangements) = occasion.arrangements.take() {
        schedule::arrangements::set(ctx, &event, Expected::Any, arrangements).await?;
    }
    let came = gather(ctx, &mut occasion, seed, names).await?;
    for sitting in occasion.sessions {
        sit(ctx, sitting, was_held.then_some(&came), names).await?;
    }
    for text in occasion.statements {
        write(ctx, text).await?;
    }
    if let Some(preparation) = occasion.preparation {
        preparation::prepare(ctx, &event, preparation).await?;
    }
    for to in occasion.states {
        unless_there(events::step(ctx, &event, domain::events::Transition { to }).await)?;
    }
    Ok(())
}

/// Lets every organisation that is invited name its delegation; where the event was held, they are confirmed and, if
/// they came as a whole, have badges.
async fn gather(ctx: &Ctx, occasion: &mut Occasion, seed: u64, names: &mut Names) -> Result<Vec<Came>, Error> {
    let (code, was_held) = (occasion.event.code.clone(), occasion.was_held());
    let event = Handle::Code(code.key());
    let parties = if occasion.whole_delegations { Some(Parties::load()?) } else { None };
    let leaves = second_evening(&occasion.event)?;
    let mut came = vec![];
    for invitation in std::mem::take(&mut occasion.delegations) {
        let organisation = invitation.organisation_id.clone();
        let (given, family) = names.next_name();
        let state = String::from(organisation.clone());
        let whole = parties.as_ref().and_then(|parties| parties.of(seed, &state, &occasion.event.languages));
        let members = whole.unwrap_or_else(|| vec![Member::head(given, family)]);
        let hands_over = delegations::may_hand_over(&members) && names.chance(0.25);
        let composed = delegations::compose(ctx, &event, invitation, code.as_str(), members).await?;
        // Whoever leaves does not sit for the delegation to the end.
        let head = composed.as_ref().and_then(delegations::Composed::head).filter(|_| !hands_over);
        if let Some(composed) = composed.filter(|_| was_held) {
            delegations::confirm(ctx, &composed).await?;
            if hands_over {
                delegations::hand_over(ctx, &composed, leaves).await?;
            }
        }
        came.push(Came { organisation, head });
    }
    if was_held && occasion.whole_delegations {
        issue_badges(ctx, &event).await?;
    }
    Ok(came)
}

/// When those who do not stay to the end leave.
fn second_evening(event: &domain::events::Details) -> Result<Moment, Error> {
    let day = event.starts_on.tomorrow().map_err(Error::internal)?;
    let evening = day.at(18, 0, 0, 0).to_zoned(time::zone(&event.time_zone, "/time_zone")?).map_err(Error::internal)?;
    Ok(Moment(evening.timestamp()))
}

/// Issues badges to everybody who may come; to nobody where the server has no key for badges.
async fn issue_badges(ctx: &Ctx, event: &Handle) -> Result<(), Error> {
    while let Some(done) = unless_there(badges::issue_all(ctx, event, BadgesOrder::default()).await)? {
        if done.remaining == 0 {
            break;
        }
    }
    Ok(())
}

/// Places a session and, where its event was held by those who `came`, holds it and notes who was there; one that is
/// there already is left as it is.
async fn sit(ctx: &Ctx, sitting: Sitting, came: Option<&Vec<Came>>, names: &mut Names) -> Result<(), Error> {
    if session(ctx, &sitting.session.external_ids[0].id).await?.is_some() {
        return Ok(());
    }
    let session = schedule::create(ctx, sitting.session).await?;
    let handle = Handle::Id(session.id);
    let step = async |to| {
        let transition = domain::schedule::Transition { to, reason: None, all_sittings: false };
        schedule::step(ctx, &handle, transition).await?.commit().await
    };
    step(domain::schedule::State::Scheduled).await?;
    let Some(came) = came else { return Ok(()) };
    step(domain::schedule::State::Held).await?;
    let Some(share) = sitting.attendance else { return Ok(()) };
    let line = |came: &Came| {
        let there = names.chance(share);
        LineInput {
            delegation_id: came.organisation.clone(),
            status: if there { Status::Present } else { Status::Absent },
            represented_by: came.head.clone().filter(|_| there),
            level: None,
            note: None,
        }
    };
    let lines: Vec<_> = came.iter().map(line).collect();
    for lines in lines.chunks(MOST_LINES) {
        sheet::set_many(ctx, &handle, LinesInput { lines: lines.to_vec() }).await?;
    }
    Ok(())
}

async fn session(ctx: &Ctx, id: &str) -> Result<Option<Uuid>, Error> {
    object_by_external(ctx.read(domain::access::Resource::Sessions)?, "session", &external(id)).await
}

/// Writes a statement from the facts of its event and, where it was adopted, takes it there.
async fn write(ctx: &Ctx, text: Text) -> Result<(), Error> {
    use domain::statements::{ClauseState, State, Transition, Wording};
    let Some(statement) = unless_there(statements::create(ctx, serde_json::from_value(text.statement)?).await)? else {
        return Ok(());
    };
    let handle = Handle::Id(statement.id);
    statements::draft::create(ctx, &handle).await?;
    if !text.adopted {
        return Ok(());
    }
    let step = |to, session_id| Transition { to, session_id, adopted_on: None, comment: None };
    for to in [State::Tabled, State::Negotiating] {
        statements::step(ctx, &handle, step(to, None)).await?;
    }
    for clause in statements::clauses::list(ctx, &handle).await?.items {
        let agreed = |wording: &Wording| Ok(Wording { state: ClauseState::Agreed, ..wording.clone() });
        statements::clauses::edit(ctx, clause.id, Expected::Any, agreed).await?;
    }
    let session = session(ctx, &text.session).await?.map(Handle::Id);
    statements::step(ctx, &handle, step(State::Adopted, session)).await?;
    Ok(())
}
