//! `/invitations/{token}`: the link in an invitation. Reading it changes nothing, because programs that look for harm open
//! every link of a mail (R104); a form that is sent answers.

use domain::{
    attendance::invitation::{InvitationTransition, Reply},
    proceedings::Clerk,
};
use minijinja::{Value, context};
use poem::{
    Endpoint, Response, Route, get, handler,
    web::{Form, Path},
};
use serde::Deserialize;

use super::Opened;
use crate::{
    access::sign_in::{from_our_page, pages::form},
    context::Ctx,
    error::Error,
    http::extract::Arriving,
    web,
};

/// `/invitations`.
pub fn endpoint() -> impl Endpoint {
    Route::new().at("/:token", get(show).post(answer))
}

#[derive(Debug, Deserialize)]
struct Said {
    to: String,
    #[serde(default)]
    comment: String,
}

#[handler]
async fn show(Arriving(ctx): Arriving, Path(token): Path<String>) -> Response {
    web::shown(match super::open(&ctx, &token).await {
        Ok(opened) => page(ctx, (&opened, &token), false),
        Err(error) => Err(error),
    })
}

#[handler]
async fn answer(Arriving(ctx): Arriving, Path(token): Path<String>, Form(said): Form<Said>) -> Response {
    web::shown(match answered(&ctx, &token, said).await {
        Ok(opened) => page(ctx, (&opened, &token), true),
        Err(error) => Err(error),
    })
}

async fn answered(ctx: &Ctx, token: &str, said: Said) -> Result<Opened, Error> {
    from_our_page(ctx)?;
    let to = Reply::parse(&said.to).ok_or_else(|| Error::invalid("to", "invalid", "Choose one of the answers."))?;
    let comment = Some(said.comment.trim().to_owned()).filter(|comment| !comment.is_empty());
    super::answer_by_link(ctx, token, InvitationTransition { to, comment }).await
}

fn page(ctx: Ctx, (opened, token): (&Opened, &str), done: bool) -> Result<Response, Error> {
    let clerk = Clerk::of(&opened.language);
    let say = |message: &str| clerk.say(message, &[]);
    let answers: Vec<Value> = Reply::ALL
        .iter()
        .map(|reply| context! { word => reply.as_str(), says => say(&format!("invitation-says-{reply}")) })
        .collect();
    let context = context! {
        action => format!("/invitations/{token}"),
        language => clerk.language().as_str(),
        title => opened.title,
        when => format!("{} – {} ({})", opened.start, opened.end, opened.zone),
        place => opened.place,
        now => say(&format!("invitation-is-{}", opened.answer)),
        done => done.then(|| say("invitation-noted")),
        comment => say("invitation-comment"),
        answers,
    };
    form(ctx, "attendance/invitation.html", context)
}
