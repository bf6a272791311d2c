//! The first pages: what this server is, its events with their programmes, the texts they agreed on.
//!
//! They show exactly what the interface gives to whoever visits them: what is public, and to somebody who has signed in
//! what else they may see.

pub mod pages;

use std::collections::BTreeMap;

use domain::{Language, Text, identifier::Handle};
use jiff::civil::Date;
use serde::Serialize;

use crate::{
    context::Ctx,
    db::{Paging, Visible},
    demo,
    error::Error,
    events, schedule, statements,
};
use domain::{events::Event, schedule::Session, schedule::State};

/// Words in the language the visitor reads best.
#[derive(Debug, Serialize)]
pub struct Words {
    language: String,
    text: String,
}

/// An event on the start page.
#[derive(Debug, Serialize)]
pub struct EventCard {
    code: String,
    title: Words,
    place: Words,
    days: String,
    time_zone: String,
    feed: String,
}

/// A text that was agreed on, with a link per language.
#[derive(Debug, Serialize)]
pub struct StatementLine {
    title: Words,
    links: Vec<Link>,
}

/// A text in one language.
#[derive(Debug, Serialize)]
pub struct Link {
    href: String,
    language: String,
}

/// What the start page shows.
#[derive(Debug, Serialize)]
pub struct Overview {
    events: Vec<EventCard>,
    statements: Vec<StatementLine>,
    demo: Option<String>,
}

/// A day of a programme.
#[derive(Debug, Serialize)]
pub struct Day {
    date: String,
    sessions: Vec<SessionLine>,
}

/// A session of a programme; times of the place.
#[derive(Debug, Serialize)]
pub struct SessionLine {
    start: String,
    end: String,
    title: Words,
    track: Option<String>,
    place: String,
    cancelled: bool,
}

/// The most recent events, newest first, and the published texts.
pub async fn overview(ctx: &Ctx) -> Result<Overview, Error> {
    let paging = Paging { limit: Paging::MAX_LIMIT, after: None };
    let mut events = events::list(ctx, &events::Filter::default(), &paging).await?.items;
    events.reverse();
    let statements = statements::list(ctx, &statements::Filter::default(), &paging).await?.items;
    Ok(Overview {
        events: events.iter().map(|event| card(ctx, event)).collect(),
        statements: statements.iter().filter(|s| s.content.state.is_adopted()).map(|s| line(ctx, s)).collect(),
        demo: ctx.app.config.demo.as_ref().map(|_| demo::keys::path(&ctx.app.config.data_dir).display().to_string()),
    })
}

/// An event and its programme, day by day.
pub async fn programme(ctx: &Ctx, handle: &Handle) -> Result<(EventCard, Vec<Day>), Error> {
    let event = events::get(ctx, handle).await?;
    let filter = schedule::Filter { event: Some(Handle::Id(event.id)), ..schedule::Filter::default() };
    let mut days: BTreeMap<Date, Vec<SessionLine>> = BTreeMap::new();
    let mut paging = Paging { limit: Paging::MAX_LIMIT, after: None };
    loop {
        let page = schedule::list(ctx, &filter, &paging).await?;
        for session in page.items {
            if let Some((day, line)) = placed(ctx, &event.content, &session) {
                days.entry(day).or_default().push(line);
            }
        }
        let Some(next) = page.next_cursor else { break };
        paging = Paging::new(Some(Paging::MAX_LIMIT), Some(&next))?;
    }
    let days =
        days.into_iter().map(|(date, sessions)| Day { date: date.strftime("%A, %-d %B %Y").to_string(), sessions });
    Ok((card(ctx, &event), days.collect()))
}

fn words(ctx: &Ctx, text: &Text) -> Words {
    let (language, text) =
        text.resolve(&ctx.languages).map_or(("en", ""), |(language, text)| (language.as_str(), text));
    Words { language: language.to_owned(), text: text.to_owned() }
}

fn card(ctx: &Ctx, event: &Visible<Event>) -> EventCard {
    let details = &event.content.details;
    let day = |date: Date| date.strftime("%-d %B %Y").to_string();
    EventCard {
        code: details.code.to_string(),
        title: words(ctx, &details.title),
        place: words(ctx, &details.city.name),
        days: if details.starts_on == details.ends_on {
            day(details.starts_on)
        } else {
            format!("{} – {}", day(details.starts_on), day(details.ends_on))
        },
        time_zone: details.time_zone.clone(),
        feed: format!("/ical/events/{}.ics", details.code),
    }
}

fn line(ctx: &Ctx, statement: &Visible<domain::statements::Statement>) -> StatementLine {
    let details = &statement.content.details;
    let link = |language: &Language| Link {
        href: format!("/api/v1/statements/{}/export?format=html&lang={language}", details.code),
        language: language.to_string(),
    };
    StatementLine { title: words(ctx, &details.title), links: details.languages.iter().map(link).collect() }
}

fn placed(ctx: &Ctx, event: &Event, session: &Visible<Session>) -> Option<(Date, SessionLine)> {
    let content = &session.content;
    let (start, end) = (content.start.as_ref()?, content.end.as_ref()?);
    let track = content.details.track.as_ref().and_then(|code| event.details.track(code));
    let line = SessionLine {
        start: start.local.strftime("%H:%M").to_string(),
        end: end.local.strftime("%H:%M").to_string(),
        title: words(ctx, &content.details.title),
        track: track.map(|track| words(ctx, &track.title).text),
        place: content.location.clone().unwrap_or_default(),
        cancelled: content.state == State::Cancelled,
    };
    Some((start.local.date(), line))
}
