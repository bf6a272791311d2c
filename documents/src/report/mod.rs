//! Reports: a title, headings, paragraphs and lists, resolved for one language and written as HTML and Markdown.
//!
//! What a report says is decided where it is made, as in [`credentials`](crate::credentials); here it is only written
//! down. Words in another language than the report's say so, as in statements.

mod html;
mod markdown;

use domain::Language;

pub use crate::Line;
pub use html::html;
pub use markdown::markdown;

/// A report resolved for one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The language that was asked for.
    pub language: Language,
    /// What stands above the title: "Draft".
    pub banner: Option<Line>,
    /// Title.
    pub title: Line,
    /// What follows, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(Line),
    /// Words in paragraphs: a blank line parts them.
    Paragraph(Line),
    /// A list.
    Items(Vec<Item>),
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it says.
    pub line: Line,
    /// What stands below it.
    pub below: Vec<Line>,
}

impl Item {
    /// An item with nothing below it.
    pub fn plain(line: Line) -> Self {
        Self { line, below: vec![] }
    }
}

#[cfg(test)]
mod tests;
