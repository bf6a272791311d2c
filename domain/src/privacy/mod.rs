//! What is kept about people: which column holds what, why, for how long, and what becomes of it when a person is
//! erased.
//!
//! The inventory is one table, and everything goes by it: the schema is compared with it, an export reads what it
//! says is about a person, an erasure empties what it says is personal, and the document for data protection officers
//! is written from it. So a new column about a person cannot be forgotten in one of them. What erasing means for an
//! audit log that nobody may change is in [`crate::audit`].

mod attendance;
mod document;
mod door;
mod erasure;
mod export;
mod field;
mod inventory;
mod lists;
mod programme;
mod purposes;
mod sittings;
mod texts;

pub use document::inventory_as_markdown;
pub use erasure::{Erased, ErasureOrder};
pub use export::{ExportFormat, ExportedTable, PersonExport};
pub use field::{Blank, Class, Columns, Handling, Link, Retention, Rows, Table};
pub use inventory::INVENTORY;
