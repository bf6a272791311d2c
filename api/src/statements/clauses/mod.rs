//! Clauses: the paragraphs of a statement, edited one by one. Each change of words is a revision that stays.

pub mod resource;
pub mod store;

use domain::{
    Text,
    access::Resource,
    identifier::{ClauseId, Handle, StatementId},
    statements::{
        Clause, ClauseState, Part, Place, Provenance, Statement, Wording, clause::numbered, wording::MOST_CLAUSES,
        wording::arrange,
    },
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Occasion, change, occasion_of, participants, refused};
use crate::{
    context::Ctx,
    db::{Expected, Page, Paging, Tx, Visible, to_json},
    error::Error,
};

/// A clause as it stands in its statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Clause")]
pub struct Standing {
    /// The statement.
    pub statement_id: StatementId,
    /// Its part.
    pub part: Part,
    /// Its number, the same in all languages; only operative clauses carry one, and only where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// How far the delegations have come with it.
    pub state: ClauseState,
    /// Its words per language.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub text: Text,
    /// Number of the revision these words are.
    pub revision: u32,
    /// Where the words come from.
    pub provenance: Provenance,
}

/// What a clause once said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ClauseRevision")]
pub struct PastWords {
    /// The clause.
    pub clause_id: ClauseId,
    /// Its place in the life of the clause, from 1.
    pub revision: u32,
    /// The words per language.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub text: Text,
    /// Where the words come from.
    pub provenance: Provenance,
    /// Who wrote them; for the secretariat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Why; for those who took part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// SHA-256 of the words.
    pub sha256: String,
    /// When they were written (UTC).
    pub created_at: Timestamp,
}

/// All clauses of a statement, in reading order.
pub async fn list(ctx: &Ctx, statement: &Handle) -> Result<Page<Visible<Standing>>, Error> {
    let statement = super::get(ctx, statement).await?;
    let clauses = store::clause_list(ctx.read(Resource::Statements)?, statement.id).await?;
    Ok(Page { items: standing(statement.id, clauses), next_cursor: None })
}

/// One clause.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<Visible<Standing>, Error> {
    Ok(find(ctx, id).await?.1)
}

/// What a clause has said, oldest first. Those who did not take part in the event see what it says now and no more:
/// how a text came about is the business of those who made it.
pub async fn revisions(ctx: &Ctx, id: Uuid, paging: &Paging) -> Result<Page<PastWords>, Error> {
    let (statement, clause) = find(ctx, id).await?;
    let connection = ctx.read(Resource::Statements)?;
    let inside = participants::takes_part(ctx, &statement).await?;
    let only = (!inside).then_some(clause.content.revision);
    let page = store::revision_list(connection, id, only, paging).await?;
    let staff = inside && ctx.actor.sees_everything();
    page.try_map(|words| {
        Ok(PastWords { author: words.author.filter(|_| staff), reason: words.reason.filter(|_| inside), ..words })
    })
}

/// Adds a clause.
pub async fn insert(ctx: &Ctx, statement: &Handle, input: Wording) -> Result<Visible<Standing>, Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let known = super::get(ctx, statement).await?;
    let occasion = occasion_of(ctx, &known.content.details).await?;
    let permit = ctx.actor.permit(Resource::Statements, occasion.target())?;
    input.check()?;
    let tx = ctx.write(permit).await?;
    let statement = super::store::statement_lock(&tx, known.id).await?;
    let clauses = store::clause_list(tx.connection(), statement.id).await?;
    if clauses.len() >= MOST_CLAUSES {
        let detail = format!("A statement has at most {MOST_CLAUSES} clauses. Put several paragraphs into one.");
        return Err(Error::conflict("too_many_clauses", detail));
    }
    let id = ClauseId(tx.new_id()?);
    let clause = Clause { state: input.state, ..Clause::authored(id, input.part, 0, input.text.clone()) };
    statement.content.state.admit_editing().map_err(refused)?;
    let order = arrange(&contents(&clauses), id, input.part, input.place().unwrap_or(Place::End))?;
    store::clause_insert(&tx, statement.id, &clause, input.reason.as_deref()).await?;
    store::clause_order(&tx, &order).await?;
    let made = placed(&tx, statement.id, id).await?;
    record(&tx, "clause.inserted", &made, &statement, &occasion, to_json(&made.content)?);
    tx.commit().await?;
    Ok(made)
}

/// Changes a clause, if it still is what the caller read. `edit` makes the new wording of the old.
pub async fn edit(
    ctx: &Ctx,
    id: Uuid,
    expected: Expected,
    edit: impl FnOnce(&Wording) -> Result<Wording, Error>,
) -> Result<Visible<Standing>, Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let (known, seen) = find(ctx, id).await?;
    let occasion = occasion_of(ctx, &known.content.details).await?;
    let permit = ctx.actor.permit(Resource::Statements, occasion.target())?;
    expected.check_object(&seen)?;
    let tx = ctx.write(permit).await?;
    let statement = super::store::statement_lock(&tx, known.id).await?;
    let clauses = store::clause_list(tx.connection(), statement.id).await?;
    let current = clauses.iter().find(|clause| clause.id == id).filter(|clause| clause.version == seen.version);
    let current = current.ok_or(Error::Stale(None))?;
    let input = edit(&Wording::of(&current.content))?;
    input.check()?;
    let next = input.apply(current.content.clone(), statement.content.state).map_err(refused)?;
    let next = next.relocate(statement.content.state, input.part, current.content.position).map_err(refused)?;
    store::clause_update(&tx, current, &next, input.reason.as_deref()).await?;
    if input.part != current.content.part || input.place().is_some() {
        let place = input.place().unwrap_or(Place::End);
        store::clause_order(&tx, &arrange(&contents(&clauses), next.id, input.part, place)?).await?;
    }
    let made = placed(&tx, statement.id, next.id).await?;
    let mut diff = crate::audit::diff(&seen.content, &made.content)?;
    if let (Some(members), Some(reason)) = (diff.as_object_mut(), &input.reason) {
        members.insert("reason".to_owned(), json!(reason));
    }
    record(&tx, "clause.updated", &made, &statement, &occasion, diff);
    tx.commit().await?;
    Ok(made)
}

/// Strikes a clause out. Its id is never used again; the numbers of those behind it move up.
pub async fn delete(ctx: &Ctx, id: Uuid, expected: Expected) -> Result<(), Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let (known, seen) = find(ctx, id).await?;
    let occasion = occasion_of(ctx, &known.content.details).await?;
    let permit = ctx.actor.permit(Resource::Statements, occasion.target())?;
    expected.check_object(&seen)?;
    let tx = ctx.write(permit).await?;
    let statement = super::store::statement_lock(&tx, known.id).await?;
    statement.content.state.admit_editing().map_err(refused)?;
    let version = store::clause_delete(&tx, &seen).await?;
    record(&tx, "clause.deleted", &Visible { version, ..seen }, &statement, &occasion, Value::Null);
    tx.commit().await
}

/// The clause and its statement, if the caller may see that.
async fn find(ctx: &Ctx, id: Uuid) -> Result<(Visible<Statement>, Visible<Standing>), Error> {
    let connection = ctx.read(Resource::Statements)?;
    let place = store::clause_statement(connection, id).await?;
    let statement = super::get(ctx, &Handle::Id(place)).await?;
    let clauses = standing(statement.id, store::clause_list(connection, statement.id).await?);
    let clause = clauses.into_iter().find(|clause| clause.id == id).ok_or(Error::Gone)?;
    Ok((statement, clause))
}

/// The clause as it stands among the others after a write.
async fn placed(tx: &Tx, statement: Uuid, id: ClauseId) -> Result<Visible<Standing>, Error> {
    let clauses = standing(statement, store::clause_list(tx.connection(), statement).await?);
    clauses.into_iter().find(|clause| clause.id == id.0).ok_or(Error::Stale(None))
}

/// The clauses in reading order, with their numbers.
pub(super) fn standing(statement: Uuid, clauses: Vec<Visible<Clause>>) -> Vec<Visible<Standing>> {
    let contents = contents(&clauses);
    let line = |numbered: &domain::statements::clause::Numbered<'_>| {
        let clause = clauses.iter().find(|clause| clause.id == numbered.clause.id.0)?.clone();
        Some(clause.map(|clause| Standing {
            statement_id: StatementId(statement),
            part: clause.part,
            number: numbered.number,
            state: clause.state,
            text: clause.revision.text().clone(),
            revision: clause.revision.number(),
            provenance: clause.revision.provenance().clone(),
        }))
    };
    numbered(&contents).iter().filter_map(line).collect()
}

fn contents(clauses: &[Visible<Clause>]) -> Vec<Clause> {
    clauses.iter().map(|clause| clause.content.clone()).collect()
}

fn record(
    tx: &Tx,
    kind: &'static str,
    clause: &Visible<Standing>,
    statement: &Visible<Statement>,
    occasion: &Occasion,
    diff: Value,
) {
    tx.record(change(kind, clause.id, clause.version, &statement.content, occasion, diff));
}
