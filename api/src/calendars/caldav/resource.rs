//! What answers below `/dav/`. Outside of the API and its document: the methods are those of WebDAV, and what is asked and
//! told is XML, problems included where a standard has an element for them.

use std::collections::{HashMap, HashSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::calendars::caldav::{Fault, Member, Multistatus, Place, Precondition, Report, Resource, Wanted, free_busy};
use poem::{
    EndpointExt, IntoEndpoint, Request, Response, ResponseBuilder, Route, handler,
    http::{StatusCode, header},
    web::Data,
};

use super::{super::subscription::Memory, Calendar, Reader};
use crate::{
    context::App,
    error::Error,
    http::{principal, reply::matches},
};

/// What clients look for below the host (RFC 6764, 5).
pub const WELL_KNOWN: &str = "/.well-known/caldav";

/// The methods that read.
const READS: [&str; 3] = ["GET", "PROPFIND", "REPORT"];

/// The methods that would write.
const WRITES: [&str; 12] =
    ["PUT", "DELETE", "PATCH", "POST", "PROPPATCH", "MKCALENDAR", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK", "ACL"];

/// Routes at and below `/dav`, which stays in their paths.
pub fn endpoint(memory: Memory) -> impl IntoEndpoint {
    Route::new().at("/dav", dav).at("/dav/*path", dav).data(memory)
}

/// From the place that clients know to the place where they begin.
#[handler]
pub fn moved(request: &Request) -> Response {
    if !READS.contains(&request.method().as_str()) {
        return not_allowed();
    }
    Response::builder().status(StatusCode::MOVED_PERMANENTLY).header(header::LOCATION, Place::Root.path()).finish()
}

/// What one request needs.
struct Asked<'a> {
    app: &'a App,
    memory: &'a Memory,
    reader: Reader,
    place: Place,
}

#[handler]
async fn dav(request: &Request, app: Data<&App>, memory: Data<&Memory>, body: Vec<u8>) -> Result<Response, Error> {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let place = Place::parse(path);
    let writes = WRITES.contains(&method);
    // Collections have no file: a whole calendar is what feeds are for.
    let reads = READS.contains(&method) && (method != "GET" || matches!(place, Some(Place::Member(..))));
    if !writes && !reads {
        return Ok(not_allowed());
    }
    let Some(reader) = reader(request, &app).await? else { return Ok(challenge()) };
    principal::note(request, reader.person.account.to_string());
    if writes {
        return Ok(refused(&Precondition::NeedPrivileges(path.to_owned())));
    }
    let own = place.filter(|place| place.account().is_none_or(|of| of == reader.person.account));
    let asked = Asked { app: &app, memory: &memory, reader, place: own.ok_or(Error::NotFound)? };
    match method {
        "PROPFIND" => asked.properties(request, &body).await,
        "REPORT" => asked.report(&body).await,
        _ => asked.file(request).await,
    }
}

/// Who has sent a user and a password that fit (RFC 7617).
async fn reader(request: &Request, app: &App) -> Result<Option<Reader>, Error> {
    let sent = request.header(header::AUTHORIZATION).and_then(|value| value.split_once(' '));
    let sent = sent.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let sent =
        sent.and_then(|(_, sent)| STANDARD.decode(sent.trim()).ok()).and_then(|sent| String::from_utf8(sent).ok());
    let Some((user, password)) = sent.as_deref().and_then(|sent| sent.split_once(':')) else { return Ok(None) };
    match super::reader(app, user, password, request.header(header::USER_AGENT)).await {
        Err(Error::Unauthenticated) => Ok(None),
        reader => reader.map(Some),
    }
}

impl Asked<'_> {
    /// PROPFIND (RFC 4918, 9.1).
    async fn properties(&self, request: &Request, body: &[u8]) -> Result<Response, Error> {
        let below = match request.header("depth") {
            Some("0") => false,
            Some("1") => true,
            _ => return Ok(refused(&Precondition::FinitePropfind)),
        };
        let wanted = match Wanted::read(body) {
            Ok(wanted) => wanted,
            Err(fault) => return unreadable(fault),
        };
        let (person, mut told) = (&self.reader.person, Multistatus::default());
        match &self.place {
            Place::Root => {
                told.found(&Resource::Root(person), &wanted);
                if below {
                    told.found(&Resource::Principal(person), &wanted);
                    told.found(&Resource::Home(person), &wanted);
                }
            }
            Place::Principal(_) => told.found(&Resource::Principal(person), &wanted),
            Place::Home(_) => {
                told.found(&Resource::Home(person), &wanted);
                let calendars = if below { super::calendars(self.app, &self.reader).await? } else { vec![] };
                for calendar in &calendars {
                    told.found(&Resource::Calendar(person, &calendar.collection), &wanted);
                }
            }
            Place::Calendar(_, feed) => {
                let calendar = super::calendar(self.app, &self.reader, *feed).await?;
                told.found(&Resource::Calendar(person, &calendar.collection), &wanted);
                let file = if below { super::file(self.app, self.memory, &calendar).await? } else { String::new() };
                self.tell(&mut told, &calendar, Member::all(&file), &wanted);
            }
            Place::Member(_, feed, name) => {
                let calendar = super::calendar(self.app, &self.reader, *feed).await?;
                let file = super::file(self.app, self.memory, &calendar).await?;
                let member = Member::all(&file).find(|member| member.name == name).ok_or(Error::NotFound)?;
                self.tell(&mut told, &calendar, [member], &wanted);
            }
        }
        Ok(multistatus(told.finish()))
    }

    fn tell<'m>(
        &self,
        told: &mut Multistatus,
        calendar: &Calendar,
        members: impl IntoIterator<Item = Member<'m>>,
        wanted: &Wanted,
    ) {
        for member in members {
            told.found(&Resource::Member(&self.reader.person, &calendar.collection, member), wanted);
        }
    }

    /// REPORT (RFC 3253, 3.6), of calendars alone. Of `Depth` nothing depends: a calendar has nothing below its entries.
    async fn report(&self, body: &[u8]) -> Result<Response, Error> {
        let report = match Report::read(body) {
            Ok(report) => report,
            Err(fault) => return unreadable(fault),
        };
        let Place::Calendar(_, feed) = &self.place else { return Ok(refused(&Precondition::SupportedReport)) };
        let calendar = super::calendar(self.app, &self.reader, *feed).await?;
        let file = super::file(self.app, self.memory, &calendar).await?;
        let mut told = Multistatus::default();
        match report {
            Report::Query(wanted, filter) => {
                self.tell(&mut told, &calendar, Member::all(&file).filter(|member| filter.holds(member)), &wanted);
            }
            Report::Multiget(wanted, hrefs) => self.tell_named(&mut told, (&calendar, &file), &wanted, &hrefs),
            Report::Sync { wanted, token, most } => {
                return self.synchronised((&calendar, &file), &wanted, token.as_deref(), most).await;
            }
            Report::FreeBusy(from, to) => {
                let body = free_busy(&file, (from, to), self.app.clock.now());
                return Ok(private(Response::builder()).content_type("text/calendar; charset=utf-8").body(body));
            }
            Report::Other => return Ok(refused(&Precondition::SupportedReport)),
        }
        Ok(multistatus(told.finish()))
    }

    /// Entries by address. Clients write addresses in more than one way, and get them back as they wrote them.
    fn tell_named(
        &self,
        told: &mut Multistatus,
        (calendar, file): (&Calendar, &str),
        wanted: &Wanted,
        hrefs: &[String],
    ) {
        let members: HashMap<&str, Member<'_>> = Member::all(file).map(|member| (member.name, member)).collect();
        for href in hrefs {
            let named = Place::parse(href).and_then(|place| match place {
                Place::Member(account, feed, name) => (self.place == Place::Calendar(account, feed)).then_some(name),
                _ => None,
            });
            match named.and_then(|name| members.get(name.as_str())) {
                Some(member) => self.tell(told, calendar, [*member], wanted),
                None => told.missing(href),
            }
        }
    }

    /// `sync-collection` (RFC 6578, 3).
    async fn synchronised(
        &self,
        (calendar, file): (&Calendar, &str),
        wanted: &Wanted,
        token: Option<&str>,
        most: Option<usize>,
    ) -> Result<Response, Error> {
        let Some(changes) = super::changes(self.app, calendar, file, token).await? else {
            return Ok(refused(&Precondition::ValidSyncToken));
        };
        if most.is_some_and(|most| changes.changed.len() + changes.removed.len() > most) {
            return Ok(refused(&Precondition::MatchesWithinLimits));
        }
        let mut told = Multistatus::default();
        let changed: HashSet<&str> = changes.changed.iter().map(String::as_str).collect();
        let members = Member::all(file).filter(|member| changed.contains(member.name));
        self.tell(&mut told, calendar, members, wanted);
        for name in changes.removed {
            let place = Place::Member(self.reader.person.account, calendar.collection.feed, name);
            told.missing(&place.path());
        }
        Ok(multistatus(told.with_token(&calendar.collection.token)))
    }

    /// The file of an entry.
    async fn file(&self, request: &Request) -> Result<Response, Error> {
        let Place::Member(_, feed, name) = &self.place else { return Ok(not_allowed()) };
        let calendar = super::calendar(self.app, &self.reader, *feed).await?;
        let file = super::file(self.app, self.memory, &calendar).await?;
        let member = Member::all(&file).find(|member| member.name == name).ok_or(Error::NotFound)?;
        let etag = member.etag();
        let known = request.header(header::IF_NONE_MATCH).is_some_and(|tags| matches(tags, &etag));
        // Compressed on the way it would have another tag than the one that lists tell of it.
        let answer = Response::builder().header(header::ETAG, etag).header(header::CACHE_CONTROL, KEPT_AS_IT_IS);
        if known {
            return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
        }
        Ok(answer.content_type("text/calendar; charset=utf-8; component=VEVENT").body(member.file()))
    }
}

/// The same whatever was wrong, and whether or not anything was sent.
fn challenge() -> Response {
    let challenge = "Basic realm=\"Calendars: an e-mail address and an app password\", charset=\"UTF-8\"";
    private(Response::builder().status(StatusCode::UNAUTHORIZED).header(header::WWW_AUTHENTICATE, challenge)).finish()
}

/// The edge says which methods there are.
fn not_allowed() -> Response {
    Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).finish()
}

fn multistatus(body: String) -> Response {
    private(Response::builder().status(StatusCode::MULTI_STATUS)).content_type(XML).body(body)
}

fn refused(precondition: &Precondition) -> Response {
    private(Response::builder().status(StatusCode::FORBIDDEN)).content_type(XML).body(precondition.body())
}

fn unreadable(fault: Fault) -> Result<Response, Error> {
    match fault {
        Fault::Filter => Ok(refused(&Precondition::SupportedFilter)),
        fault => Err(Error::Malformed(vec![domain::Violation::new("", "unreadable_xml", fault.to_string())])),
    }
}

const XML: &str = "application/xml; charset=utf-8";

const KEPT_AS_IT_IS: &str = "private, no-cache, no-transform";

fn private(answer: ResponseBuilder) -> ResponseBuilder {
    answer.header(header::CACHE_CONTROL, "private, no-cache")
}
