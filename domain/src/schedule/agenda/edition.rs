//! Editions: agendas as they stood when they were circulated or adopted. They do not change any more.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Document, ItemShown, Kind, Visibility};
use crate::{
    Text, Violation,
    identifier::{AgendaItemId, SessionId},
    language::check_line,
};

crate::words! {
    /// What an edition is.
    #[schemars(rename = "AgendaEditionKind")]
    pub enum EditionKind {
        /// As it is proposed.
        Provisional = "provisional",
        /// As the meeting has adopted it.
        Adopted = "adopted",
    }
}

/// What is said of an edition when it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewAgendaEdition")]
pub struct NewEdition {
    /// A remark for its readers: "Revision 2", "as orally amended".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 300))]
    pub note: Option<String>,
}

impl NewEdition {
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<(), Violation> {
        self.note.as_ref().map_or(Ok(()), |note| check_line(note, "/note", 300))
    }
}

/// An item as an edition has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AgendaEditionItem")]
pub struct EditionItem {
    /// The item.
    pub item_id: AgendaItemId,
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How many items are above it.
    pub depth: usize,
    /// What it is called.
    pub title: Text,
    /// What it is for.
    pub kind: Kind,
    /// Who saw it.
    pub visibility: Visibility,
    /// How many minutes it was planned to take.
    pub planned_minutes: u16,
    /// What had to be on the table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// What should come of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_outcome: Option<Text>,
}

impl EditionItem {
    /// An item as it stands.
    pub fn of(id: AgendaItemId, item: &ItemShown) -> Self {
        let details = &item.details;
        Self {
            item_id: id,
            number: item.number.clone(),
            depth: item.depth,
            title: details.title.clone(),
            kind: details.kind,
            visibility: details.visibility,
            planned_minutes: details.planned_minutes,
            documents: details.documents.clone(),
            expected_outcome: details.expected_outcome.clone(),
        }
    }
}

/// What an edition is, without its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AgendaEditionHead")]
pub struct EditionHead {
    /// The session.
    pub session_id: SessionId,
    /// Which edition of the session's agenda it is, from 1.
    pub number: i32,
    /// What it is.
    pub kind: EditionKind,
    /// A remark for its readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An agenda as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AgendaEdition")]
pub struct Edition {
    /// What it is.
    #[serde(flatten)]
    pub head: EditionHead,
    /// Its items in their order, as far as the caller might see them then and may see them now.
    pub items: Vec<EditionItem>,
}
