//! The roll call of a session: the delegations in protocol order of one language, as the chair calls them.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Entitlement, Finding, Level, Status};
use crate::{
    Code, Language,
    identifier::{DelegationId, SessionId},
};

/// A roll call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RollCall {
    /// The session.
    pub session_id: SessionId,
    /// The language in whose alphabet they are called.
    pub language: Language,
    /// In the order in which they are called.
    pub lines: Vec<RollCallLine>,
}

/// A delegation that is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RollCallLine {
    /// Its place in this order, from 1.
    pub number: usize,
    /// The delegation; record its answer under this id.
    pub delegation_id: DelegationId,
    /// Code of its organisation.
    pub organisation_code: Code,
    /// The name its organisation had when the event began, in the language of the roll call or the next best.
    pub organisation_name: String,
    /// What is found of its credentials.
    pub finding: Finding,
    /// What it may do with them.
    pub participation: Entitlement,
    /// What is recorded of it now.
    pub status: Status,
    /// The rank at which it is represented now: what was said of it, else the rank of who sits for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Version of its line of attendance.
    pub version: i32,
}
