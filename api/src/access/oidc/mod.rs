//! Signing in through a provider of identities: OpenID Connect, authorization code with PKCE (RFC 9700, 2.1).
//!
//! A sign-in begins here, goes on at the provider and is finished here, in the same browser and within ten minutes.
//! What is believed of a token is decided in `domain::access::oidc`. A person is known by issuer and subject; an e-mail
//! address links nobody unless an administrator has invited the account and the provider vouches for the address.

mod fetch;
pub mod pages;
mod provider;
mod refusal;
mod store;
mod token;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::access::{
    Account, ReturnTo, SignInMethod, Token,
    oidc::{Expected, IdClaims, LinkRefusal, LogoutClaims, Typ, after_sign_in, may_link},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{accounts, sign_in};
use crate::{audit, context::Ctx, db::Visible, error::Error};
use provider::Provider;
pub use provider::Providers;
pub use refusal::Refusal;
use store::Identity;

/// How long somebody may take at the provider.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// A sign-in that has begun.
struct Attempt {
    browser_hash: String,
    provider: String,
    nonce: String,
    verifier: String,
    return_to: String,
    expires_at: Timestamp,
}

/// What the browser brought back from the provider (RFC 6749, 4.1.2; RFC 9207, 2).
#[derive(Debug, Default)]
pub struct Answer {
    /// Names the sign-in.
    pub state: String,
    /// Stands for the token.
    pub code: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// Who answers.
    pub iss: Option<String>,
}

/// Somebody who has shown who they are.
#[derive(Debug)]
pub struct SignedIn {
    /// What the browser gets as its cookie.
    pub token: Token,
    /// The page they wanted.
    pub return_to: ReturnTo,
}

/// Begins a sign-in in this browser; gives the provider's name and the address to go to.
pub async fn begin(
    ctx: &Ctx,
    providers: &Providers,
    code: &str,
    return_to: &ReturnTo,
) -> Result<(String, String), Refusal> {
    let provider = providers.find(code).ok_or(Error::NotFound)?;
    let browser_hash = browser_hash(ctx)?;
    let published = provider.published(ctx.now).await?;
    let (state, nonce, verifier) = (random(ctx)?, random(ctx)?, random(ctx)?);
    let address = published.metadata.authorization_address(&[
        ("response_type", "code"),
        ("client_id", &provider.config.client_id),
        ("redirect_uri", &redirect_address(ctx, code)),
        ("scope", &provider.config.scopes.join(" ")),
        ("state", &state),
        ("nonce", &nonce),
        ("code_challenge", &hash(&verifier)),
        ("code_challenge_method", "S256"),
    ])?;
    let attempt = Attempt {
        browser_hash,
        provider: code.to_owned(),
        nonce,
        verifier,
        return_to: return_to.to_string(),
        expires_at: ctx.now + PATIENCE,
    };
    let tx = sign_in::begin(ctx).await?;
    store::attempts_expire(&tx).await?;
    store::attempt_insert(&tx, hash(&state), attempt).await?;
    tx.commit().await?;
    Ok((provider.config.name.clone(), address))
}

/// Finishes the sign-in that `answer` names, in the browser it began in. Whatever comes of it, it cannot be tried again,
/// and is in the audit log.
pub async fn finish(ctx: &Ctx, providers: &Providers, code: &str, answer: &Answer) -> Result<SignedIn, Refusal> {
    let provider = providers.find(code).ok_or(Error::NotFound)?;
    let attempt = take(ctx, code, &answer.state).await?;
    let outcome = settle_attempt(ctx, provider, attempt, answer).await;
    if let Err(refusal) = &outcome
        && !matches!(refusal, Refusal::Other(_) | Refusal::Unreachable)
    {
        // The words hold nothing that came from the request or the provider.
        let detail = json!({"provider": code, "refusal": refusal.to_string()});
        audit::note(ctx, "sign_in.refused", Uuid::nil(), detail).await?;
    }
    outcome
}

async fn settle_attempt(
    ctx: &Ctx,
    provider: &Provider,
    attempt: Attempt,
    answer: &Answer,
) -> Result<SignedIn, Refusal> {
    check_issuer(ctx, provider, answer.iss.as_deref()).await?;
    let granted = match (&answer.code, &answer.error) {
        (Some(granted), None) => granted,
        (_, error) => return Err(Refusal::Declined(error.clone().unwrap_or_else(|| "no code".to_owned()))),
    };
    let redirect = redirect_address(ctx, &provider.config.code);
    let token = provider.id_token(granted, &attempt.verifier, &redirect, ctx.now).await?;
    let claims: IdClaims = provider.proven(&token, Typ::IdToken, ctx.now).await?;
    let (issuer, client_id) = (provider.config.issuer.as_str(), provider.config.client_id.as_str());
    claims.check(&Expected { issuer, client_id, nonce: &attempt.nonce, now: ctx.now })?;
    let identity = settle(ctx, provider, &claims).await?;
    let tx = sign_in::begin(ctx).await?;
    let opened = sign_in::open_in(ctx, &tx, identity.account, SignInMethod::OpenidConnect).await?;
    store::provider_sign_in_insert(&tx, opened.id, identity.id, claims.sid).await?;
    tx.commit().await?;
    Ok(SignedIn { token: opened.token, return_to: ReturnTo::parse(&attempt.return_to) })
}

/// Ends the sign-ins that the provider has ended (OpenID Connect Back-Channel Logout 1.0, 2.6). One that names nobody we
/// know is carried out as well: there is nothing to do.
pub async fn end(ctx: &Ctx, providers: &Providers, code: &str, token: &str) -> Result<(), Refusal> {
    let provider = providers.find(code).ok_or(Error::NotFound)?;
    let claims: LogoutClaims = provider.proven(token, Typ::LogoutToken, ctx.now).await?;
    let ended = claims.check(&provider.config.issuer, &provider.config.client_id, ctx.now)?;
    let tx = sign_in::begin(ctx).await?;
    let mut accounts = store::provider_sign_ins_end(&tx, &provider.config.issuer, &ended).await?;
    accounts.sort_unstable();
    for signed_out in accounts.chunk_by(|one, other| one == other) {
        sign_in::record_end(&tx, signed_out[0], signed_out.len() as u64).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The attempt, which is gone afterwards.
async fn take(ctx: &Ctx, code: &str, state: &str) -> Result<Attempt, Refusal> {
    let browser_hash = browser_hash(ctx)?;
    let tx = sign_in::begin(ctx).await?;
    let attempt = store::attempt_take(&tx, &hash(state), &browser_hash).await?;
    tx.commit().await?;
    attempt.filter(|attempt| attempt.provider == code && attempt.expires_at > ctx.now).ok_or(Refusal::NoAttempt)
}

/// What tells this browser from others. Every page with a form has given it the cookie, so what is sent without one is not
/// from our pages, or not from the browser that began.
fn browser_hash(ctx: &Ctx) -> Result<String, Refusal> {
    ctx.browser.mark.as_ref().map(Token::hash).ok_or(Refusal::NoAttempt)
}

/// An answer that names its issuer must name the right one, and must name it if the provider says that it does: else
/// a code of one provider could be handed to another (RFC 9207, 2.4).
async fn check_issuer(ctx: &Ctx, provider: &Provider, iss: Option<&str>) -> Result<(), Refusal> {
    let promised = provider.published(ctx.now).await?.metadata.authorization_response_iss_parameter_supported;
    match iss {
        Some(iss) if iss == provider.config.issuer => Ok(()),
        None if !promised => Ok(()),
        _ => Err(Refusal::OtherIssuer),
    }
}

/// Finds the account that a person of the provider is, or links it, with the role that the person has from now on.
async fn settle(ctx: &Ctx, provider: &Provider, claims: &IdClaims) -> Result<Identity, Refusal> {
    let (connection, issuer) = (ctx.app.db.read(), &provider.config.issuer);
    let known = store::identity_find(connection, issuer, &claims.sub).await?;
    let held = match &known {
        Some(identity) => accounts::usable(connection, identity.account).await?.ok_or(Refusal::Disabled)?,
        None => invited(ctx, claims).await?,
    };
    let groups = claims.groups(&provider.config.groups_claim);
    let mut after = after_sign_in(&held.content, &groups, &provider.config.roles, ctx.now);
    if after.ends_at.is_some_and(|end| end.0 <= ctx.now) {
        return Err(Refusal::Disabled);
    }
    if let Some(identity) = known {
        // An invitation is for somebody else, who takes this person's place.
        after.invited = held.content.invited;
        if after != held.content {
            let tx = sign_in::begin(ctx).await?;
            accounts::follow_provider(&tx, &held, &after).await?;
            tx.commit().await?;
        }
        return Ok(identity);
    }
    let tx = sign_in::begin(ctx).await?;
    accounts::follow_provider(&tx, &held, &after).await?;
    // The account may have been somebody else's before, and that person's passkeys would still open it.
    sign_in::passkeys::forget(&tx, held.id).await?;
    sign_in::app_passwords::forget(&tx, held.id).await?;
    let identity = store::identity_insert(&tx, issuer, &claims.sub, held.id).await?;
    tx.commit().await?;
    Ok(identity)
}

/// The account that waits for the address the provider vouches for.
async fn invited(ctx: &Ctx, claims: &IdClaims) -> Result<Visible<Account>, Refusal> {
    let email = claims.verified_email().ok_or(Refusal::Unknown(LinkRefusal::NotVerified))?;
    let account = accounts::usable_by_address(ctx.app.db.read(), email).await?;
    let account = account.ok_or(Refusal::Unknown(LinkRefusal::NoAccount))?;
    may_link(&account.content, email).map_err(Refusal::Unknown)?;
    Ok(account)
}

fn redirect_address(ctx: &Ctx, code: &str) -> String {
    format!("{}/sign-in/oidc/{code}/callback", ctx.app.config.public_url)
}

/// 256 random bits that fit into an address.
fn random(ctx: &Ctx) -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(ctx.app.entropy.bytes::<32>()?))
}

/// SHA-256, as PKCE writes it (RFC 7636, 4.2).
fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}
