//! Demo data: occasions that took place, with generated people and, where none is public, generated days; and one that is
//! still ahead, which is invented. They are loaded through the same use cases as the API.
//!
//! Here: which scenarios there are, loading them, who can be signed in as, and the keys to look at them with. Loading
//! twice changes nothing: what is there already stays as it is, so that nobody's changes to the demo are lost when the
//! server starts again.

mod cast;
pub mod keys;
mod names;
mod scenario;

use domain::{
    attendance::{
        DelegateState, DelegateTransition, Function, Invitation, LineInput, LinesInput, Nomination,
        State as DelegationState, Status, sheet::MOST_LINES,
    },
    external::ExternalId,
    identifier::Handle,
    people::Person,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    attendance::{delegates, delegations, sheet},
    context::Ctx,
    db::{Expected, object_by_external},
    error::Error,
    events, groups, organisations, people, schedule, statements,
};
use names::Names;
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
        /// A general assembly of 179 delegations, 2025.
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
        hold(ctx, occasion, &mut names).await?;
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
async fn hold(ctx: &Ctx, occasion: Occasion, names: &mut Names) -> Result<(), Error> {
    let (code, was_held) = (occasion.event.code.clone(), occasion.was_held());
    let event = Handle::Code(code.key());
    unless_there(events::create(ctx, occasion.event).await)?;
    let came: Vec<Handle> = occasion.delegations.iter().map(|invited| invited.organisation_id.clone()).collect();
    for invitation in occasion.delegations {
        let composed = compose_delegation(ctx, &event, invitation, code.as_str(), names).await?;
        if let Some((delegation, head)) = composed.filter(|_| was_held) {
            confirm(ctx, &delegation, &head).await?;
        }
    }
    for sitting in occasion.sessions {
        sit(ctx, sitting, was_held.then_some(&came), names).await?;
    }
    for text in occasion.statements {
        write(ctx, text).await?;
    }
    for to in occasion.states {
        unless_there(events::step(ctx, &event, domain::events::Transition { to }).await)?;
    }
    Ok(())
}

/// Invites an organisation, whose delegation gets a head; none where it was invited before.
async fn compose_delegation(
    ctx: &Ctx,
    event: &Handle,
    invitation: Invitation,
    code: &str,
    names: &mut Names,
) -> Result<Option<(Handle, Handle)>, Error> {
    let organisation = invitation.organisation_id.clone();
    let id = format!("{code}/{}/head", String::from(organisation.clone()));
    let head = person(ctx, &id, &organisation, names).await?;
    let Some(delegation) = unless_there(delegations::invite(ctx, event, invitation).await)? else { return Ok(None) };
    let delegation = Handle::Id(delegation.id);
    for to in [DelegationState::Accepted, DelegationState::Composing] {
        delegations::step(ctx, &delegation, domain::attendance::Transition::to(to)).await?;
    }
    let nomination = Nomination::of(delegation.clone(), Handle::Id(head), Function::Head);
    let head = delegates::nominate(ctx, event, nomination).await?;
    Ok(Some((delegation, Handle::Id(head.id))))
}

/// Takes a delegation to where the secretariat has approved its head and confirmed it.
async fn confirm(ctx: &Ctx, delegation: &Handle, head: &Handle) -> Result<(), Error> {
    delegations::step(ctx, delegation, domain::attendance::Transition::to(DelegationState::Submitted)).await?;
    delegates::step(ctx, head, DelegateTransition { to: DelegateState::Approved, reason: None }).await?;
    delegations::step(ctx, delegation, domain::attendance::Transition::to(DelegationState::Confirmed)).await?;
    Ok(())
}

/// Places a session and, where its event was held by those who `came`, holds it and notes who was there; one that is
/// there already is left as it is.
async fn sit(ctx: &Ctx, sitting: Sitting, came: Option<&Vec<Handle>>, names: &mut Names) -> Result<(), Error> {
    if session(ctx, &sitting.session.external_ids[0].id).await?.is_some() {
        return Ok(());
    }
    let session = schedule::create(ctx, sitting.session).await?;
    let handle = Handle::Id(session.id);
    let step = async |to| schedule::step(ctx, &handle, domain::schedule::Transition { to, reason: None }).await;
    step(domain::schedule::State::Scheduled).await?;
    let Some(came) = came else { return Ok(()) };
    step(domain::schedule::State::Held).await?;
    let Some(share) = sitting.attendance else { return Ok(()) };
    let line = |organisation: &Handle| LineInput {
        delegation_id: organisation.clone(),
        status: if names.chance(share) { Status::Present } else { Status::Absent },
        represented_by: None,
        note: None,
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
