//! `/events/{id}/invitation-replies` and `/invitation-replies`.

use domain::{
    attendance::invitation_reply::{InvitationReply, InvitationReplyTransition, State},
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
        param::{Param, given},
        reply::{Found, Listed},
    },
};

/// The operations on answers that came by mail and were not simply taken.
#[derive(Debug)]
pub struct InvitationReplies;

#[OpenApi(tag = "Tag::Attendance")]
impl InvitationReplies {
    /// List the answers by mail that somebody has to look at
    ///
    /// An answer is taken where whoever was invited answers, from their own address, what they were asked last. Everything
    /// else that comes to the address of an invitation stands here: answers for others and from others, that somebody else
    /// should come, other times, and what was written by hand. Nothing in it is more than its sender's word. For those who
    /// plan the event.
    #[oai(path = "/events/:id/invitation-replies", method = "get", operation_id = "list_invitation_replies")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only those of which this has become: `open` are those nobody has decided on.
        state: Query<Option<Param<State>>>,
    ) -> Result<Listed<Page<Visible<InvitationReply>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), given(state), &paging).await?)
    }

    /// Decide on an answer by mail
    ///
    /// `applied` makes it the answer to the invitation it came for. Where somebody else should come instead, give them the
    /// duty: nobody is invited by mail of others.
    #[oai(path = "/invitation-replies/:id/transitions", method = "post", operation_id = "transition_invitation_reply")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<InvitationReplyTransition>,
    ) -> Result<Found<Visible<InvitationReply>>, Error> {
        Found::new(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
