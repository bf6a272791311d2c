//! `/me/mail-settings`.

use domain::people::MailSettings;
use poem_openapi::OpenApi;

use super::Said;
use crate::{
    context::Ctx,
    db::Expected,
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Found, tag_beside},
    },
};

/// The operations on which mails somebody wants.
#[derive(Debug)]
pub struct OwnMailSettings;

#[OpenApi(tag = "Tag::Persons")]
impl OwnMailSettings {
    /// Show which mails I want
    ///
    /// Until one says otherwise, all that the server sends. What is about one's account comes in any case.
    #[oai(path = "/me/mail-settings", method = "get", operation_id = "get_my_mail_settings")]
    async fn get(&self, ctx: Ctx) -> Result<Found<MailSettings>, Error> {
        answer(&ctx, super::get(&ctx).await?)
    }

    /// Say which mails I want
    ///
    /// As a whole: what is not sent is wanted. Nothing is written about what is turned off from now on, and nothing is taken
    /// back: an invitation that is in a calendar stays there. Turned on again, it is brought up to date. While nothing was
    /// said no `If-Match` is needed; after that it is.
    #[oai(path = "/me/mail-settings", method = "put", operation_id = "set_my_mail_settings")]
    async fn set(&self, ctx: Ctx, expected: Expected, body: Body<MailSettings>) -> Result<Found<MailSettings>, Error> {
        answer(&ctx, super::set(&ctx, expected, body.0).await?)
    }
}

fn answer(ctx: &Ctx, said: Said) -> Result<Found<MailSettings>, Error> {
    Found::tagged(ctx, &said.settings, tag_beside(said.version, &said.settings)?)
}
