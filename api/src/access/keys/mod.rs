//! API keys. A key never changes: it is made, used, replaced by one like it, and revoked. Making and looking at them is for administrators,
//! looking also for auditors; nobody hands out more than they have.

pub mod resource;
mod rotation;
mod store;

use std::net::IpAddr;

use domain::{
    access::{
        Account, AccountState, Actor, IssuedKey, Key, Limit, Narrowing, Network, NewKey, Offices, Principal, Resource,
        Role, Scope, Standing, TOKEN_BYTES, Target, Tlp, Token, TokenKind,
    },
    identifier::Handle,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::{
    accounts::{self, account_limit},
    know_limits, known_organisation,
};
use crate::{
    context::{App, Ctx},
    db::{Change, Expected, Page, Paging, Tx, Visible, from_chrono, from_chrono_opt, from_json, to_json},
    error::Error,
};
pub use rotation::{lineage, rotate};
use store::{EVENT, GROUP};
pub use store::{HeldKey, to_account};

/// How exactly the last use of a key is known; a busy key is not a write on every request.
const LAST_USE: SignedDuration = SignedDuration::from_hours(1);

/// Who holds `token`, shown from `address`. Unknown, mistyped, expired and revoked keys, those of accounts that may no
/// longer have them, and those that do not work from there get the same answer.
pub async fn authenticate(app: &App, token: &str, address: Option<IpAddr>, now: Timestamp) -> Result<Actor, Error> {
    let token = Token::parse(TokenKind::Key, token).ok_or(Error::Unauthenticated)?;
    let held = store::key_in_use(app.db.read(), token.id(), now).await?;
    let matches = token.matches(held.as_ref().map_or("", |held| &held.key.secret_hash));
    let held = held.filter(|_| matches).ok_or(Error::Unauthenticated)?;
    if !works_from(held.key.networks.clone(), address)? {
        return Err(Error::Unauthenticated);
    }
    let actor = held.holder(now)?.ok_or(Error::Unauthenticated)?;
    if from_chrono_opt(held.key.last_used_at).is_none_or(|last| now.duration_since(last) > LAST_USE) {
        app.db.key_used(held.key.id, now).await?;
    }
    Ok(actor)
}

/// The key somebody has shown that opens nothing any more, and why; nothing for what never was a key.
pub async fn refused(
    app: &App,
    token: &str,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Option<(Uuid, &'static str)>, Error> {
    let Some(token) = Token::parse(TokenKind::Key, token) else { return Ok(None) };
    let known = store::key_refused(app.db.read(), token.id()).await?;
    let matches = token.matches(known.as_ref().map_or("", |key| &key.secret_hash));
    let Some(key) = known.filter(|_| matches) else { return Ok(None) };
    let reason = match (key.deleted_at, from_chrono(key.expires_at) <= now) {
        (Some(_), _) => "revoked",
        (None, true) => "expired",
        (None, false) if !works_from(key.networks, address)? => "network",
        (None, false) => "account",
    };
    Ok(Some((key.id, reason)))
}

/// Whether a key may be used from there. One that is tied to networks does not work from nowhere.
fn works_from(networks: Value, address: Option<IpAddr>) -> Result<bool, Error> {
    let networks: Vec<Network> = from_json(networks)?;
    Ok(networks.is_empty() || address.is_some_and(|address| networks.iter().any(|net| net.contains(address))))
}

impl HeldKey {
    /// Who holds the key, with the rights of this moment; nobody once it was revoked or has expired, or while its
    /// account may not have it. What is stored and not understood opens nothing.
    pub fn holder(&self, now: Timestamp) -> Result<Option<Actor>, Error> {
        let key = &self.key;
        if key.deleted_at.is_some() || from_chrono(key.expires_at) <= now {
            return Ok(None);
        }
        let (Some(narrowing), Some(standing)) = (self.narrowing()?, self.standing()?) else { return Ok(None) };
        let principal = Principal::Key { id: key.id, name: key.name.clone() };
        Ok(Actor::of_account(principal, standing, now).and_then(|owner| owner.narrowed(narrowing)))
    }

    fn narrowing(&self) -> Result<Option<Narrowing>, Error> {
        let key = &self.key;
        let (Some(role), Some(ceiling)) = (Role::parse(&key.role), Tlp::parse(&key.tlp_ceiling)) else {
            return Ok(None);
        };
        let of = |kind: &'static str| {
            self.limits.iter().filter(move |limit| limit.kind == kind).map(|limit| limit.object_id)
        };
        Ok(Some(Narrowing {
            role,
            scopes: from_json::<Vec<Scope>>(key.scopes.clone())?,
            limit: Limit::of(of(EVENT), of(GROUP)),
            organisation: key.organisation_id.map(Into::into),
            ceiling,
        }))
    }

    /// What the account may do; nothing once it was deleted.
    fn standing(&self) -> Result<Option<Standing>, Error> {
        let account = &self.account;
        let state = AccountState::parse(&account.state).filter(|_| account.deleted_at.is_none());
        let Some((role, state)) = Role::parse(&account.role).zip(state) else { return Ok(None) };
        Ok(Some(Standing {
            role,
            state,
            limit: account_limit(account)?,
            organisation: account.organisation_id.map(Into::into),
            // An office is not held through a key.
            offices: Offices::default(),
            ends_at: from_chrono_opt(account.ends_at),
        }))
    }
}

/// One page of the keys, oldest first.
pub async fn list(ctx: &Ctx, paging: &Paging) -> Result<Page<Visible<Key>>, Error> {
    store::key_list(ctx.read(Resource::Keys)?, paging, ctx.now).await
}

/// One key.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<Visible<Key>, Error> {
    store::key_find(ctx.read(Resource::Keys)?, id, ctx.now).await
}

/// Makes a key. Only this answer holds its secret.
pub async fn create(ctx: &Ctx, input: NewKey) -> Result<Visible<IssuedKey>, Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    ctx.freshly_signed_in()?;
    input.check()?;
    may_hand_out(ctx, &input.scopes, input.tlp_ceiling)?;
    let mut input = resolved(ctx, input).await?;
    let token = Token::generate(TokenKind::Key, &ctx.app.entropy.bytes::<TOKEN_BYTES>()?);
    let tx = ctx.write(permit).await?;
    let owner = owner(&tx, ctx, &input).await?;
    input.owner_id = Some(Handle::Id(owner));
    let made = store::key_insert(&tx, &input, owner, &token, None).await?;
    tx.record(Change {
        organisation: made.content.organisation_id,
        diff: to_json(&input)?,
        ..Change::new("key.created", made.id, made.version)
    });
    tx.commit().await?;
    Ok(made.map(|key| IssuedKey { key, secret: token.secret() }))
}

/// Refuses who would hand out more than it has.
fn may_hand_out(ctx: &Ctx, scopes: &[Scope], ceiling: Tlp) -> Result<(), Error> {
    if ctx.actor.may_hand_out(scopes, ceiling) {
        return Ok(());
    }
    let detail = "This key is narrowed to scopes or to a TLP ceiling; narrow the key it makes as far or further.";
    Err(Error::Forbidden(detail.to_owned()))
}

/// Takes a key out of use, at once and for good.
pub async fn revoke(ctx: &Ctx, id: Uuid, expected: Expected) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    let current = get(ctx, id).await?;
    expected.check_object(&current)?;
    let tx = ctx.write(permit).await?;
    let version = store::key_delete(&tx, &current).await?;
    tx.record(Change {
        organisation: current.content.organisation_id,
        ..Change::new("key.deleted", current.id, version)
    });
    tx.commit().await
}

/// The id of the key somebody names by its prefix.
pub async fn id_by_prefix(ctx: &Ctx, written: &str) -> Result<Uuid, Error> {
    let connection = ctx.read(Resource::Keys)?;
    let held = store::key_by_prefix(connection, Token::id_in(TokenKind::Key, written)).await?;
    held.map(|held| held.key.id).ok_or(Error::NotFound)
}

/// The input with what it refers to by id. What it is limited to is the maker's to see, so nothing is given away.
async fn resolved(ctx: &Ctx, mut input: NewKey) -> Result<NewKey, Error> {
    let connection = ctx.read(Resource::Keys)?;
    know_limits(connection, &ctx.actor, &mut input.event_ids, &mut input.group_ids).await?;
    if let Some(organisation) = &mut input.organisation_id {
        *organisation = known_organisation(connection, organisation).await?;
    }
    Ok(input)
}

/// The account the key will belong to, which must be one that may have it: the one named, else that of the key or of
/// the person making it, else that of the server's operator.
async fn owner(tx: &Tx, ctx: &Ctx, input: &NewKey) -> Result<Uuid, Error> {
    let account = match (&input.owner_id, &ctx.actor.principal) {
        (Some(named), _) => named_account(ctx, named).await?,
        (None, Principal::Key { id, .. }) => {
            let own = get(ctx, *id).await?.content.owner_id;
            accounts::get(ctx, &Handle::Id(own)).await?
        }
        (None, Principal::Session { account, .. }) => accounts::get(ctx, &Handle::Id(*account)).await?,
        (None, _) => accounts::operator(tx).await?,
    };
    let Account { role, state, organisation_id, .. } = &account.content;
    let same = *role == Role::Admin || *organisation_id == input.organisation_id;
    if *state != AccountState::Active || !role.includes(input.role) || !same {
        let detail = "The account must be active, its role must include that of the key, and a delegate's account must \
                      act for the organisation of the key.";
        return Err(Error::invalid("/owner_id", "owner_may_not", detail));
    }
    Ok(account.id)
}

async fn named_account(ctx: &Ctx, handle: &Handle) -> Result<Visible<Account>, Error> {
    match accounts::get(ctx, handle).await {
        Err(Error::NotFound | Error::Gone) => {
            let detail = "Name an existing account by id or e-mail address.";
            Err(Error::invalid("/owner_id", "unknown_account", detail))
        }
        account => account,
    }
}
