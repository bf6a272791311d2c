//! The first draft: what a meeting says about itself, from what is on record of it.

use domain::{
    access::Resource,
    identifier::{ClauseId, Handle},
    statements::{
        Clause, ClauseState, DateRange, Details, DraftClause, Facts, Kind, Lint, Part, Revision, Statement, Track,
        joint_statement,
    },
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{
    clauses::{self, Standing},
    participants::{self, Around},
    record, refused, store,
};
use crate::{
    context::Ctx,
    db::{Tx, Visible},
    error::Error,
};

/// A first draft as it was stored.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "FirstDraft")]
pub struct FirstDraft {
    /// The statement, with the title it has now.
    pub statement: Visible<Statement>,
    /// Its clauses in reading order.
    pub clauses: Vec<Visible<Standing>>,
    /// What its author should look at before using it.
    pub lints: Vec<Remark>,
}

/// Something the draft could not say properly.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "DraftRemark")]
pub struct Remark {
    /// What it is, for machines.
    #[serde(flatten)]
    pub lint: Lint,
    /// The same in plain words, and how to mend it.
    pub detail: String,
}

/// Writes the first draft of a joint statement, in all its languages for which there are phrases.
pub async fn create(ctx: &Ctx, handle: &Handle) -> Result<FirstDraft, Error> {
    ctx.actor.may_write(Resource::Statements)?;
    let known = super::get(ctx, handle).await?;
    let around = participants::around(ctx, &known).await?;
    let permit = ctx.actor.permit(Resource::Statements, around.occasion.target())?;
    if known.content.details.kind != Kind::JointStatement {
        let detail = "Only joint statements are drafted from the facts of their event. Add the clauses by hand.";
        return Err(Error::conflict("no_draft_for_kind", detail));
    }
    let facts = facts(ctx, &around).await?;
    let draft = joint_statement(&facts, &known.content.details.languages);
    let tx = ctx.write(permit).await?;
    let current = store::statement_lock(&tx, known.id).await?;
    current.content.state.admit_editing().map_err(refused)?;
    if !clauses::store::clause_list(tx.connection(), current.id).await?.is_empty() {
        let detail = "The statement has clauses already. Edit them, or delete them all to have it drafted again.";
        return Err(Error::conflict("already_drafted", detail));
    }
    clauses_write(&tx, &current, draft.clauses).await?;
    store::facts_keep(&tx, current.id, &facts).await?;
    let title = Some(&current.content.details.title).filter(|title| !title.is_empty()).unwrap_or(&draft.title);
    let details = Details { title: title.clone(), ..current.content.details.clone() };
    let next = Statement { details, ..current.content.clone() };
    let made = store::statement_update(&tx, &current, &next).await?;
    let written = clauses::store::clause_list(tx.connection(), made.id).await?;
    record(&tx, "statement.drafted", &made, &around.occasion, Value::Null);
    tx.commit().await?;
    let remark = |lint: Lint| Remark { detail: lint.to_string(), lint };
    Ok(FirstDraft {
        clauses: clauses::standing(made.id, written),
        statement: made,
        lints: draft.lints.into_iter().map(remark).collect(),
    })
}

async fn clauses_write(tx: &Tx, statement: &Visible<Statement>, drafted: Vec<DraftClause>) -> Result<(), Error> {
    let mut parts: Vec<Part> = vec![];
    for DraftClause { part, text, provenance } in drafted {
        parts.push(part);
        let position = parts.iter().filter(|other| **other == part).count();
        let clause = Clause {
            id: ClauseId(tx.new_id()?),
            part,
            position: i32::try_from(position).map_err(Error::internal)?,
            state: ClauseState::Open,
            revision: Revision::new(1, text, provenance),
        };
        clauses::store::clause_insert(tx, statement.id, &clause, None).await?;
    }
    Ok(())
}

/// What is on record of the meeting. Without a group that met and a country in which it did there is nothing to say.
async fn facts(ctx: &Ctx, around: &Around) -> Result<Facts, Error> {
    let occasion = &around.occasion;
    let missing = |what: &str| {
        let detail = format!("A first draft is written from the facts of the event. Say there {what}.");
        Error::conflict("facts_missing", detail)
    };
    let group = occasion.group.ok_or_else(|| missing("which group meets (group_id)"))?;
    let host = around.host.clone().ok_or_else(|| missing("in which country it takes place (country_id)"))?;
    let tracks = occasion.tracks.iter().map(|track| Track {
        title: track.title.clone(),
        topics: track.topics.clone(),
        theme: track.theme,
    });
    Ok(Facts {
        group: participants::store::group_name(ctx.read(Resource::Statements)?, group).await?,
        ordinal: occasion.ordinal,
        event: occasion.title.clone(),
        place: occasion.city.clone(),
        host,
        dates: DateRange { first: occasion.starts_on, last: occasion.ends_on },
        co_chairs: around.co_chairs.clone(),
        participants: around.participants.clone(),
        tracks: tracks.collect(),
        next_meeting: None,
    })
}
