//! `/events/{id}/polls` and `/polls`.

use domain::{
    identifier::Handle,
    schedule::poll::{Decision, Details, NewAnswers, State, Transition},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{PollShown, Shown, Written, shown::AnswersShown};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Visible},
    error::Error,
    http::{
        Tag,
        body::{Body, Patch},
        param::{Param, given},
        reply::{Created, Done, Found, Listed},
    },
};

/// The operations on date polls.
#[derive(Debug)]
pub struct Polls;

#[OpenApi(tag = "Tag::Sessions")]
impl Polls {
    /// List the date polls of an event
    ///
    /// For those who run or audit the event all of them; for everybody else those in which an organisation they act for is
    /// asked.
    #[oai(path = "/events/:id/polls", method = "get", operation_id = "list_polls")]
    async fn list(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only those that stand there now, such as `open`.
        state: Query<Option<Param<State>>>,
    ) -> Result<Listed<Page<Visible<PollShown>>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, &Handle::from(id.0), given(state), &paging).await?)
    }

    /// Ask organisations when they could meet
    ///
    /// Each option is a time or whole days. The organisations named see the poll, if they see the event, and answer once
    /// each; nobody else sees it but those who run the event. Those who manage their delegations get a mail, another two
    /// days before the poll closes where the organisation has not answered, and one of what became of it.
    #[oai(path = "/events/:id/polls", method = "post", operation_id = "create_poll")]
    async fn create(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Details>,
    ) -> Result<Created<Visible<PollShown>>, Error> {
        let (poll, mark) = super::create(&ctx, &Handle::from(id.0), body.0).await?;
        let tag = format!("{}-{mark}", poll.version);
        Created::at(&ctx, &format!("/polls/{}", poll.id), &poll, tag)
    }

    /// Read a date poll
    ///
    /// With what is said to each option, as far as you may know it, and the place each takes: by what the required
    /// organisations say (all yes, all can, not all answered, one cannot), by whether there is a quorum, by how many can
    /// come, by plain yes, by how few cannot, and then by start.
    #[oai(path = "/polls/:id", method = "get", operation_id = "get_poll")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<PollShown>>, Error> {
        answer(&ctx, super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Replace a date poll
    ///
    /// Everything that is not sent is cleared. An option is its time: one that stays keeps its answers, another time is
    /// another option, which nobody has answered. What was decided or called off is not changed.
    #[oai(path = "/polls/:id", method = "put", operation_id = "replace_poll")]
    async fn replace(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Details>,
    ) -> Result<Found<Visible<PollShown>>, Error> {
        answer(&ctx, super::edit(&ctx, &Handle::from(id.0), expected, |_| Ok(body.0)).await?)
    }

    /// Change a date poll
    ///
    /// JSON merge patch: what is not sent stays. A later deadline opens again what had closed by itself.
    #[oai(path = "/polls/:id", method = "patch", operation_id = "update_poll")]
    async fn update(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Patch<Details>,
    ) -> Result<Found<Visible<PollShown>>, Error> {
        answer(&ctx, super::edit(&ctx, &Handle::from(id.0), expected, |said| body.apply(said)).await?)
    }

    /// Close, reopen or call off a date poll
    ///
    /// What is closed takes no answers but those that are written down late by those who run it. What is called off says
    /// why, and stays so.
    #[oai(path = "/polls/:id/transitions", method = "post", operation_id = "transition_poll")]
    async fn step(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Transition>,
    ) -> Result<Found<Visible<PollShown>>, Error> {
        answer(&ctx, super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Decide a date poll
    ///
    /// The option becomes a session of the event, with the title and the group of the poll; like every new session it is
    /// seen by those who plan until it is announced. Whole days want the hours. The poll stays on record with the link.
    #[oai(path = "/polls/:id/decision", method = "post", operation_id = "decide_poll")]
    async fn decide(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Decision>,
    ) -> Result<Found<Visible<PollShown>>, Error> {
        answer(&ctx, super::decide(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Delete a date poll
    ///
    /// One made by mistake. What was decided stays on record.
    #[oai(path = "/polls/:id", method = "delete", operation_id = "delete_poll")]
    async fn delete(&self, ctx: Ctx, id: Path<String>, expected: Expected) -> Result<Done, Error> {
        super::delete(&ctx, &Handle::from(id.0), expected).await?;
        Ok(Done)
    }

    /// Read what an organisation answered
    ///
    /// Empty while it has not. While answers are hidden and the poll is open, for that organisation and those who run the
    /// poll alone.
    #[oai(path = "/polls/:id/answers/:organisation_id", method = "get", operation_id = "get_poll_answers")]
    async fn answers(
        &self,
        ctx: Ctx,
        id: Path<String>,
        organisation_id: Path<String>,
    ) -> Result<Found<AnswersShown>, Error> {
        let (poll, organisation) = (Handle::from(id.0), Handle::from(organisation_id.0));
        written(&ctx, super::answer_get(&ctx, &poll, &organisation).await?)
    }

    /// Answer for an organisation
    ///
    /// All of its answers at once, in the place of those there were. For those who manage its delegation or head it, and
    /// for those who run the poll; after the poll is closed for these alone, with a reason. While nothing was answered no
    /// `If-Match` is needed; after that it is, so that two people of one organisation do not overwrite each other unseen.
    #[oai(path = "/polls/:id/answers/:organisation_id", method = "put", operation_id = "set_poll_answers")]
    async fn answer(
        &self,
        ctx: Ctx,
        id: Path<String>,
        organisation_id: Path<String>,
        expected: Expected,
        body: Body<NewAnswers>,
    ) -> Result<Found<AnswersShown>, Error> {
        let (poll, organisation) = (Handle::from(id.0), Handle::from(organisation_id.0));
        written(&ctx, super::answer_put(&ctx, &poll, &organisation, expected, body.0).await?)
    }
}

fn answer(ctx: &Ctx, (poll, mark): Shown) -> Result<Found<Visible<PollShown>>, Error> {
    Found::marked(ctx, &poll, &mark)
}

/// The tag of answers changes with the poll where those are shown who wrote them or not.
fn written(ctx: &Ctx, written: Written) -> Result<Found<AnswersShown>, Error> {
    Found::tagged(ctx, &written.answers, written.version.to_string())
}
