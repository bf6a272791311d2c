//! `/me/app-passwords`: the app passwords of whoever is signed in.

use domain::access::{AppPassword, AppPasswords, IssuedAppPassword, NewAppPassword};
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

/// The operations on app passwords.
#[derive(Debug)]
pub struct OwnAppPasswords;

#[OpenApi(tag = "Tag::SignIns")]
impl OwnAppPasswords {
    /// Show my app passwords
    ///
    /// Those of the account, oldest first, with when each was last used and by which program. A key has none.
    #[oai(path = "/me/app-passwords", method = "get", operation_id = "get_my_app_passwords")]
    async fn list(&self, ctx: Ctx) -> Result<Listed<AppPasswords>, Error> {
        Listed::computed(&ctx, &super::list(&ctx).await?)
    }

    /// Show one of my app passwords
    ///
    /// Its name, and when it was made and used. The password itself is not kept.
    #[oai(path = "/me/app-passwords/:id", method = "get", operation_id = "get_my_app_password")]
    async fn get(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Listed<AppPassword>, Error> {
        Listed::computed(&ctx, &super::get(&ctx, id.0).await?)
    }

    /// Make an app password
    ///
    /// For one program on one device, which reads with it by CalDAV the calendars that you have subscribed to and does
    /// nothing else. The answer holds the password: this once, and nowhere afterwards. Needs a sign-in of the last ten
    /// minutes.
    #[oai(path = "/me/app-passwords", method = "post", operation_id = "create_my_app_password")]
    async fn create(&self, ctx: Ctx, body: Body<NewAppPassword>) -> Result<Created<IssuedAppPassword>, Error> {
        let made = super::create(&ctx, body.0).await?;
        let location = format!("/me/app-passwords/{}", made.app_password.id);
        Ok(Created::at(&ctx, &location, &made, "1".to_owned())?.not_to_be_kept())
    }

    /// Delete one of my app passwords
    ///
    /// Its program is shut out at once, on all instances.
    #[oai(path = "/me/app-passwords/:id", method = "delete", operation_id = "delete_my_app_password")]
    async fn delete(&self, ctx: Ctx, id: Path<Uuid>) -> Result<Done, Error> {
        super::delete(&ctx, id.0).await?;
        Ok(Done)
    }
}
