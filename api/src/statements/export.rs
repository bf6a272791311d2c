//! A statement as a document, in one language and one format.

use documents::statement::{RenderDoc, Source, html, markdown, render, text};
use domain::{
    Language,
    identifier::Handle,
    statements::{Content, Label, State, Statement},
};

use super::{current_content, versions};
use crate::{context::Ctx, db::Visible, error::Error};

domain::words! {
    /// The formats a statement can be had in.
    #[derive(Default)]
    #[schemars(rename = "ExportFormat")]
    pub enum Format {
        /// CommonMark.
        #[default]
        Markdown = "markdown",
        /// One HTML page without style or script.
        Html = "html",
        /// Plain text in 78 columns.
        Text = "text",
        /// The resolved document: language, numbers, order, banner.
        Json = "json",
    }
}

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Json => "application/json",
        }
    }

    fn write(self, doc: &RenderDoc) -> Result<String, Error> {
        Ok(match self {
            Self::Markdown => markdown(doc),
            Self::Html => html(doc),
            Self::Text => text(doc),
            Self::Json => serde_json::to_string(doc)?,
        })
    }
}

/// A document and the language it is in.
#[derive(Debug, Clone)]
pub struct Exported {
    /// What it says.
    pub content: String,
    /// The language it was made for; what is in another one says so.
    pub language: Language,
}

/// The statement, or one of its frozen versions. An adopted statement is what was adopted, whatever has happened since.
pub async fn create(ctx: &Ctx, handle: &Handle, format: Format, version: Option<u32>) -> Result<Exported, Error> {
    let statement = super::get(ctx, handle).await?;
    let doc = resolved(ctx, &statement, version).await?;
    Ok(Exported { content: format.write(&doc)?, language: doc.language })
}

/// What an export is written from.
pub async fn resolved(ctx: &Ctx, statement: &Visible<Statement>, version: Option<u32>) -> Result<RenderDoc, Error> {
    let adopted = Some(statement.content.head_version).filter(|_| statement.content.state.is_adopted());
    let (content, number) = match version.or(adopted) {
        Some(number) => {
            let version = versions::find(ctx, statement, number).await?;
            let state = state_of(version.entry.label, &version.content, &statement.content);
            (Content { state, ..version.content }, number)
        }
        // What is not frozen yet is on its way to the next version.
        None => (current_content(ctx, statement).await?, statement.content.head_version + 1),
    };
    let source = Source {
        kind: content.kind,
        state: content.state,
        version: number,
        title: &content.title,
        clauses: &content.clauses,
        participants: content.list(),
        order: &content.order_policy,
        adoption: content.adoption.as_ref(),
    };
    Ok(render(&source, &language(ctx, &content)))
}

/// The first language asked for that the statement is to exist in; else the first asked for, with what there is in
/// another one marked as such; else the drafting language.
fn language(ctx: &Ctx, content: &Content) -> Language {
    let known = ctx.languages.iter().find(|language| content.languages.contains(language));
    known.or(ctx.languages.first()).unwrap_or(&content.drafting_language).clone()
}

/// What is to be said of a frozen version now: what it was when it was frozen, unless the statement has come to nothing.
fn state_of(label: Label, frozen: &Content, now: &Statement) -> State {
    match now.state {
        State::Published if label == Label::Adopted => State::Published,
        State::Withdrawn | State::Failed => now.state,
        _ => frozen.state,
    }
}
