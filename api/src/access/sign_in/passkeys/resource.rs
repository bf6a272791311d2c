//! `/me/passkeys`: the passkeys of whoever is signed in. Signing in with one is on the pages.

use domain::access::passkey::{NewPasskey, Passkey, PasskeyChallenge, Passkeys};
use poem_openapi::{OpenApi, param::Path};
use uuid::Uuid;

use crate::{
    context::Ctx,
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Created, Done, Listed},
    },
};

/// The operations on passkeys.
#[derive(Debug)]
pub struct OwnPasskeys;

#[OpenApi(tag = "Tag::SignIns")]
impl OwnPasskeys {
    /// Show my passkeys
    ///
    /// Those of the account, oldest first. A key has none.
    #[oai(path = "/me/passkeys", method = "get", operation_id = "get_my_passkeys")]
    async fn list(&self, ctx: Ctx) -> Result<Listed<Passkeys>, Error> {
        Listed::computed(&ctx, &super::list(&ctx).await?)
    }

    /// Begin to register a passkey
    ///
    /// What a page hands to `navigator.credentials.create`, with user verification, a discoverable credential and
    /// attestation `none`. The challenge works once, for five minutes, in this browser. Needs a sign-in of the last ten
    /// minutes.
    #[oai(path = "/me/passkey-challenges", method = "post", operation_id = "begin_my_passkey")]
    async fn begin(&self, ctx: Ctx) -> Result<Listed<PasskeyChallenge>, Error> {
        Ok(Listed::computed(&ctx, &super::begin_registration(&ctx).await?)?.not_to_be_kept())
    }

    /// Register a passkey
    ///
    /// With what the browser gave for the challenge. Why a passkey was refused is in the log only. Needs a sign-in of
    /// the last ten minutes.
    #[oai(path = "/me/passkeys", method = "post", operation_id = "register_my_passkey")]
    async fn register(&self, ctx: Ctx, body: Body<NewPasskey>) -> Result<Created<Passkey>, Error> {
        let made = super::register(&ctx, body.0).await?;
        Created::at(&ctx, &format!("/me/passkeys/{}", made.id), &made, "1".to_owned())
    }

    /// Show one of my passkeys
    ///
    /// Its name, and when it was registered and used.
    #[oai(path = "/me/passkeys/:id", method = "get", operation_id = "get_my_passkey")]
    async fn get(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Listed<Passkey>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, id.0).await?)
    }

    /// Delete one of my passkeys
    ///
    /// It signs nobody in from now on, on any instance. The last one stays where the account has no other way in. Needs
    /// a sign-in of the last ten minutes.
    #[oai(path = "/me/passkeys/:id", method = "delete", operation_id = "delete_my_passkey")]
    async fn delete(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Done, Error> {
        super::delete(&ctx, id.0).await?;
        Ok(Done)
    }

    /// Delete the passkeys of an account
    ///
    /// All of them and its app passwords, and its browsers are signed out: for a device that is lost, and for an account that passes to
    /// somebody else. For administrators.
    #[oai(path = "/accounts/:id/passkeys", method = "delete", operation_id = "delete_account_passkeys")]
    async fn delete_of_account(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Done, Error> {
        super::delete_of_account(&ctx, id.0).await?;
        Ok(Done)
    }
}
