//! Tables as files: written as CSV and XLSX, and read from both.
//!
//! What is written here is read back here as the same values. What others wrote is read with care: a file is untrusted,
//! so its size in memory is bounded before anything of it is kept.

mod csv;
mod xlsx;

pub use domain::attendance::import::grid::Table;

use domain::attendance::import::grid::Grid;
use thiserror::Error;

pub use self::csv::{read_csv, write_csv};
pub use self::xlsx::{read_xlsx, write_xlsx};

/// Rows that are read at most, the header included.
pub const MOST_ROWS: usize = 5_001;
/// Columns that are read at most.
pub const MOST_COLUMNS: usize = 100;

/// Why a file cannot be read as a table. The text of each is meant for people and says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// There is nothing in it.
    #[error("The file is empty. Send a table whose first row names the columns.")]
    Empty,
    /// Bytes that are no UTF-8.
    #[error(
        "The file is not UTF-8: line {0} holds bytes of another encoding, such as Windows-1250. Save it as 'CSV UTF-8', \
         or send it as XLSX."
    )]
    Encoding(usize),
    /// UTF-16 with half a character in it.
    #[error("The file says it is UTF-16 but is damaged. Save it again as 'CSV UTF-8', or send it as XLSX.")]
    Utf16,
    /// The CSV cannot be taken apart.
    #[error("Line {0} cannot be read as CSV. A value with quotation marks or line ends stands in quotation marks.")]
    Line(u64),
    /// A binary file under the name of a text.
    #[error("This is no text but a binary file. Send CSV as text/csv and XLSX under its own media type.")]
    Binary,
    /// The old format of Excel.
    #[error("This is a workbook of the old format (.xls). Save it as .xlsx and send that.")]
    OldWorkbook,
    /// An encrypted package.
    #[error("The workbook is protected by a password. Save a copy without one and send that.")]
    Password,
    /// No ZIP archive, or a damaged one.
    #[error("This is no XLSX workbook, or not all of it arrived. Save it as .xlsx again and send that.")]
    NoWorkbook,
    /// A ZIP archive without a workbook in it.
    #[error("This archive is no XLSX workbook ({0}). Save the table as .xlsx and send that.")]
    OtherArchive(String),
    /// Much more than a table of this size needs.
    #[error("The workbook unpacks to more than {0} MB. Send the table alone, without pictures and other sheets.")]
    TooLarge(usize),
    /// More rows than are read.
    #[error("The table has more than {} rows. Send it in parts.", MOST_ROWS - 1)]
    TooManyRows,
    /// More columns than are read.
    #[error("Row {0} has more than {MOST_COLUMNS} columns. Leave out those that are not needed.")]
    TooManyColumns(usize),
}

impl Unreadable {
    /// Stable machine-readable code in `snake_case`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::Encoding(_) | Self::Utf16 => "wrong_encoding",
            Self::Line(_) => "not_csv",
            Self::Binary => "not_text",
            Self::OldWorkbook => "old_workbook",
            Self::Password => "password_protected",
            Self::NoWorkbook | Self::OtherArchive(_) => "not_a_workbook",
            Self::TooLarge(_) => "unpacks_too_large",
            Self::TooManyRows => "too_many_rows",
            Self::TooManyColumns(_) => "too_many_columns",
        }
    }
}

/// The grid without what is empty at its end, or a refusal where that leaves nothing.
fn trimmed(mut grid: Grid) -> Result<Grid, Unreadable> {
    use domain::attendance::import::grid::Content::Empty;
    for row in &mut grid.rows {
        while row.last() == Some(&Empty) {
            row.pop();
        }
    }
    while grid.rows.last().is_some_and(Vec::is_empty) {
        grid.rows.pop();
    }
    if grid.rows.is_empty() { Err(Unreadable::Empty) } else { Ok(grid) }
}

#[cfg(test)]
mod tests;
