//! `/sessions/{id}/slots`, `/events/{id}/placement-proposals` and `/events/{id}/placements`.

use domain::{
    events::ClockTime,
    identifier::Handle,
    schedule::placing::{Puts, Search},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};

use super::{PlacedSessions, PlacementProposal, SessionSlots};
use crate::{
    context::Ctx,
    error::Error,
    http::{
        Tag,
        body::Body,
        param::{Param, given},
        reply::Listed,
    },
};

/// The operations of placement help.
#[derive(Debug)]
pub struct PlacementHelp;

#[OpenApi(tag = "Tag::Sessions")]
impl PlacementHelp {
    /// Find slots for a session
    ///
    /// Where and when it would do least harm in the draft, with what speaks against each place: every quarter of an hour
    /// of the event's days from now on, in the rooms of the venues in which sessions of the event sit. A session that has
    /// a room and no time keeps the room; one in which nobody is expected gets none, and where no room is known none does. For those who plan; of what you may
    /// not see it says that there is another commitment. Empty for what was held or is called off.
    #[oai(path = "/sessions/:id/slots", method = "get", operation_id = "find_session_slots")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn slots(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 50; by default 5.
        #[oai(validator(minimum(value = "1"), maximum(value = "50")))]
        limit: Query<Option<u64>>,
        /// A room to look at besides, by id or code.
        room: Query<Option<Param<Handle>>>,
        /// When the day begins, on the clocks of the event. Where neither this nor `closes` is given, the working hours of
        /// the host count; while it has none, at nine.
        opens: Query<Option<Param<ClockTime>>>,
        /// When it ends; by default at six in the evening.
        closes: Query<Option<Param<ClockTime>>>,
        /// How long it sits, where neither its time nor `planned_minutes` says so.
        #[oai(validator(minimum(value = "1"), maximum(value = "10080")))]
        minutes: Query<Option<u32>>,
    ) -> Result<Listed<SessionSlots>, Error> {
        let search = Search {
            room_ids: given(room).into_iter().collect(),
            opens: given(opens),
            closes: given(closes),
            minutes: minutes.0,
            ..Search::default()
        };
        let count = limit.0.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(5);
        Listed::computed(&ctx, &super::slots(&ctx, &Handle::from(id.0), count, search).await?)
    }

    /// Propose places for sessions
    ///
    /// For all sessions of the event that have no time, so that as little as possible is wrong with the draft then;
    /// where a session cannot be placed, the rules that block it. What has a time stays, unless `may_move` says
    /// otherwise; what was announced with a time stays always. Nothing is written: send what you like of it to
    /// `POST /events/{id}/placements`.
    #[oai(path = "/events/:id/placement-proposals", method = "post", operation_id = "propose_placements")]
    async fn propose(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<Search>,
    ) -> Result<Listed<PlacementProposal>, Error> {
        Listed::computed(&ctx, &super::propose(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Place several sessions
    ///
    /// As one change of the draft, which can be undone as one: what nobody was told of is placed where it stands, of the
    /// rest a plan is made. All or none: 409 where a session was changed since it was proposed, or where it would bring
    /// about what must not even be planned.
    #[oai(path = "/events/:id/placements", method = "post", operation_id = "place_sessions")]
    async fn place(&self, ctx: Ctx, id: Path<String>, body: Body<Puts>) -> Result<Listed<PlacedSessions>, Error> {
        Listed::computed(&ctx, &super::place(&ctx, &Handle::from(id.0), body.0).await?)
    }
}
