//! The cast of the demonstration: one person of each role, to be signed in as.
//!
//! Here: who they are, and their accounts. Whoever is something in a group or a delegation is so in person, as the
//! scenarios say: their accounts are those of guests and give them nothing else.

use domain::{
    access::{Account, Role},
    identifier::Handle,
    moment::Moment,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{external, known_person};
use crate::{
    access::accounts,
    context::Ctx,
    db::{Expected, Visible},
    error::Error,
    events, organisations, people,
};

/// The state whose delegate and whose delegation manager are in the cast.
pub const DELEGATE_OF: &str = "PL";

/// How long guests may sign in: as long as a guest may.
const GUEST_STAYS: SignedDuration = SignedDuration::from_hours(366 * 24);

/// One of the cast.
#[derive(Debug)]
pub struct Part {
    /// In one word.
    pub name: &'static str,
    /// In words.
    pub who: &'static str,
    /// What makes them what they are.
    by: By,
}

/// What makes somebody what they are.
#[derive(Debug)]
enum By {
    /// The role of their account, for the organisation of this code if it is for one.
    Role(Role, Option<&'static str>),
    /// A secretariat of the event of this code, and of no other.
    Event(&'static str),
    /// What the person the scenarios know by this id is in groups and delegations.
    Person(&'static str),
}

/// Everybody, in the order in which they are shown.
pub const ALL: [Part; 10] = [
    Part { name: "admin", who: "administrator", by: By::Role(Role::Admin, None) },
    Part { name: "secretariat", who: "secretariat", by: By::Role(Role::Secretariat, None) },
    Part { name: "event_secretariat", who: "secretariat of the event cyber-2029 only", by: By::Event("cyber-2029") },
    Part {
        name: "co_chair",
        who: "co-chair of the group warsaw-cyber, for the Republic of Korea",
        by: By::Person("seoul/office-0"),
    },
    Part {
        name: "head_of_delegation",
        who: "head of the delegation of Czechia to cyber-2029",
        by: By::Person("cyber-2029/cz/head"),
    },
    Part {
        name: "delegation_manager",
        who: "delegation manager of Poland",
        by: By::Role(Role::DelegationManager, Some(DELEGATE_OF)),
    },
    Part { name: "delegate", who: "delegate of Poland", by: By::Role(Role::Delegate, Some(DELEGATE_OF)) },
    Part {
        name: "observer",
        who: "observer in the group warsaw-cyber",
        by: By::Role(Role::Delegate, Some("SAFE-NETWORKS")),
    },
    Part { name: "auditor", who: "auditor", by: By::Role(Role::Auditor, None) },
    Part { name: "guest", who: "guest, who is nobody in particular", by: By::Role(Role::Guest, None) },
];

impl Part {
    /// Their account, made where it is missing; none where the scenario that has them is not there.
    pub async fn account(&self, ctx: &Ctx) -> Result<Option<Uuid>, Error> {
        match accounts::get(ctx, &Handle::Code(self.email())).await {
            Ok(held) => return stay_on(ctx, held).await.map(Some),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
        let Some(account) = self.invitation(ctx).await? else { return Ok(None) };
        Ok(Some(accounts::create(ctx, account).await?.id))
    }

    fn email(&self) -> String {
        format!("demo-{}@localhost", self.name)
    }

    /// Their account before it is made.
    async fn invitation(&self, ctx: &Ctx) -> Result<Option<Account>, Error> {
        let of = |role| Account {
            ends_at: (role == Role::Guest).then(|| end_of_stay(ctx)),
            ..Account::of(role, self.email(), format!("Demo {}", self.name.replace('_', " ")))
        };
        match self.by {
            By::Role(role, None) => Ok(Some(of(role))),
            By::Role(role, Some(code)) => {
                let organisation = there(organisations::get(ctx, &Handle::from(code)).await)?;
                Ok(organisation.map(|it| Account { organisation_id: Some(Handle::Id(it.id)), ..of(role) }))
            }
            By::Event(code) => {
                let event = there(events::get(ctx, &Handle::from(code)).await)?;
                Ok(event.map(|it| Account { event_ids: vec![Handle::Id(it.id)], ..of(Role::Secretariat) }))
            }
            By::Person(id) => {
                let Some(id) = known_person(ctx, &external(id)).await? else { return Ok(None) };
                let person = there(people::get(ctx, &Handle::Id(id)).await)?;
                Ok(person.map(|it| Account { person_id: Some(Handle::Id(it.id)), ..of(Role::Guest) }))
            }
        }
    }
}

/// What is there, or nothing where it is not, or not any more.
fn there<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound | Error::Gone) => Ok(None),
        Err(error) => Err(error),
    }
}

fn end_of_stay(ctx: &Ctx) -> Moment {
    Moment(ctx.now + GUEST_STAYS)
}

/// A guest whose time is over stays on: the demonstration is started anew because somebody wants to look at it.
async fn stay_on(ctx: &Ctx, held: Visible<Account>) -> Result<Uuid, Error> {
    if held.content.is_over(ctx.now) {
        let account = Account { ends_at: Some(end_of_stay(ctx)), ..held.content };
        accounts::replace(ctx, held.id, Expected::Any, account).await?;
    }
    Ok(held.id)
}
