//! All that is kept about a person, for that person: as data, and to be read.

use std::fmt::Write;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Class, Table};

crate::words! {
    /// The forms an export can be had in.
    #[derive(Default)]
    #[schemars(rename = "PersonExportFormat")]
    pub enum ExportFormat {
        /// For programs.
        #[default]
        Json = "json",
        /// Plain text, for people.
        Text = "text",
    }
}

/// All that the tables hold about a person, secrets excepted.
#[derive(Debug, Clone, Serialize)]
pub struct PersonExport {
    /// The person.
    pub person_id: Uuid,
    /// The version of the person, for the `If-Match` of an erasure.
    pub version: i32,
    /// When it was read (UTC).
    pub exported_at: Timestamp,
    /// Each table that holds something.
    pub tables: Vec<ExportedTable>,
}

/// The rows of one table that are about a person.
#[derive(Debug, Clone, Serialize)]
pub struct ExportedTable {
    /// Its name.
    pub table: &'static str,
    /// What it holds.
    pub holds: &'static str,
    /// The rows by column.
    pub rows: Vec<Map<String, Value>>,
    /// Why each column about people is kept, and for how long.
    pub handling: Vec<ExportedColumns>,
}

/// Why columns are kept.
#[derive(Debug, Clone, Serialize)]
pub struct ExportedColumns {
    /// Which.
    pub columns: Vec<&'static str>,
    /// What for.
    pub purpose: &'static str,
    /// With what right.
    pub legal_basis: &'static str,
    /// For how long.
    pub kept: &'static str,
}

impl ExportedTable {
    /// The table with these rows, without what leaves the server by no door.
    pub fn new(table: &Table, mut rows: Vec<Map<String, Value>>) -> Self {
        for row in &mut rows {
            for (name, group) in table.fields() {
                if group.class == Class::Restricted {
                    row.remove(name);
                }
            }
        }
        let shown = table.columns.iter().filter(|group| group.class != Class::Restricted);
        let handling = shown.filter_map(|group| {
            let why = group.handling?;
            let kept = why.retention.describe();
            Some(ExportedColumns {
                columns: group.names().collect(),
                purpose: why.purpose,
                legal_basis: why.basis,
                kept,
            })
        });
        Self { table: table.name, holds: table.holds, handling: handling.collect(), rows }
    }
}

impl PersonExport {
    /// The export as plain text.
    pub fn to_text(&self) -> String {
        let mut text = format!("What Plenum keeps about person {}\nRead at {}\n", self.person_id, self.exported_at);
        for table in &self.tables {
            let _ = writeln!(text, "\n{} ({})", table.table, table.holds);
            for why in &table.handling {
                let columns = why.columns.join(", ");
                let _ = writeln!(text, "  {columns}: {}; {}; kept {}", why.purpose, why.legal_basis, why.kept);
            }
            for (number, row) in (1..).zip(&table.rows) {
                let _ = writeln!(text, "  {number}.");
                for (name, value) in row.iter().filter(|(_, value)| !value.is_null()) {
                    let _ = writeln!(text, "     {name}: {}", plain(value));
                }
            }
        }
        text
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
