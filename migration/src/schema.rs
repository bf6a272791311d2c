//! What every table is made of.
//!
//! Only what both databases have: text with CHECK instead of native enums, UUIDs, UTC instants set by the
//! application, JSON that no query looks into, integers.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// A column called `name`.
pub(crate) fn column(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
}

/// Who may see an object.
pub(crate) const VISIBILITY: &[&str] =
    &["public", "signed_in", "parties", "own_delegation", "named", "participants", "members", "chairs", "secretariat"];
/// Those of them that mean whom the object names.
const FEW: [&str; 3] = ["parties", "own_delegation", "named"];
/// How far an object may be passed on.
pub(crate) const TLP: &[&str] = &["clear", "green", "amber", "amber+strict", "red"];
/// What a principal may do at most.
pub(crate) const ROLE: &[&str] = &["admin", "secretariat", "auditor", "delegation_manager", "delegate", "guest"];

/// A column that holds one of these words. They are those of an enumeration in the domain; a test compares the two.
pub(crate) fn words(name: &'static str, list: &[&'static str]) -> ColumnDef {
    column(name).text().not_null().check(Expr::col(name).is_in(list.iter().copied())).to_owned()
}

/// Which audience an object names; those levels of visibility that need one have one, and no others. So what names
/// nobody by mistake cannot be stored, let alone be seen.
pub(crate) fn audience_id() -> ColumnDef {
    let few = Expr::col("visibility").is_in(FEW);
    column("audience_id").uuid().null().check(Expr::col("audience_id").is_not_null().eq(few)).to_owned()
}

/// A table without the common columns.
pub(crate) fn plain(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).to_owned()
}

/// A table of objects that have an id, a version and a soft delete.
pub(crate) fn root(name: &'static str) -> TableCreateStatement {
    plain(name)
        .col(column("id").uuid().not_null().primary_key())
        .col(column("version").integer().not_null())
        .col(column("created_at").timestamp_with_time_zone().not_null())
        .col(column("changed_at").timestamp_with_time_zone().not_null())
        .col(column("deleted_at").timestamp_with_time_zone().null())
        .to_owned()
}

/// `table.column` refers to the id of `target`; rows are soft-deleted, so nothing cascades.
pub(crate) fn reference(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(target, "id").on_delete(ForeignKeyAction::Restrict).to_owned()
}

/// Runs statements that mean the same on both databases (partial indexes, seed rows).
pub(crate) async fn statements(manager: &SchemaManager<'_>, list: &[&str]) -> Result<(), DbErr> {
    for statement in list {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Rows of `table` can be added and read, never changed or removed.
pub(crate) async fn append_only(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    refuse(manager, table, &["UPDATE", "DELETE"]).await
}

/// What `verbs` do to rows of `table` fails. Where deleting does, emptying the table does too.
pub(crate) async fn refuse(manager: &SchemaManager<'_>, table: &str, verbs: &[&str]) -> Result<(), DbErr> {
    let refused = format!("{} of {table} is refused", verbs.join(" and ").to_lowercase());
    let list = match manager.get_database_backend() {
        DbBackend::Postgres => {
            let trigger = |name: &str, event: &str, each: &str| {
                format!(
                    "CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each} \
                     EXECUTE FUNCTION {table}_refuse()"
                )
            };
            let function = format!(
                "CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION '{refused}'; END $$"
            );
            let emptied = verbs.contains(&"DELETE").then(|| trigger("not_emptied", "TRUNCATE", "STATEMENT"));
            [function, trigger("kept", &verbs.join(" OR "), "ROW")].into_iter().chain(emptied).collect()
        }
        _ => verbs
            .iter()
            .map(|verb| {
                format!(
                    "CREATE TRIGGER {table}_no_{} BEFORE {verb} ON {table} \
                     BEGIN SELECT RAISE(ABORT, '{refused}'); END",
                    verb.to_lowercase()
                )
            })
            .collect::<Vec<_>>(),
    };
    statements(manager, &list.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// As [`append_only`], but in `name`, the name of whoever made the row, may be written that its owner was erased.
/// `others` are all other columns.
pub(crate) async fn append_only_but_name(
    manager: &SchemaManager<'_>,
    table: &str,
    name: &str,
    others: &str,
) -> Result<(), DbErr> {
    append_only_but(manager, table, (name, &format!("NEW.{name} <> '(erased)'")), others).await
}

/// As [`append_only`], but from `references`, by which a row leads to a person, it may be taken to whom. `others` are
/// all other columns.
pub(crate) async fn append_only_but_person(
    manager: &SchemaManager<'_>,
    table: &str,
    references: &[&str],
    others: &str,
) -> Result<(), DbErr> {
    let kept: Vec<_> = references.iter().map(|column| format!("NEW.{column} IS NOT NULL")).collect();
    append_only_but(manager, table, (&references.join(", "), &kept.join(" OR ")), others).await
}

/// `columns` may be written unless the condition beside them holds; `others` may not.
async fn append_only_but(
    manager: &SchemaManager<'_>,
    table: &str,
    (columns, unless): (&str, &str),
    others: &str,
) -> Result<(), DbErr> {
    let refused = format!("update and delete of {table} is refused");
    let (each, action, function) = match manager.get_database_backend() {
        DbBackend::Postgres => {
            let body = format!("BEGIN RAISE EXCEPTION '{refused}'; END");
            let function = format!("CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$");
            ("FOR EACH ROW", format!("EXECUTE FUNCTION {table}_refuse()"), Some(function))
        }
        _ => ("", format!("BEGIN SELECT RAISE(ABORT, '{refused}'); END"), None),
    };
    let trigger = |suffix: &str, event: &str, when: &str| {
        format!("CREATE TRIGGER {table}_{suffix} BEFORE {event} ON {table} {each} {when} {action}")
    };
    let named = format!("WHEN ({unless})");
    let emptied = format!(
        "CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    );
    let emptied = function.as_ref().map(|_| emptied);
    let triggers = [
        trigger("kept", "DELETE", ""),
        trigger("unchanged", &format!("UPDATE OF {others}"), ""),
        trigger("unnamed", &format!("UPDATE OF {columns}"), &named),
    ];
    let list: Vec<_> = function.into_iter().chain(triggers).chain(emptied).collect();
    statements(manager, &list.iter().map(String::as_str).collect::<Vec<_>>()).await
}
