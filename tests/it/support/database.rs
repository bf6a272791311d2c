//! A fresh, migrated database per test, copied from a template that is made once per run.

use std::path::{Path, PathBuf};

use api::db::Db;
use sea_orm::{ConnectOptions, ConnectionTrait, Database as Connection, DbBackend, Statement};
use tokio::sync::OnceCell;

use super::{Backend, canaries, setting};

/// A database that goes away with the test.
pub struct Database {
    url: String,
    _folder: Option<tempfile::TempDir>,
}

/// Any database of the PostgreSQL server for tests; without one it says so.
fn postgres_server() -> Option<String> {
    let server = setting("POSTGRES");
    if server.is_none() {
        eprintln!("SKIP: PLENUM_TEST_POSTGRES does not name a PostgreSQL server; scripts/test starts one");
    }
    server
}

/// A name that no database has yet, whoever else uses the server.
#[expect(clippy::disallowed_methods, reason = "several test runs may share a server")]
fn unique(kind: &str) -> String {
    format!("{kind}_{}", uuid::Uuid::now_v7().simple())
}

/// The address of a new database with nothing in it; `None` where there is no PostgreSQL.
pub async fn empty_postgres() -> Option<String> {
    let maintenance = postgres_server()?;
    let (server, _) = maintenance.rsplit_once('/').unwrap();
    let admin = Connection::connect(ConnectOptions::new(&maintenance).max_connections(1).to_owned()).await.unwrap();
    let name = unique("empty");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    Some(format!("{server}/{name}"))
}

static SQLITE: OnceCell<PathBuf> = OnceCell::const_new();
static POSTGRES: OnceCell<String> = OnceCell::const_new();

impl Database {
    /// A copy of the template, or `None` with the reason printed.
    pub async fn create(backend: Backend) -> Option<Self> {
        match backend {
            Backend::Sqlite => Some(Self::sqlite().await),
            Backend::Postgres => Some(Self::postgres(&postgres_server()?).await),
        }
    }

    /// A copy of this database, which is SQLite and open as `db`.
    pub async fn copy(&self, db: &Db) -> Self {
        db.read().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        Self::of_file(&PathBuf::from(self.url.trim_start_matches("sqlite://")))
    }

    fn of_file(original: &Path) -> Self {
        let mut folder = match canaries::folder() {
            Some(kept) => tempfile::tempdir_in(kept).unwrap(),
            None => tempfile::tempdir().unwrap(),
        };
        folder.disable_cleanup(canaries::folder().is_some());
        let path = folder.path().join("plenum.sqlite");
        std::fs::copy(original, &path).unwrap();
        Self { url: format!("sqlite://{}", path.display()), _folder: Some(folder) }
    }

    /// What the server is given as `--database`.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn sqlite() -> Self {
        let template = SQLITE
            .get_or_init(|| async {
                let path = tempfile::tempdir().unwrap().keep().join("template.sqlite");
                let db = Db::connect(&format!("sqlite://{}", path.display())).await.unwrap();
                db.migrate().await.unwrap();
                // Everything into the one file that is copied.
                db.read().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
                path
            })
            .await;
        Self::of_file(template)
    }

    /// `maintenance` is any database of the server, from which others can be made.
    async fn postgres(maintenance: &str) -> Self {
        let (server, _) = maintenance.rsplit_once('/').unwrap();
        let admin = Connection::connect(ConnectOptions::new(maintenance).max_connections(1).to_owned()).await.unwrap();
        let template = POSTGRES
            .get_or_init(|| async {
                let name = unique("template");
                admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                let db = Db::connect(&format!("{server}/{name}")).await.unwrap();
                db.migrate().await.unwrap();
                db.close().await.unwrap();
                // The quicker way of copying for a small database; before PostgreSQL 15 it was the only one.
                let version = "SELECT current_setting('server_version_num')::int AS version";
                let version = admin.query_one_raw(Statement::from_string(DbBackend::Postgres, version)).await;
                let version: i32 = version.unwrap().unwrap().try_get("", "version").unwrap();
                if version < 150_000 { name } else { format!("{name} STRATEGY file_copy") }
            })
            .await;
        let name = unique("test");
        admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.unwrap();
        admin.close().await.unwrap();
        Self { url: format!("{server}/{name}"), _folder: None }
    }
}

/// Every value of every table but those left out, as text.
pub async fn dump(db: &Db, left_out: &[&str]) -> String {
    let connection = db.read();
    let backend = connection.get_database_backend();
    let tables = match backend {
        DbBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_schema WHERE type = 'table'",
    };
    let mut text = String::new();
    for table in connection.query_all_raw(Statement::from_string(backend, tables)).await.unwrap() {
        let table: String = table.try_get("", "name").unwrap();
        if left_out.contains(&table.as_str()) {
            continue;
        }
        let rows = match backend {
            DbBackend::Postgres => format!("SELECT t::text AS row FROM {table} AS t"),
            _ => {
                let names = format!(
                    "SELECT group_concat('quote(\"' || name || '\")', '||') AS row FROM pragma_table_info('{table}')"
                );
                let row = connection.query_one_raw(Statement::from_string(backend, names)).await.unwrap().unwrap();
                format!("SELECT {} AS row FROM {table}", row.try_get::<String>("", "row").unwrap())
            }
        };
        for row in connection.query_all_raw(Statement::from_string(backend, rows)).await.unwrap() {
            text += &row.try_get::<String>("", "row").unwrap();
            text.push('\n');
        }
    }
    text
}
