//! `/audit-entries`, and the history of each object.

use domain::{Language, identifier::Handle};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
};
use uuid::Uuid;

use super::{AuditEntry, HistoryEntry, Subject, export};
use crate::{
    context::Ctx,
    db::{Page, Paging},
    error::Error,
    http::{
        Tag,
        reply::{Document, Listed},
    },
};

/// The operations on the audit log.
#[derive(Debug)]
pub struct AuditLog;

#[OpenApi(tag = "Tag::Changes")]
impl AuditLog {
    /// Read the audit log
    ///
    /// Who did what, on whose behalf, when and from where, oldest first. For administrators and auditors; looking at it
    /// is itself an entry.
    #[oai(path = "/audit-entries", method = "get", operation_id = "list_audit_entries")]
    async fn list(
        &self,
        ctx: Ctx,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
        /// Only what was done to this object.
        object_id: Query<Option<Uuid>>,
    ) -> Result<Listed<Page<AuditEntry>>, Error> {
        let paging = Paging::new(limit.0, cursor.0.as_deref())?;
        Listed::new(&ctx, &super::list(&ctx, object_id.0, &paging).await?)
    }

    /// Export the audit log
    ///
    /// As lines of JSON: every entry exactly as it is sealed, with its seal and the values beside it, so that another
    /// program that has the audit key can check all of it. For administrators and auditors; the export is itself an
    /// entry. Where the last line says `more`, go on after the last number.
    #[oai(path = "/audit-entries/export", method = "get", operation_id = "export_audit_entries")]
    async fn export(
        &self,
        ctx: Ctx,
        /// Only entries after this number; from the first where it is left out.
        #[oai(validator(minimum(value = "0"), maximum(value = "1000000000000")))]
        after: Query<Option<i64>>,
        /// How many entries, 1 to 1000; as many as that where it is left out.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000")))]
        limit: Query<Option<u64>>,
    ) -> Result<Document, Error> {
        let lines = export::create(&ctx, after.0.unwrap_or_default(), limit.0.unwrap_or(export::MOST)).await?;
        Ok(Document::new(&ctx, "application/x-ndjson", lines, Language::english()).not_to_be_kept())
    }
}

/// What became of an object, for those who may see it.
#[derive(Debug)]
pub struct History;

#[OpenApi]
impl History {
    /// Read the history of an organisation
    ///
    /// By id or code. What changed and when, oldest first, as far as you may see it and could when it happened.
    #[oai(
        path = "/organisations/:id/history",
        method = "get",
        operation_id = "get_organisation_history",
        tag = "Tag::Organisations"
    )]
    async fn organisation(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<HistoryEntry>>, Error> {
        history(&ctx, Subject::Organisation, id, limit, cursor).await
    }

    /// Read the history of a person
    ///
    /// What changed and when, oldest first, as far as you may see it and could when it happened.
    #[oai(path = "/persons/:id/history", method = "get", operation_id = "get_person_history", tag = "Tag::Persons")]
    async fn person(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<HistoryEntry>>, Error> {
        history(&ctx, Subject::Person, id, limit, cursor).await
    }

    /// Read the history of a group
    ///
    /// By id or code. What changed and when, oldest first, as far as you may see it and could when it happened.
    #[oai(path = "/groups/:id/history", method = "get", operation_id = "get_group_history", tag = "Tag::Groups")]
    async fn group(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<HistoryEntry>>, Error> {
        history(&ctx, Subject::Group, id, limit, cursor).await
    }

    /// Read the history of an event
    ///
    /// By id or code. What changed and when, oldest first, as far as you may see it and could when it happened.
    #[oai(path = "/events/:id/history", method = "get", operation_id = "get_event_history", tag = "Tag::Events")]
    async fn event(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<HistoryEntry>>, Error> {
        history(&ctx, Subject::Event, id, limit, cursor).await
    }

    /// Read the history of a session
    ///
    /// What changed and when, oldest first, as far as you may see it and could when it happened.
    #[oai(path = "/sessions/:id/history", method = "get", operation_id = "get_session_history", tag = "Tag::Sessions")]
    async fn session(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<HistoryEntry>>, Error> {
        history(&ctx, Subject::Session, id, limit, cursor).await
    }

    /// Read the history of a statement
    ///
    /// By id or code. What changed and when, oldest first, as far as you may see it and could when it happened.
    #[oai(
        path = "/statements/:id/history",
        method = "get",
        operation_id = "get_statement_history",
        tag = "Tag::Statements"
    )]
    async fn statement(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<HistoryEntry>>, Error> {
        history(&ctx, Subject::Statement, id, limit, cursor).await
    }

    /// Read the history of a delegation
    ///
    /// What changed and when, oldest first, as far as you may see it and could when it happened.
    #[oai(
        path = "/delegations/:id/history",
        method = "get",
        operation_id = "get_delegation_history",
        tag = "Tag::Delegations"
    )]
    async fn delegation(
        &self,
        ctx: Ctx,
        id: Path<String>,
        /// How many, 1 to 200.
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))]
        limit: Query<Option<u64>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<String>>,
    ) -> Result<Listed<Page<HistoryEntry>>, Error> {
        history(&ctx, Subject::Delegation, id, limit, cursor).await
    }
}

async fn history(
    ctx: &Ctx,
    of: Subject,
    Path(id): Path<String>,
    Query(limit): Query<Option<u64>>,
    Query(cursor): Query<Option<String>>,
) -> Result<Listed<Page<HistoryEntry>>, Error> {
    let paging = Paging::new(limit, cursor.as_deref())?;
    Listed::new(ctx, &super::history(ctx, of, &Handle::from(id), &paging).await?)
}
