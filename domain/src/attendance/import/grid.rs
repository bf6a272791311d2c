//! A table as somebody sent it: rows of cells, each with an address people know it by.

use serde::{Deserialize, Serialize};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Nothing.
    #[default]
    Empty,
    /// Words. All that a CSV file has.
    Text(String),
    /// A number.
    Number(f64),
    /// A day, as `2025-11-24`; whatever else the cell says of the hour is not kept.
    Day(String),
    /// True or false.
    Truth(bool),
    /// A formula: what it comes to is not read, because nobody knows when it was last computed.
    Formula,
    /// An error value such as `#N/A`.
    Fault(String),
}

/// A table: its first row is the header.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Grid {
    /// The rows, the header first; they need not be of one length.
    pub rows: Vec<Vec<Content>>,
    /// Cells that were merged, each by its first and last address: `B2:C2`.
    pub merged: Vec<Merged>,
}

/// Cells that look like one. Counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Row and column of the first.
    pub first: (usize, usize),
    /// Row and column of the last.
    pub last: (usize, usize),
}

/// A table to be written: every value is text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What the columns are called.
    pub header: Vec<String>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<String>>,
}

/// The address of a cell, rows and columns counted from 0: `C17` for (16, 2).
pub fn address(row: usize, column: usize) -> String {
    let mut letters = vec![];
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().chain(format!("{}", row + 1).chars().collect::<Vec<_>>().iter()).collect()
}

impl Merged {
    /// How the cells are written: `B2:C2`.
    pub fn address(&self) -> String {
        format!("{}:{}", address(self.first.0, self.first.1), address(self.last.0, self.last.1))
    }

    /// Whether the cell is one of them.
    pub fn covers(&self, row: usize, column: usize) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }
}

/// What stands before a value that a spreadsheet would otherwise compute.
const MARK: char = '\'';

/// Whether a spreadsheet would take the value for a formula, any marks in front aside.
fn is_risky(value: &str) -> bool {
    value.trim_start_matches(MARK).starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The value so that no spreadsheet computes it: with an apostrophe in front where it begins as a formula does (OWASP,
/// CSV injection).
pub fn neutral(value: &str) -> String {
    if is_risky(value) { format!("{MARK}{value}") } else { value.to_owned() }
}

/// The value that [`neutral`] was made of.
pub fn plain(value: &str) -> &str {
    if is_risky(value) { value.strip_prefix(MARK).unwrap_or(value) } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_are_called_as_spreadsheets_call_them() {
        let named = [(0, 0), (16, 2), (0, 25), (0, 26), (99, 51), (0, 702)].map(|(row, column)| address(row, column));
        assert_eq!(named, ["A1", "C17", "Z1", "AA1", "AZ100", "AAA1"]);
        assert_eq!(Merged { first: (1, 1), last: (1, 2) }.address(), "B2:C2");
    }

    proptest! {
        #[test]
        fn every_value_comes_back_and_none_begins_as_a_formula(value in "['=+\\-@\t\ra ]{0,4}|.{0,8}") {
            let written = neutral(&value);
            prop_assert_eq!(plain(&written), &value);
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
