//! The API document: assembled from the resources, then put right where the framework's own output is wrong.

use std::sync::LazyLock;

use domain::access::{Token, TokenKind};
use poem::http::Method;
use poem_openapi::{
    OpenApi, OpenApiService,
    registry::{MetaParamIn, MetaPath},
};
use serde_json::{Value, json};

use super::{components, operations};
use crate::{
    access::{
        accounts::resource::Accounts,
        keys::resource::Keys,
        sign_in::{
            app_passwords::resource::OwnAppPasswords, passkeys::resource::OwnPasskeys, resource::BrowserSignIns,
        },
    },
    attendance::{
        availability::{resource::Availabilities, subscription::resource::BusyAddresses},
        credentials::resource::Credentials,
        delegates::resource::Delegates,
        delegates::substitution::resource::Substitutions,
        delegations::resource::Delegations,
        door::{
            badges::resource::Badges, check_types::resource::CheckTypes, checks::resource::Checks,
            collections::resource::BadgeCollections,
        },
        duties::resource::Duties,
        findings::resource::Findings,
        follows::resource::Follows,
        heads::resource::Heads,
        history::resource::GroupAttendance,
        imports::resource::Imports,
        invitations::{replies::resource::InvitationReplies, resource::Invitations},
        marks::resource::Marks,
        participants::resource::Participants,
        places::resource::Places,
        quorum::resource::Quorums,
        registration::resource::Registration,
        reminders::resource::Reminders,
        roll_call::resource::RollCalls,
        sheet::resource::Attendance,
        speakers::resource::Speakers,
        tables::resource::Tables,
    },
    audit::resource::{AuditLog, History},
    calendars::resource::Feeds,
    changes::resource::ChangeFeed,
    error::Error,
    events::{resource::Events, rooms::resource::Rooms, rules::resource::Rules},
    groups::{
        conflicts::resource::Conflicts, memberships::resource::Memberships, resource::Groups, roles::resource::Roles,
        seals::resource::Seals,
    },
    minutes::resource::SessionMinutes,
    organisations::resource::Organisations,
    people::{mail_settings::resource::OwnMailSettings, resource::Persons},
    privacy::resource::Privacy,
    schedule::{
        agenda::resource::Agendas,
        arrangements::resource::PracticalArrangements,
        bookings::resource::RoomBookings,
        calendar_files::resource::SessionCalendars,
        clashes::{placement::resource::PlacementHelp, resource::Clashes},
        plans::resource::Plans,
        polls::resource::Polls,
        releases::resource::Releases,
        requests::resource::Requests,
        resource::Sessions,
        sittings::resource::Sittings,
    },
    statements::{
        clauses::resource::Clauses, participants::resource::StatementParticipants, resource::Statements,
        versions::resource::Versions,
    },
};

/// Path every operation begins with.
pub const BASE: &str = "/api/v1";

/// All resources. A tuple holds sixteen; nest another beyond.
pub fn resources() -> impl OpenApi {
    let groups = (Groups, Memberships, Roles, Conflicts, Seals);
    let statements = (Statements, Clauses, Versions, StatementParticipants);
    let credentials = (Credentials, Findings, Rules);
    let door = (Badges, BadgeCollections, CheckTypes, Checks);
    let tables = (Participants, Tables, Imports);
    let delegates = (Delegates, Substitutions, Places, Availabilities, BusyAddresses);
    let sittings = (Attendance, GroupAttendance, Marks, Quorums, RollCalls, SessionMinutes, Speakers);
    let delegations = (Delegations, delegates, Heads, (Registration, Reminders), credentials, sittings, door, tables);
    let access = (Keys, Accounts, BrowserSignIns, OwnPasskeys, OwnAppPasswords, OwnMailSettings);
    let clashes = (Clashes, PracticalArrangements, SessionCalendars);
    let programme = (
        (Sessions, Sittings),
        Requests,
        Plans,
        Releases,
        clashes,
        PlacementHelp,
        Polls,
        Agendas,
        (Duties, Invitations, InvitationReplies, Follows),
    );
    let past = (ChangeFeed, AuditLog, History);
    let rooms = (Rooms, RoomBookings);
    (Organisations, (Persons, Privacy), groups, Events, rooms, programme, delegations, statements, Feeds, access, past)
}

/// The service that answers below [`BASE`].
pub fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(resources(), "Plenum", env!("CARGO_PKG_VERSION"))
}

/// The document that is served, as YAML: that of the repository. A test holds it against [`document`].
pub const YAML: &str = include_str!("../../../openapi.yaml");

/// The same as JSON.
pub const JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

/// An operation, as far as the routes around it need to know it.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id, such as `get_event`.
    pub id: String,
    /// Its method.
    pub method: Method,
    /// Its path below [`BASE`], such as `/events/{id}`.
    pub path: String,
    /// The names of its query parameters.
    pub query: Vec<String>,
}

/// What the server itself goes by, as the resources declare it: from the document it would be had with more effort.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| declared(&resources()));

/// All operations.
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

fn declared<T: OpenApi>(_: &T) -> Vec<Operation> {
    let paths = T::meta().into_iter().flat_map(|api| api.paths);
    let operations = paths.flat_map(|MetaPath { path, operations }| {
        operations.into_iter().filter_map(move |operation| {
            let own = operation.params.into_iter().filter(|parameter| parameter.in_type == MetaParamIn::Query);
            let (id, method, path) = (operation.operation_id?.to_owned(), operation.method, path.clone());
            // Whatever has an answer can be asked for it in a language.
            let language = (method != Method::DELETE).then(|| "lang".to_owned());
            Some(Operation { id, method, path, query: own.map(|parameter| parameter.name).chain(language).collect() })
        })
    });
    operations.collect()
}

/// The API document as the code makes it.
///
/// # Errors
/// Two different schemas under one name.
pub fn document() -> Result<Value, Error> {
    let mut document: Value = serde_json::from_str(&service().spec())?;
    components::put_in_place(&mut document)?;
    document["openapi"] = json!("3.1.0");
    document["info"] = json!({
        "title": "Plenum",
        "version": env!("CARGO_PKG_VERSION"),
        "description": include_str!("openapi.md"),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    });
    document["servers"] = json!([{"url": BASE, "description": "This server"}]);
    document["components"]["securitySchemes"] = json!({
        "key": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": Token::pattern(TokenKind::Key),
            "description": "An API key: `Authorization: Bearer wgk_...`. Its format is for programs that look for leaked keys.",
        },
        "sign_in": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-plenum",
            "description": "A browser that is signed in, at `/sign-in`. Everything but GET also needs `X-CSRF-Token`: the `csrf_token` of `GET /me`.",
        }
    });
    operations::complete(&mut document);
    Ok(document)
}
