//! Statements, resolved for one language and written as HTML, Markdown and plain text.
//!
//! [`render`] decides everything a reader sees: language, numbers, order of states, banner. [`html`], [`markdown`] and
//! [`text`] only write it down; serialised, the [`RenderDoc`] is the JSON export.

mod html;
pub(crate) mod markdown;
mod text;

use domain::{
    Code, Language, Text,
    identifier::ClauseId,
    statements::{
        Adoption, Clause, ClauseState, Kind, OrderPolicy, Part, State,
        clause::{Numbered, numbered},
        furniture,
        order::List,
    },
};
use schemars::JsonSchema;
use serde::Serialize;

pub use crate::{Direction, Line};
use crate::{line::list_name, lines};
pub use html::{html, html_article};
pub use markdown::markdown;
pub use text::text;

/// A statement as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What sort of text it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Number of the version, shown on a draft.
    pub version: u32,
    /// Title, unless a clause gives it.
    pub title: &'a Text,
    /// All clauses, in any order; deleted ones are left out.
    pub clauses: &'a [Clause],
    /// States that took part, with co-chairs and host for the order.
    pub participants: List<'a>,
    /// In which order they are listed.
    pub order: &'a OrderPolicy,
    /// Where and when the text was adopted, once it was.
    pub adoption: Option<&'a Adoption>,
}

/// A statement resolved for one language: the one form all exports are written from, and itself the JSON export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StatementExport")]
pub struct RenderDoc {
    /// The language that was asked for. Whatever is in another one says so.
    pub language: Language,
    /// Direction of its script.
    pub direction: Direction,
    /// What sort of text it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Number of the version.
    pub version: u32,
    /// "Draft, version 3"; absent once the text is adopted.
    pub banner: Option<Line>,
    /// Title.
    pub title: Line,
    /// Preambular and operative paragraphs, in order.
    pub paragraphs: Vec<Paragraph>,
    /// The list of states; a chair's summary has none.
    pub participants: Option<Participants>,
    /// Closing paragraphs.
    pub closing: Vec<Paragraph>,
    /// "Adopted in Seoul, 8 October 2019".
    pub adopted: Option<Line>,
}

/// One clause as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StatementParagraph")]
pub struct Paragraph {
    /// The clause.
    pub clause: ClauseId,
    /// Its part.
    pub part: Part,
    /// Its number, the same in all languages.
    pub number: Option<u32>,
    /// How far the delegations have come with it.
    pub state: ClauseState,
    /// Its words.
    #[serde(flatten)]
    pub line: Line,
}

/// The list of states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StatementParticipants")]
pub struct Participants {
    /// What introduces it: the clauses of that part, or a plain heading.
    pub introduction: Vec<Line>,
    /// The states in order.
    pub entries: Vec<Entry>,
}

/// One state of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StatementParticipant")]
pub struct Entry {
    /// Its number in this list. It may differ between languages, so never cite a state by it.
    pub number: usize,
    /// Organisation code, for states ISO 3166-1 alpha-2: what to cite a state by.
    pub code: Code,
    /// Its name for lists.
    #[serde(flatten)]
    pub name: Line,
}

/// Resolves a statement for readers of `language`.
pub fn render(source: &Source<'_>, language: &Language) -> RenderDoc {
    let live = numbered(source.clauses);
    let of = |wanted: &[Part]| -> Vec<Paragraph> {
        live.iter().filter(|line| wanted.contains(&line.clause.part)).map(|line| paragraph(line, language)).collect()
    };
    let title = of(&[Part::Title]).into_iter().next().map(|paragraph| paragraph.line);
    RenderDoc {
        language: language.clone(),
        direction: Direction::of(language),
        kind: source.kind,
        state: source.state,
        version: source.version,
        banner: furniture::banner(language, source.state, source.version).map(Line::from),
        title: title.unwrap_or_else(|| Line::resolve(source.title, language)),
        paragraphs: of(&[Part::Preamble, Part::Operative]),
        participants: participants(source, of(&[Part::List]), language),
        closing: of(&[Part::Closing]),
        adopted: adopted(source, language),
    }
}

fn paragraph(line: &Numbered<'_>, language: &Language) -> Paragraph {
    Paragraph {
        clause: line.clause.id,
        part: line.clause.part,
        number: line.number,
        state: line.clause.state,
        line: Line::resolve(line.clause.revision.text(), language),
    }
}

fn participants(source: &Source<'_>, clauses: Vec<Paragraph>, language: &Language) -> Option<Participants> {
    if !source.kind.is_adopted_by_participants() {
        return None;
    }
    let arranged = source.order.arrange(source.participants, language);
    let entries = arranged.iter().zip(1..).map(|(participant, number)| Entry {
        number,
        code: participant.code.clone(),
        name: list_name(&participant.names, &participant.code, language),
    });
    let entries: Vec<Entry> = entries.collect();
    let mut introduction: Vec<Line> = clauses.into_iter().map(|clause| clause.line).collect();
    if introduction.is_empty() && !entries.is_empty() {
        introduction.extend(furniture::states(language).map(Line::from));
    }
    (!introduction.is_empty()).then_some(Participants { introduction, entries })
}

fn adopted(source: &Source<'_>, language: &Language) -> Option<Line> {
    let adoption = source.adoption.filter(|_| source.state.is_adopted() && source.kind.is_adopted_by_participants())?;
    furniture::adopted(language, adoption).map(Line::from)
}

#[cfg(test)]
mod tests;
