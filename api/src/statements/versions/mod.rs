//! Versions: the whole text frozen, with the names of that day. What was adopted is read from here for ever.

pub mod resource;
pub mod store;

use domain::{
    Check,
    access::Resource,
    identifier::{Handle, StatementId},
    language::check_line,
    statements::{Content, Label, State, Statement},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{participants, record, refused};
use crate::{
    context::Ctx,
    db::{Page, Paging, Tx, Visible},
    error::Error,
};

/// A frozen version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StatementVersionEntry")]
pub struct Entry {
    /// The statement.
    pub statement_id: StatementId,
    /// Its number, from 1.
    pub number: u32,
    /// What it is called: `zero_draft` as first tabled, `rev.1` and so on, `adopted`.
    pub label: Label,
    /// SHA-256, in hexadecimal, of `content` as canonical JSON (RFC 8785).
    pub sha256: String,
    /// What its author said of it; for those who took part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Who froze it; for the secretariat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// When (UTC).
    pub created_at: Timestamp,
}

/// A frozen version with everything in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StatementVersion")]
pub struct Version {
    /// What it is.
    #[serde(flatten)]
    pub entry: Entry,
    /// What was frozen.
    pub content: Content,
}

/// What a new version is to be called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "VersionRequest")]
pub struct Request {
    /// `rev.1` and so on; left out, the next that is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What is to be said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1000))]
    pub comment: Option<String>,
}

impl Request {
    fn check(&self) -> Result<(), Error> {
        let mut check = Check::new();
        let by_hand = matches!(self.label, None | Some(Label::Revision(_)));
        let detail = "Tabling makes the zero draft and adoption the adopted text. Use rev.1, rev.2 and so on.";
        check.require(by_hand, "/label", "reserved_label", detail);
        if let Some(comment) = &self.comment {
            check.take(check_line(comment, "/comment", 1000));
        }
        Ok(check.finish()?)
    }
}

/// The versions of a statement the caller may see, oldest first: all of them for those who take part in the event, for
/// everybody else what was adopted.
pub async fn list(ctx: &Ctx, statement: &Handle, paging: &Paging) -> Result<Page<Entry>, Error> {
    let statement = super::get(ctx, statement).await?;
    let inside = participants::takes_part(ctx, &statement).await?;
    let only = (!inside).then(|| public_version(&statement.content));
    let page = store::version_list(ctx.read(Resource::Statements)?, statement.id, only, paging).await?;
    page.try_map(|entry| Ok(shown(ctx, inside, entry)))
}

/// One version with its content.
pub async fn get(ctx: &Ctx, statement: &Handle, number: u32) -> Result<Version, Error> {
    let statement = super::get(ctx, statement).await?;
    let version = find(ctx, &statement, number).await?;
    let inside = participants::takes_part(ctx, &statement).await?;
    Ok(Version { entry: shown(ctx, inside, version.entry), content: version.content })
}

/// The version of this number, if the caller may see it.
pub(super) async fn find(ctx: &Ctx, statement: &Visible<Statement>, number: u32) -> Result<Version, Error> {
    if number != public_version(&statement.content) && !participants::takes_part(ctx, statement).await? {
        return Err(Error::NotFound);
    }
    store::version_find(ctx.read(Resource::Statements)?, statement.id, number).await
}

/// Freezes the text as it stands.
pub async fn create(ctx: &Ctx, statement: &Handle, request: Request) -> Result<Version, Error> {
    ctx.actor.may_write(Resource::Statements)?;
    request.check()?;
    let known = super::get(ctx, statement).await?;
    let around = participants::around(ctx, &known).await?;
    let permit = ctx.actor.permit(Resource::Statements, around.occasion.target())?;
    let tx = ctx.write(permit).await?;
    let current = super::store::statement_lock(&tx, known.id).await?;
    current.content.state.admit_editing().map_err(refused)?;
    let clauses = super::clauses::store::clause_list(tx.connection(), current.id).await?;
    let clauses = clauses.into_iter().map(|clause| clause.content).collect();
    let label = match request.label {
        Some(label) => label,
        None => next_revision(&tx, &current).await?,
    };
    let content = super::content(&current.content, clauses, &around, None);
    let number = freeze(&tx, &current, label, request.comment, content).await?;
    let next = Statement { head_version: number, ..current.content.clone() };
    let made = super::store::statement_update(&tx, &current, &next).await?;
    record(&tx, "statement.version_frozen", &made, &around.occasion, json!({"number": number, "label": label}));
    let version = store::version_find(tx.connection(), current.id, number).await?;
    tx.commit().await?;
    Ok(version)
}

/// What the version that goes with a step is called; most steps freeze none.
pub(super) async fn label_of_step(tx: &Tx, statement: &Visible<Statement>, to: State) -> Result<Option<Label>, Error> {
    Ok(match to {
        State::Tabled => Some(Label::ZeroDraft),
        State::Adopted => Some(Label::Adopted),
        // What nobody adopts is published as the chair leaves it.
        State::Published if !statement.content.state.is_adopted() => Some(next_revision(tx, statement).await?),
        _ => None,
    })
}

/// Writes the version that follows the last one of the locked `statement`; gives its number.
pub(super) async fn freeze(
    tx: &Tx,
    statement: &Visible<Statement>,
    label: Label,
    comment: Option<String>,
    content: Content,
) -> Result<u32, Error> {
    let previous = match statement.content.head_version {
        0 => None,
        head => Some(store::version_find(tx.connection(), statement.id, head).await?.entry.sha256),
    };
    let content = Content { previous, ..content }.frozen();
    let entry = Entry {
        statement_id: StatementId(statement.id),
        number: statement.content.head_version + 1,
        label,
        sha256: content.sha256()?,
        comment,
        created_by: Some(tx.author()),
        created_at: tx.now(),
    };
    let number = entry.number;
    store::version_insert(tx, &Version { entry, content }).await?;
    Ok(number)
}

async fn next_revision(tx: &Tx, statement: &Visible<Statement>) -> Result<Label, Error> {
    Ok(Label::next_revision(&store::label_list(tx.connection(), statement.id).await?))
}

/// The number of the version everybody may see who sees the statement; 0 is none.
fn public_version(statement: &Statement) -> u32 {
    if statement.state.is_adopted() { statement.head_version } else { 0 }
}

fn shown(ctx: &Ctx, inside: bool, entry: Entry) -> Entry {
    Entry {
        comment: entry.comment.filter(|_| inside),
        created_by: entry.created_by.filter(|_| inside && ctx.actor.sees_everything()),
        ..entry
    }
}
