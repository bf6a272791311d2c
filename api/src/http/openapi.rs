//! The API document: assembled from the resources, then put right where the framework's own output is wrong.

use std::sync::LazyLock;

use poem_openapi::{OpenApi, OpenApiService};
use serde_json::{Value, json};

use super::{components, operations};
use crate::{
    access::{accounts::resource::Accounts, keys::resource::Keys},
    attendance::{delegates::resource::Delegates, delegations::resource::Delegations, sheet::resource::Attendance},
    calendars::resource::Feeds,
    changes::resource::ChangeFeed,
    error::Error,
    events::{resource::Events, rooms::resource::Rooms},
    groups::{memberships::resource::Memberships, resource::Groups, roles::resource::Roles},
    organisations::resource::Organisations,
    people::resource::Persons,
    schedule::resource::Sessions,
    statements::{
        clauses::resource::Clauses, participants::resource::StatementParticipants, resource::Statements,
        versions::resource::Versions,
    },
};

/// Path every operation begins with.
pub const BASE: &str = "/api/v1";

/// All resources. A tuple holds sixteen; nest another beyond.
pub fn resources() -> impl OpenApi {
    let groups = (Groups, Memberships, Roles);
    let statements = (Statements, Clauses, Versions, StatementParticipants);
    let delegations = (Delegations, Delegates, Attendance);
    (
        Organisations,
        Persons,
        groups,
        Events,
        Rooms,
        Sessions,
        delegations,
        statements,
        Feeds,
        Keys,
        Accounts,
        ChangeFeed,
    )
}

/// The service that answers below [`BASE`].
pub fn service() -> OpenApiService<impl OpenApi, ()> {
    OpenApiService::new(resources(), "Plenum", env!("CARGO_PKG_VERSION"))
}

/// The document, made once: the code it follows from does not change while it runs.
#[derive(Debug)]
pub struct Made {
    /// As a value.
    pub value: Value,
    /// As JSON.
    pub json: String,
    /// As YAML: what stands in `openapi.yaml`.
    pub yaml: String,
}

static MADE: LazyLock<Result<Made, Error>> = LazyLock::new(|| {
    let value = make()?;
    let json = serde_json::to_string(&value)?;
    let yaml = serde_yaml::to_string(&value).map_err(Error::internal)?;
    Ok(Made { value, json, yaml })
});

/// The API document.
///
/// # Errors
/// Two different schemas under one name.
pub fn document() -> Result<&'static Made, Error> {
    MADE.as_ref().map_err(|error| Error::internal(format!("no API document: {error:?}")))
}

fn make() -> Result<Value, Error> {
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
        "key": {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer wgk_...`"}
    });
    operations::complete(&mut document);
    Ok(document)
}
