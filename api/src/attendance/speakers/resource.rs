//! `/agenda-items/{id}/speakers-list`, `/agenda-items/{id}/speakers` and `/speakers`.

use domain::{
    attendance::speakers::{ExtraTime, Lots, NewSpeaker, Settings, SpeakerShown, Spot, Step},
    identifier::Handle,
};
use poem_openapi::{OpenApi, param::Path};

use super::{SpeakersList, Swap};
use crate::{
    context::Ctx,
    db::{Expected, Visible},
    error::Error,
    http::{
        Tag,
        body::Body,
        reply::{Created, Found, Listed, tag_beside},
    },
};

/// The operations on speakers' lists.
#[derive(Debug)]
pub struct Speakers;

#[OpenApi(tag = "Tag::Attendance")]
impl Speakers {
    /// Read the speakers' list of an item
    ///
    /// Who has the floor, who was interrupted, who waits, in that order, then who spoke, with how long each did and each
    /// delegation in all. First come points of order, then statements on behalf of groups, then statements, then rights
    /// of reply. Who of a delegation speaks is told to those who run the event and to the delegation.
    #[oai(path = "/agenda-items/:id/speakers-list", method = "get", operation_id = "get_speakers_list")]
    async fn list(&self, ctx: Ctx, id: Path<String>) -> Result<Found<SpeakersList>, Error> {
        answer(&ctx, &super::get(&ctx, &Handle::from(id.0)).await?)
    }

    /// Say how a speakers' list is run
    ///
    /// Whether it is open, in which order statements are made, how long they may be. Delegations ask for the floor while
    /// it is `open`, and raise points of order always. While nothing was said no `If-Match` is needed.
    #[oai(path = "/agenda-items/:id/speakers-list", method = "put", operation_id = "set_speakers_list")]
    async fn set(
        &self,
        ctx: Ctx,
        id: Path<String>,
        expected: Expected,
        body: Body<Settings>,
    ) -> Result<Found<SpeakersList>, Error> {
        answer(&ctx, &super::set(&ctx, &Handle::from(id.0), expected, body.0).await?)
    }

    /// Draw lots for a speakers' list
    ///
    /// The statements that wait are put in the order of lots, and the list is `drawn`: no delegation asks any more. The
    /// `seed` is kept, with which anybody can draw them again. For those who run the event.
    #[oai(path = "/agenda-items/:id/speakers-list/draw", method = "post", operation_id = "draw_speakers_list")]
    async fn draw(&self, ctx: Ctx, id: Path<String>, body: Body<Lots>) -> Result<Listed<SpeakersList>, Error> {
        Listed::computed(&ctx, &super::draw(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Swap two entries of a speakers' list
    ///
    /// As two delegations have agreed. Both wait, and for the same kind of speech. For those who run the event.
    #[oai(path = "/agenda-items/:id/speakers-list/swap", method = "post", operation_id = "swap_speakers")]
    async fn swap(&self, ctx: Ctx, id: Path<String>, body: Body<Swap>) -> Result<Listed<SpeakersList>, Error> {
        Listed::computed(&ctx, &super::swap(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Give everybody the same extra time
    ///
    /// Every entry may speak so many seconds longer, and every delegation has so many more in all; fewer, where they are
    /// negative. For those who run the event.
    #[oai(path = "/agenda-items/:id/speakers-list/extra-time", method = "post", operation_id = "extend_speakers_list")]
    async fn extend(&self, ctx: Ctx, id: Path<String>, body: Body<ExtraTime>) -> Result<Listed<SpeakersList>, Error> {
        Listed::computed(&ctx, &super::extend(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Ask for the floor
    ///
    /// For a delegation, by its manager or head while the list is open; by those who run the event at any time and for
    /// any delegation. A delegation waits once for each kind of speech.
    #[oai(path = "/agenda-items/:id/speakers", method = "post", operation_id = "create_speaker")]
    async fn request(
        &self,
        ctx: Ctx,
        id: Path<String>,
        body: Body<NewSpeaker>,
    ) -> Result<Created<Visible<SpeakerShown>>, Error> {
        let made = super::request(&ctx, &Handle::from(id.0), body.0).await?;
        Created::at(&ctx, &format!("/speakers/{}", made.id), &made, tag_beside(made.version, &made)?)
    }

    /// Read an entry of a speakers' list
    ///
    /// By id.
    #[oai(path = "/speakers/:id", method = "get", operation_id = "get_speaker")]
    async fn get(&self, ctx: Ctx, id: Path<String>) -> Result<Found<Visible<SpeakerShown>>, Error> {
        found(&ctx, &super::find(&ctx, &Handle::from(id.0)).await?)
    }

    /// Move an entry of a speakers' list to another state
    ///
    /// `waiting` → `speaking` → `paused` → `speaking` → `done`; `withdrawn`, which a delegation may do itself, and
    /// `absent`, from both of which it can wait again, at the end. One has the floor at a time, while the item is open. A
    /// point of order takes the floor from whoever has it, and gives it back when it is done.
    #[oai(path = "/speakers/:id/transitions", method = "post", operation_id = "transition_speaker")]
    async fn step(&self, ctx: Ctx, id: Path<String>, body: Body<Step>) -> Result<Found<Visible<SpeakerShown>>, Error> {
        found(&ctx, &super::step(&ctx, &Handle::from(id.0), body.0).await?)
    }

    /// Move an entry on a speakers' list
    ///
    /// Among those that wait for the same kind of speech. For those who run the event.
    #[oai(path = "/speakers/:id/move", method = "post", operation_id = "move_speaker")]
    async fn shift(&self, ctx: Ctx, id: Path<String>, body: Body<Spot>) -> Result<Found<Visible<SpeakerShown>>, Error> {
        found(&ctx, &super::shift(&ctx, &Handle::from(id.0), body.0).await?)
    }
}

// Besides what is written, time goes by, and others come in between.

fn answer(ctx: &Ctx, list: &SpeakersList) -> Result<Found<SpeakersList>, Error> {
    Found::tagged(ctx, list, tag_beside(list.version, list)?)
}

fn found(ctx: &Ctx, speaker: &Visible<SpeakerShown>) -> Result<Found<Visible<SpeakerShown>>, Error> {
    Found::tagged(ctx, speaker, tag_beside(speaker.version, speaker)?)
}
