//! What an import would do, row by row and cell by cell, before it does anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

crate::words! {
    /// What is imported.
    #[schemars(rename = "ImportKind")]
    pub enum Kind {
        /// Organisations that are invited, and what is said of their delegations.
        Delegations = "delegations",
        /// People in delegations.
        Delegates = "delegates",
    }
}

crate::words! {
    /// How a row stands.
    #[schemars(rename = "ImportRowState")]
    pub enum RowState {
        /// It adds something.
        New = "new",
        /// It changes something that is there.
        Changed = "changed",
        /// What it says is so already.
        Same = "same",
        /// It can be carried out, but somebody should look at it first.
        Warning = "warning",
        /// It cannot be carried out.
        Error = "error",
    }
}

crate::words! {
    /// What a row does.
    #[schemars(rename = "ImportAction")]
    pub enum Action {
        /// Adds something.
        Add = "add",
        /// Changes something.
        Change = "change",
        /// Nothing.
        Keep = "keep",
    }
}

crate::words! {
    /// How much a remark matters.
    #[schemars(rename = "ImportLevel")]
    pub enum Level {
        /// The import may go on.
        Warning = "warning",
        /// The import may not.
        Error = "error",
    }
}

/// A remark on a cell, a row or the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportRemark")]
pub struct Remark {
    /// How much it matters.
    pub level: Level,
    /// Stable machine-readable code.
    #[schemars(length(min = 1, max = 64))]
    pub code: String,
    /// The cell, such as `C17`, or cells, such as `B2:C2`; none of the file as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// What is wrong and how to mend it; begins with the cell.
    pub message: String,
}

/// What a row does to one of its cells' members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportCell")]
pub struct Cell {
    /// The cell, such as `C17`.
    pub cell: String,
    /// The column's name.
    pub column: String,
    /// How it stands; what is the same is left out.
    pub state: RowState,
    /// What is there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportRow")]
pub struct RowVerdict {
    /// Its number as spreadsheets count, the header being 1.
    pub row: usize,
    /// How it stands.
    pub state: RowState,
    /// What it does.
    pub action: Action,
    /// Whom or what it is about.
    pub about: String,
    /// The version of what it was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// Its cells, without those that are the same.
    pub cells: Vec<Cell>,
    /// What is to be said of it.
    pub remarks: Vec<Remark>,
}

/// How many rows stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportTotals")]
pub struct Totals {
    /// All rows.
    pub rows: usize,
    /// Those that add something.
    pub new: usize,
    /// Those that change something.
    pub changed: usize,
    /// Those that say what is so already.
    pub same: usize,
    /// Those somebody should look at.
    pub warning: usize,
    /// Those that cannot be carried out.
    pub error: usize,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportPreview")]
pub struct Preview {
    /// What is imported.
    pub kind: Kind,
    /// Whether it can be carried out: nothing is wrong.
    pub ready: bool,
    /// How many rows stand how.
    pub totals: Totals,
    /// What is to be said of the file as a whole.
    pub remarks: Vec<Remark>,
    /// Its rows; empty ones are left out.
    pub rows: Vec<RowVerdict>,
}

impl Remark {
    /// A remark on `cell`.
    pub fn on(level: Level, code: &str, cell: String, message: impl AsRef<str>) -> Self {
        let message = format!("{cell}: {}", message.as_ref());
        Self { level, code: code.to_owned(), cell: Some(cell), message }
    }

    /// An error of the file as a whole.
    pub fn of_file(code: &str, message: impl Into<String>) -> Self {
        Self { level: Level::Error, code: code.to_owned(), cell: None, message: message.into() }
    }
}

impl RowVerdict {
    /// The state that follows from the action and the remarks.
    pub fn settled(mut self) -> Self {
        let worst = self.remarks.iter().map(|remark| remark.level).max();
        self.state = match (worst, self.action) {
            (Some(Level::Error), _) => RowState::Error,
            (Some(Level::Warning), _) => RowState::Warning,
            (None, Action::Add) => RowState::New,
            (None, Action::Change) => RowState::Changed,
            (None, Action::Keep) => RowState::Same,
        };
        self
    }
}

impl Preview {
    /// The preview of these rows, counted.
    pub fn new(kind: Kind, remarks: Vec<Remark>, rows: Vec<RowVerdict>) -> Self {
        let rows: Vec<_> = rows.into_iter().map(RowVerdict::settled).collect();
        let count = |state| rows.iter().filter(|row| row.state == state).count();
        let totals = Totals {
            rows: rows.len(),
            new: count(RowState::New),
            changed: count(RowState::Changed),
            same: count(RowState::Same),
            warning: count(RowState::Warning),
            error: count(RowState::Error),
        };
        let ready = totals.error == 0 && remarks.iter().all(|remark| remark.level < Level::Error);
        Self { kind, ready, totals, remarks, rows }
    }
}
