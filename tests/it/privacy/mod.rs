//! What is kept about people: that the inventory says all of it, and that it can be seen, erased and forgotten.

mod canary;
mod protected;
mod retention;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use domain::privacy::{Blank, Class, INVENTORY, Link, inventory_as_markdown};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::{on_both, support::Server};

/// Columns by table, each with its declared type.
pub type Schema = BTreeMap<String, BTreeMap<String, String>>;

/// The schema as the database knows it.
pub async fn schema(server: &Server) -> Schema {
    let connection = server.app.db.read();
    let backend = connection.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT table_name::text AS tbl, column_name::text AS col, data_type::text AS kind \
             FROM information_schema.columns WHERE table_schema = current_schema()"
        }
        _ => {
            "SELECT t.name AS tbl, c.name AS col, c.type AS kind FROM sqlite_schema t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
        }
    };
    let mut found = Schema::new();
    for row in connection.query_all_raw(Statement::from_string(backend, sql)).await.unwrap() {
        let get = |name: &str| row.try_get::<String>("", name).unwrap();
        found.entry(get("tbl")).or_default().insert(get("col"), get("kind"));
    }
    found
}

on_both! {
    async fn every_column_is_in_the_inventory_and_nothing_else(server) {
        let schema: BTreeSet<_> =
            schema(&server).await.into_iter().flat_map(|(table, columns)| columns.into_keys().map(move |column| format!("{table}.{column}"))).collect();
        let listed: Vec<_> = INVENTORY.iter().flat_map(|table| table.fields().map(|(column, _)| format!("{}.{column}", table.name))).collect();
        let inventory: BTreeSet<_> = listed.iter().cloned().collect();
        assert_eq!(listed.len(), inventory.len(), "a column is listed twice");
        let missing: Vec<_> = schema.difference(&inventory).collect();
        let surplus: Vec<_> = inventory.difference(&schema).collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "domain/src/privacy/inventory.rs says what each column is for: it lacks {missing:?} and has {surplus:?}, which the schema has not"
        );
    }
}

#[test]
fn what_is_about_people_has_a_purpose_a_legal_basis_and_an_end() {
    for table in INVENTORY {
        for (column, group) in table.fields() {
            let name = format!("{}.{column}", table.name);
            match (group.class, group.handling) {
                (Class::Public | Class::Internal, None) => {}
                (Class::Personal | Class::Special | Class::Restricted, Some(why)) => {
                    let words = [why.purpose, why.basis, why.retention.describe()];
                    assert!(words.iter().all(|words| words.len() > 10), "{name}");
                    let number = column == "id" || column.ends_with("_id") || column.ends_with("_by");
                    assert!(group.blank != Blank::Pseudonym || number, "{name} is erased by nothing");
                }
                (class, _) => panic!("{name} is {class}"),
            }
        }
    }
}

#[test]
fn whom_a_row_is_about_is_found_from_the_top_down() {
    let place = |name: &str| INVENTORY.iter().position(|table| table.name == name).unwrap();
    for table in INVENTORY {
        for link in table.about {
            let (Link::Of(column, _) | Link::Any(column) | Link::Mentions(column)) = link;
            assert!(table.fields().any(|(name, _)| name == *column), "{} has no {column}", table.name);
            if let Link::Of(_, target) = link {
                assert!(place(target) <= place(table.name), "{} stands before {target}", table.name);
                let target = &INVENTORY[place(target)];
                assert!(target.leads_on() || target.name == "persons", "{} leads nowhere", target.name);
            }
        }
    }
}

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/PRIVACY.md");
const MARK: &str =
    "<!-- What follows is written by the program: PLENUM_TEST_WRITE=1 scripts/test --only privacy -->\n\n";

#[test]
fn the_document_for_data_protection_officers_says_what_the_inventory_says() {
    let text = std::fs::read_to_string(DOCUMENT).unwrap();
    let (before, listed) = text.split_once(MARK).expect("docs/PRIVACY.md holds the mark");
    let expected = inventory_as_markdown();
    if crate::support::setting("WRITE").is_some() {
        std::fs::write(DOCUMENT, format!("{before}{MARK}{expected}")).unwrap();
        return;
    }
    assert!(listed == expected, "docs/PRIVACY.md is stale: run `PLENUM_TEST_WRITE=1 scripts/test --only privacy`");
}
