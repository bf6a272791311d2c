//! Passkeys: registering them, and signing in with one (Web Authentication, Level 3).
//!
//! A passkey names its account, so nobody types an address, and whether somebody has an account here shows nowhere: a
//! sign-in that fails says the same whatever the cause, which is in the log and in the audit log. What an authenticator
//! must show is decided in `domain::access::passkey`; signatures are checked in [`signature`].
//!
//! A challenge is a row that works once, for five minutes, in the browser it was given to. Registering and taking away
//! need a sign-in of the last ten minutes.

pub mod pages;
pub mod resource;
mod signature;
mod store;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::access::{
    Resource, SignInMethod, Target, Token,
    passkey::{
        self, Asserted, ClientData, NewPasskey, Passkey, PasskeyChallenge, PasskeyFault, Passkeys, PublicKey,
        RelyingParty, counter_advances,
    },
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::DbErr;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use url::{Host, Url};
use uuid::Uuid;

use super::{Opened, app_passwords, attempts, begin, emergency, end_in, from_our_page, links, open_in, own};
use crate::{
    access::accounts,
    audit,
    config::Config,
    context::Ctx,
    db::{Allowance, Change, Tx},
    error::Error,
    http::reply::hex,
};
use store::Held;

/// How long somebody may take between asking for a challenge and having it signed.
const PATIENCE: SignedDuration = SignedDuration::from_mins(5);

/// Challenges and sign-ins asked for from one network, each: a delegation behind one address is many people.
const PER_NETWORK: Allowance = Allowance { times: 100, window: SignedDuration::from_mins(60) };

/// Sign-ins tried with one passkey from everywhere.
const PER_PASSKEY: Allowance = Allowance { times: 30, window: SignedDuration::from_mins(15) };

/// What the browser brought from the authenticator, all bytes in base64url (Web Authentication, 5.2.2).
#[derive(Debug, Clone, Deserialize)]
pub struct Shown {
    /// Which passkey.
    pub credential_id: String,
    /// What the browser did.
    pub client_data: String,
    /// What the authenticator says.
    pub authenticator_data: String,
    /// The signature of both.
    pub signature: String,
    /// Whose the authenticator says the passkey is.
    #[serde(default)]
    pub user_handle: String,
}

/// A challenge to sign in with: any passkey of this server answers it.
#[derive(Debug, Clone)]
pub struct SignInChallenge {
    /// What is to be signed.
    pub challenge: String,
    /// The host the passkey was made for.
    pub relying_party_id: String,
}

/// Why somebody is not signed in, or a passkey not registered.
enum Refusal {
    /// What was shown is not believed. The cause is not for whoever showed it.
    Fault(PasskeyFault),
    /// Something else.
    Other(Error),
}

impl From<PasskeyFault> for Refusal {
    fn from(fault: PasskeyFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        Self::Other(error.into())
    }
}

/// Whether the pages offer passkeys: browsers make them for names and not for addresses of the network.
pub fn are_offered(config: &Config) -> bool {
    Url::parse(config.public_url.as_str()).is_ok_and(|url| matches!(url.host(), Some(Host::Domain(_))))
}

/// The server as browsers know it, which follows from its public address.
fn here(config: &Config) -> Result<RelyingParty, Error> {
    let url = Url::parse(config.public_url.as_str()).map_err(Error::internal)?;
    let id = url.host_str().unwrap_or_default().to_owned();
    Ok(RelyingParty { id, origin: url.origin().ascii_serialization() })
}

/// The passkeys of whoever asks, oldest first.
pub async fn list(ctx: &Ctx) -> Result<Passkeys, Error> {
    let (_, account) = own(ctx)?;
    store::passkey_list(ctx.app.db.read(), account).await
}

/// One passkey of whoever asks.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<Passkey, Error> {
    list(ctx).await?.items.into_iter().find(|passkey| passkey.id == id).ok_or(Error::NotFound)
}

/// What a browser needs to make a passkey for whoever asks.
pub async fn begin_registration(ctx: &Ctx) -> Result<PasskeyChallenge, Error> {
    let (_, account) = own(ctx)?;
    ctx.freshly_signed_in()?;
    let connection = ctx.app.db.read();
    let account = accounts::usable(connection, account).await?.ok_or(Error::Unauthenticated)?;
    let exclude = store::credential_ids(connection, account.id).await?;
    if exclude.len() >= Passkeys::MOST {
        return Err(too_many());
    }
    let browser = ctx.browser.held.as_ref().ok_or(Error::Unauthenticated)?;
    let challenge = give(ctx, browser, Some(account.id)).await?;
    Ok(PasskeyChallenge {
        challenge,
        expires_at: ctx.now + PATIENCE,
        relying_party_id: here(&ctx.app.config)?.id,
        user_id: URL_SAFE_NO_PAD.encode(account.id.as_bytes()),
        user_name: account.content.email,
        user_display_name: account.content.name,
        algorithms: PublicKey::ALGORITHMS.to_vec(),
        exclude,
    })
}

/// Registers the passkey that the browser has had made.
///
/// # Errors
/// `Invalid`, the same for everything about it that is not believed; `SignInAgain`.
pub async fn register(ctx: &Ctx, input: NewPasskey) -> Result<Passkey, Error> {
    let (_, account) = own(ctx)?;
    ctx.freshly_signed_in()?;
    input.check()?;
    match try_register(ctx, account, input).await {
        Ok(made) => Ok(made),
        Err(Refusal::Other(error)) => Err(error),
        Err(Refusal::Fault(fault)) => {
            tracing::warn!(account.id = %account, cause = fault.as_str(), "a passkey was not registered");
            let detail = "This passkey cannot be registered. Begin again, or use another device.";
            Err(Error::invalid("/attestation_object", "passkey_refused", detail))
        }
    }
}

async fn try_register(ctx: &Ctx, account: Uuid, input: NewPasskey) -> Result<Passkey, Refusal> {
    let client = ClientData::read(&bytes(&input.client_data).ok_or(PasskeyFault::ClientData)?)?;
    take(ctx, ctx.browser.held.as_ref(), &client, Some(account)).await?;
    let object = bytes(&input.attestation_object).ok_or(PasskeyFault::AuthenticatorData)?;
    let made = passkey::registered(&client, &object, &here(&ctx.app.config)?)?;
    signature::check_key(&made.key)?;
    let tx = begin(ctx).await?;
    if store::credential_ids(tx.connection(), account).await?.len() >= Passkeys::MOST {
        return Err(too_many().into());
    }
    let made = store::passkey_insert(&tx, account, input.name, &made).await?.ok_or(PasskeyFault::Unknown)?;
    record(&tx, "account.passkey_registered", account, made.id).await?;
    tx.commit().await?;
    Ok(made)
}

/// Takes one of one's own passkeys away. The last one stays where there is no other way to sign in.
pub async fn delete(ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    let (_, account) = own(ctx)?;
    ctx.freshly_signed_in()?;
    let tx = begin(ctx).await?;
    if !store::passkey_delete(&tx, account, id).await? {
        return Err(Error::NotFound);
    }
    if !another_way_in(ctx, &tx, account).await? {
        let detail = "This passkey is your only way to sign in. Register another one first, or ask an administrator.";
        return Err(Error::conflict("only_way_in", detail));
    }
    record(&tx, "account.passkey_deleted", account, id).await?;
    tx.commit().await
}

/// Takes all passkeys and app passwords of an account away and signs its browsers out: a device is lost, or the account has passed to
/// somebody else. For administrators.
pub async fn delete_of_account(ctx: &Ctx, account: Uuid) -> Result<(), Error> {
    let permit = ctx.actor.permit(Resource::Keys, Target::default())?;
    accounts::get(ctx, &account.into()).await?;
    let tx = ctx.write(permit).await?;
    forget(&tx, account).await?;
    app_passwords::forget(&tx, account).await?;
    end_in(&tx, account).await?;
    tx.commit().await
}

/// Takes all passkeys of an account away, in the transaction that is why.
pub(in crate::access) async fn forget(tx: &Tx, account: Uuid) -> Result<(), Error> {
    for id in store::passkeys_delete(tx, account).await? {
        record(tx, "account.passkey_deleted", account, id).await?;
    }
    Ok(())
}

/// Whether somebody could still sign in without the passkey that was just taken away.
async fn another_way_in(ctx: &Ctx, tx: &Tx, id: Uuid) -> Result<bool, Error> {
    let (config, connection) = (&ctx.app.config, tx.connection());
    let account = accounts::usable(connection, id).await?.ok_or(Error::Unauthenticated)?.content;
    let mailed = links::are_mailed(config) && links::are_for(config, account.role);
    if mailed || links::are_demo(config) || !store::credential_ids(connection, id).await?.is_empty() {
        return Ok(true);
    }
    let issuers: Vec<_> = config.oidc.0.iter().map(|provider| provider.issuer.as_str()).collect();
    let known = account.invited || store::is_known_to(connection, id, &issuers).await?;
    Ok(!issuers.is_empty() && known || emergency::is_for(connection, id).await?)
}

/// A challenge to sign in with, for this browser.
pub async fn ask(ctx: &Ctx) -> Result<SignInChallenge, Error> {
    from_our_page(ctx)?;
    let Some(browser) = &ctx.browser.mark else { return Err(no_mark()) };
    attempts::by_network(ctx, "passkey-challenge", PER_NETWORK).await?;
    let challenge = give(ctx, browser, None).await?;
    Ok(SignInChallenge { challenge, relying_party_id: here(&ctx.app.config)?.id })
}

/// Signs in with a passkey.
///
/// # Errors
/// `Forbidden`, the same whatever was wrong; `TooOften`.
pub async fn open(ctx: &Ctx, shown: &Shown) -> Result<Opened, Error> {
    from_our_page(ctx)?;
    attempts::by_network(ctx, "passkey", PER_NETWORK).await?;
    attempts::by_address(ctx, "passkey", &shown.credential_id, PER_PASSKEY).await?;
    let held = store::passkey_by_credential(ctx.app.db.read(), &shown.credential_id).await?;
    match try_open(ctx, shown, held.as_ref()).await {
        Ok(opened) => Ok(opened),
        Err(Refusal::Other(error)) => Err(error),
        Err(Refusal::Fault(fault)) => {
            note_refusal(ctx, held.as_ref(), fault).await?;
            let detail = "This passkey did not sign you in. Begin again at /sign-in, or choose another way there.";
            Err(Error::Forbidden(detail.to_owned()))
        }
    }
}

async fn try_open(ctx: &Ctx, shown: &Shown, held: Option<&Held>) -> Result<Opened, Refusal> {
    let client_data = bytes(&shown.client_data).ok_or(PasskeyFault::ClientData)?;
    let client = ClientData::read(&client_data)?;
    // Whatever comes of it, the challenge is used up.
    take(ctx, ctx.browser.mark.as_ref(), &client, None).await?;
    let held = held.ok_or(PasskeyFault::Unknown)?;
    let said = bytes(&shown.authenticator_data).ok_or(PasskeyFault::AuthenticatorData)?;
    let asserted = passkey::asserted(&client, &client_data, &said, &here(&ctx.app.config)?)?;
    believe(shown, held, &asserted)?;
    let tx = begin(ctx).await?;
    // Two answers with one count at the same moment: the second finds the first one's count, or the passkey gone.
    if !store::passkey_used(&tx, held.id, asserted.sign_count).await? {
        return Err(PasskeyFault::Counter.into());
    }
    let opened = match open_in(ctx, &tx, held.account, SignInMethod::Passkey).await {
        Err(Error::Forbidden(_)) => return Err(PasskeyFault::Account.into()),
        opened => opened?,
    };
    tx.commit().await?;
    Ok(opened)
}

/// Holds what was shown to the passkey as it was registered (Web Authentication, 7.2, steps 6 and 18 to 22).
fn believe(shown: &Shown, held: &Held, asserted: &Asserted) -> Result<(), PasskeyFault> {
    if bytes(&shown.user_handle).as_deref() != Some(held.account.as_bytes().as_slice()) {
        return Err(PasskeyFault::OtherAccount);
    }
    let signature = bytes(&shown.signature).ok_or(PasskeyFault::Signature)?;
    let key = PublicKey::read(&bytes(&held.public_key).ok_or(PasskeyFault::PublicKey)?)?;
    signature::check(&key, &asserted.signed, &signature)?;
    if asserted.backup_eligible != held.backup_eligible {
        return Err(PasskeyFault::Backup);
    }
    if !counter_advances(held.sign_count, asserted.sign_count) {
        return Err(PasskeyFault::Counter);
    }
    Ok(())
}

/// Notes a refused sign-in: with the account, where the passkey is one of ours.
async fn note_refusal(ctx: &Ctx, held: Option<&Held>, fault: PasskeyFault) -> Result<(), Error> {
    tracing::warn!(cause = fault.as_str(), "a sign-in with a passkey was refused");
    let Some(held) = held else {
        let detail = json!({"method": SignInMethod::Passkey, "refusal": fault});
        return audit::note(ctx, "sign_in.refused", Uuid::nil(), detail).await;
    };
    let tx = begin(ctx).await?;
    let version = accounts::version(tx.connection(), held.account).await?;
    let diff = json!({"method": SignInMethod::Passkey, "refusal": fault, "passkey_id": held.id});
    tx.record(Change { diff, ..Change::new("account.sign_in_refused", held.account, version) });
    tx.commit().await
}

async fn record(tx: &Tx, kind: &'static str, account: Uuid, id: Uuid) -> Result<(), Error> {
    let version = accounts::version(tx.connection(), account).await?;
    // Deleting a passkey deletes no account.
    tx.record(Change { deleted: false, diff: json!({ "passkey_id": id }), ..Change::new(kind, account, version) });
    Ok(())
}

/// Gives a browser a challenge, for `account` to have a passkey made or for anybody to sign in.
async fn give(ctx: &Ctx, browser: &Token, account: Option<Uuid>) -> Result<String, Error> {
    let challenge = URL_SAFE_NO_PAD.encode(ctx.app.entropy.bytes::<32>()?);
    let ends: Timestamp = ctx.now + PATIENCE;
    let tx = begin(ctx).await?;
    store::challenges_expire(&tx).await?;
    store::challenge_insert(&tx, hash(&challenge), browser.hash(), account, ends).await?;
    tx.commit().await?;
    Ok(challenge)
}

/// Uses up the challenge that was signed. Only the browser it was given to finds it, and only for what it was given.
async fn take(ctx: &Ctx, browser: Option<&Token>, client: &ClientData, account: Option<Uuid>) -> Result<(), Refusal> {
    let browser = browser.ok_or(PasskeyFault::Challenge)?;
    let tx = begin(ctx).await?;
    let taken = store::challenge_take(&tx, &hash(client.challenge()), &browser.hash()).await?;
    tx.commit().await?;
    let fits = taken.is_some_and(|taken| taken.account == account && taken.ends > ctx.now);
    if fits { Ok(()) } else { Err(PasskeyFault::Challenge.into()) }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn hash(challenge: &str) -> String {
    hex(&Sha256::digest(challenge.as_bytes()))
}

fn too_many() -> Error {
    let detail = format!("You have {} passkeys, which is as many as there can be. Delete one first.", Passkeys::MOST);
    Error::conflict("too_many_passkeys", detail)
}

fn no_mark() -> Error {
    Error::Forbidden("Open /sign-in in this browser first, and begin there.".to_owned())
}
