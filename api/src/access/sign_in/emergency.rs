//! Emergency accounts: administrators with a password, for the day on which no provider and no mail answers.
//!
//! Only the command line makes them and sets their passwords, which are kept as Argon2id (RFC 9106). There are none on a
//! fresh server, and without one there is no page for them. Every use is in the audit log, and so is every wrong password.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::access::{Account, Principal, Role, SignInMethod};
use jiff::SignedDuration;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Opened, attempts, begin, end_in, from_our_page, open_in, store};
use crate::{
    access::accounts,
    context::Ctx,
    db::{Allowance, Change, Visible},
    error::Error,
};

/// Characters of a password at least (ASVS 5.0, 6.2.1 asks for 15 where it is the only proof), and at most.
const LENGTH: std::ops::RangeInclusive<usize> = 15..=200;

/// Passwords tried from one network.
const PER_NETWORK: Allowance = Allowance { times: 10, window: SignedDuration::from_mins(15) };

/// Passwords tried on one address from everywhere.
const PER_ADDRESS: Allowance = Allowance { times: 30, window: SignedDuration::from_mins(15) };

/// A password nobody has, so that trying an address nobody has takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether there is an emergency account that can be used.
pub async fn exists(ctx: &Ctx) -> Result<bool, Error> {
    store::password_exists(ctx.app.db.read()).await
}

/// Whether the account has a password.
pub(super) async fn is_for(connection: &impl ConnectionTrait, account: Uuid) -> Result<bool, Error> {
    Ok(store::password_find(connection, account).await?.is_some())
}

/// Makes an emergency account. For the command line.
pub async fn create(ctx: &Ctx, email: String, name: String, password: String) -> Result<Visible<Account>, Error> {
    on_the_host(ctx)?;
    check(&password)?;
    let made = accounts::create(ctx, Account::of(Role::Admin, email, name)).await?;
    set(ctx, &made, password).await?;
    Ok(made)
}

/// Gives an emergency account another password, or an administrator's account its first; its browsers are signed out. For
/// the command line.
pub async fn set_password(ctx: &Ctx, address: &str, password: String) -> Result<(), Error> {
    on_the_host(ctx)?;
    check(&password)?;
    let account = accounts::get(ctx, &address.into()).await?;
    if account.content.role != Role::Admin {
        let detail = "Only an administrator's account can have a password: it is for emergencies.";
        return Err(Error::Forbidden(detail.to_owned()));
    }
    set(ctx, &account, password).await
}

async fn set(ctx: &Ctx, account: &Visible<Account>, password: String) -> Result<(), Error> {
    let salt = ctx.app.entropy.bytes::<16>()?;
    let hash = blocking(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
    })
    .await??;
    let tx = begin(ctx).await?;
    accounts::refuse_taking_over(&tx, account.id).await?;
    store::password_put(&tx, account.id, hash).await?;
    tx.record(Change::new("account.password_set", account.id, account.version));
    end_in(&tx, account.id).await?;
    tx.commit().await
}

/// Signs in by password.
///
/// # Errors
/// `Forbidden`, the same for an unknown address and a wrong password; `TooOften`.
pub async fn open(ctx: &Ctx, address: &str, password: String) -> Result<Opened, Error> {
    if !exists(ctx).await? {
        return Err(Error::NotFound);
    }
    from_our_page(ctx)?;
    attempts::by_network(ctx, "emergency", PER_NETWORK).await?;
    attempts::by_address(ctx, "emergency", address, PER_ADDRESS).await?;
    let connection = ctx.app.db.read();
    let account = accounts::usable_by_address(connection, address.trim()).await?;
    let account = account.filter(|account| account.content.role == Role::Admin);
    let hash = match &account {
        Some(account) => store::password_find(connection, account.id).await?,
        None => None,
    };
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let right = blocking(move || fits(&password, &hash)).await? && known;
    match account.filter(|_| known) {
        Some(account) if right => sign_in(ctx, account.id).await,
        Some(account) => refused(ctx, &account).await,
        None => Err(wrong()),
    }
}

async fn sign_in(ctx: &Ctx, account: Uuid) -> Result<Opened, Error> {
    tracing::warn!(account.id = %account, "an emergency account was signed in to");
    let tx = begin(ctx).await?;
    let opened = open_in(ctx, &tx, account, SignInMethod::Emergency).await?;
    tx.commit().await?;
    Ok(opened)
}

async fn refused(ctx: &Ctx, account: &Visible<Account>) -> Result<Opened, Error> {
    let tx = begin(ctx).await?;
    let diff = json!({"method": SignInMethod::Emergency});
    tx.record(Change { diff, ..Change::new("account.sign_in_refused", account.id, account.version) });
    tx.commit().await?;
    Err(wrong())
}

fn fits(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Argon2 takes its time, and requests of others do not wait for it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

fn check(password: &str) -> Result<(), Error> {
    if LENGTH.contains(&password.chars().count()) {
        return Ok(());
    }
    Err(Error::invalid("password", "length", "A password has 15 to 200 characters. Several words are easy to type."))
}

fn on_the_host(ctx: &Ctx) -> Result<(), Error> {
    match ctx.actor.principal {
        Principal::Console => Ok(()),
        _ => Err(Error::Forbidden("Passwords are set on the host: plenum account password".to_owned())),
    }
}

fn wrong() -> Error {
    Error::Forbidden("The address and the password do not belong together.".to_owned())
}
