//! The inventory as a document for data protection officers.

use std::fmt::Write;

use super::{Blank, Class, Columns, INVENTORY, Link, Rows, Table};

/// The whole inventory in Markdown: a section for each table that is about people, and a list of the others.
pub fn inventory_as_markdown() -> String {
    let mut text = String::new();
    let (people, others): (Vec<_>, Vec<_>) = INVENTORY.iter().partition(|table| is_about_people(table));
    for table in people {
        section(&mut text, table);
    }
    text.push_str("### Tables that hold nothing about people\n\n| table | holds | columns |\n| --- | --- | --- |\n");
    for table in others {
        let columns: Vec<_> = table.columns.iter().map(|group| format!("{}: {}", group.class, listed(group))).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "| `{}` | {} | {} |", table.name, table.holds, columns.join("; "));
    }
    text
}

fn is_about_people(table: &Table) -> bool {
    !table.about.is_empty() || table.columns.iter().any(|group| group.handling.is_some())
}

fn section(text: &mut String, table: &Table) {
    let _ = writeln!(text, "### `{}`\n\nHolds {}. {}\n", table.name, table.holds, found(table));
    text.push_str("| columns | class | purpose | legal basis | kept | after an erasure |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- |\n");
    for group in table.columns {
        let why = group.handling.map_or(["", "", ""], |why| [why.purpose, why.basis, why.retention.describe()]);
        let [purpose, basis, kept] = why;
        let left = left(table, group);
        let _ = writeln!(text, "| {} | {} | {purpose} | {basis} | {kept} | {left} |", listed(group), group.class);
    }
    text.push('\n');
}

fn found(table: &Table) -> String {
    let links: Vec<_> = table
        .about
        .iter()
        .map(|link| match link {
            Link::Of(column, "persons") if *column == "id" => "one row a person".to_owned(),
            Link::Of(column, target) => format!("`{column}` names a row of `{target}` about the person"),
            Link::Any(column) => format!("`{column}` names anything about the person"),
            Link::Mentions(column) => format!("`{column}` mentions the person"),
        })
        .collect();
    if links.is_empty() { "No person is found by it.".to_owned() } else { format!("Found by: {}.", links.join("; ")) }
}

fn left(table: &Table, group: &Columns) -> String {
    match (table.erased, group.class, group.blank) {
        _ if table.about.is_empty() => String::new(),
        (Rows::Go, ..) => "the row is gone".to_owned(),
        (_, Class::Public | Class::Internal, _) => "stays".to_owned(),
        (.., Blank::Null) => "nothing".to_owned(),
        (.., Blank::Text("")) => "an empty text".to_owned(),
        (.., Blank::Text(text) | Blank::Json(text)) => format!("`{text}`"),
        (.., Blank::False) => "`false`".to_owned(),
        (.., Blank::Pseudonym) => "a number behind which nothing is left".to_owned(),
    }
}

fn listed(group: &Columns) -> String {
    group.names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
