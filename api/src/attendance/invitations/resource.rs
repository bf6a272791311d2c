//! `/sessions/{id}/invitations`, `/me/invitations` and `/invitations`.

use domain::{
    attendance::invitation::{Invitation, InvitationTransition, SentMail},
    identifier::Handle,
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use crate::{
    context::Ctx,
    db::{Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Done, Found, Listed},
    },
};

/// The operations on invitations.
#[derive(Debug)]
pub struct Invitations;

#[OpenApi(tag = "Tag::Attendance")]
impl Invitations {
    /// List the invitations to a session
    ///
    /// Whoever has a duty in a session people know of is mailed an invitation for their calendar, its changes and its end:
    /// one for each sitting, within minutes, as far as they may see it and can be written to. To invite somebody, give them
    /// the duty `invited`. Those who plan the event see all, an organisation those of its people, everybody their own.
    #[oai(path = "/sessions/:id/invitations", method = "get", operation_id = "list_session_invitations")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Invitation>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// List your own invitations
    ///
    /// Those of the person whose account you use, to sessions you see.
    #[oai(path = "/me/invitations", method = "get", operation_id = "get_my_invitations")]
    async fn own(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<Visible<Invitation>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::own(&ctx, &paging).await?)
    }

    /// Read an invitation
    #[oai(path = "/invitations/:id", method = "get", operation_id = "get_invitation")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<Invitation>>, Error> {
        Found::new(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Answer an invitation
    ///
    /// For whoever is invited, for those who act for their organisation, and for those who plan the event. A duty in this
    /// sitting alone is answered with it; one in several sittings is answered by itself.
    #[oai(path = "/invitations/:id/transitions", method = "post", operation_id = "transition_invitation")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<InvitationTransition>,
    ) -> Result<Found<Visible<Invitation>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// List the mails of an invitation
    ///
    /// What was sent when, the first first.
    #[oai(path = "/invitations/:id/mails", method = "get", operation_id = "list_invitation_mails")]
    async fn mails(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<SentMail>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::mails(&ctx, &Handle::from(id.0), &paging).await?)
    }

    /// Send an invitation again
    ///
    /// The last mail of it once more, to where the person is written to now; what has changed meanwhile is sent instead. For
    /// those who plan the event.
    #[oai(path = "/invitations/:id/mails", method = "post", operation_id = "resend_invitation")]
    async fn resend(&self, ctx: Ctx, id: Path<String>) -> Result<Done, Error> {
        super::resend(&ctx, &Handle::from(id.0)).await?;
        Ok(Done)
    }
}
