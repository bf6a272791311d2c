//! Connections, and the schema they expect.

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use migration::Migrator;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    EntityTrait, IsolationLevel, Statement, TransactionOptions, TransactionTrait, sqlx::sqlite::SqliteJournalMode,
    sqlx::sqlite::SqliteSynchronous,
};
use sea_orm_migration::{MigratorTrait, SchemaManager, seaql_migrations};
use tokio::sync::watch;

/// Identifies our migration lock among the advisory locks of a PostgreSQL database: the bytes of "plenum".
const MIGRATION_LOCK: i64 = 0x706c_656e_756d;

/// Why the schema cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A newer release has migrated it.
    #[error("the database was migrated by a newer release ({0}); start that release, or restore a backup")]
    Newer(String),
    /// Migrations have not been applied.
    #[error("the database is not up to date; run `plenum migrate`")]
    Pending,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// A connected database: a pool to read from and one to write to (on PostgreSQL they are the same).
#[derive(Debug, Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    commits: watch::Sender<u64>,
}

impl Db {
    /// Connects to `sqlite://path` or `postgres://...`. A missing SQLite file is created, readable by its owner only.
    pub async fn connect(url: &str) -> Result<Self, DbErr> {
        let Some(path) = url.strip_prefix("sqlite://") else {
            let pool = Database::connect(postgres(url)).await?;
            return Ok(Self { read: pool.clone(), write: pool, commits: watch::Sender::default() });
        };
        create_private(Path::new(path)).map_err(|error| DbErr::Custom(format!("{path}: {error}")))?;
        let write = Database::connect(sqlite(path, 1)).await?;
        let read = Database::connect(sqlite(path, 4)).await?;
        Ok(Self { read, write, commits: watch::Sender::default() })
    }

    /// Calls `observer` after every statement with the time it took. To be set before the database is shared: copies
    /// made earlier are not observed.
    pub fn observe(&mut self, observer: impl Fn(Duration) + Clone + Send + Sync + 'static) {
        for connection in [&mut self.read, &mut self.write] {
            let observer = observer.clone();
            connection.set_metric_callback(move |info| observer(info.elapsed));
        }
    }

    /// Where queries outside a transaction go.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// A transaction that only reads, and sees the database as it is now however long it takes.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let postgres = self.backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: postgres.then_some(AccessMode::ReadOnly),
            ..Default::default()
        };
        #[expect(clippy::disallowed_methods, reason = "nothing is written in it")]
        self.read.begin_with_options(options).await
    }

    pub(super) fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Changes whenever this instance has committed something.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// How often this instance has committed something.
    pub fn commits_so_far(&self) -> u64 {
        *self.commits.borrow()
    }

    /// Tells those who wait that something has been committed.
    pub(super) fn committed(commits: &watch::Sender<u64>) {
        commits.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub(super) fn commit_bell(&self) -> watch::Sender<u64> {
        self.commits.clone()
    }

    /// Brings everything written so far from SQLite's log into the database file and empties the log, in which what was
    /// erased would stand until it is overwritten. A reader can hold it up; the next housekeeping does it then.
    /// PostgreSQL does the like by itself (autovacuum).
    pub(crate) async fn settle(&self) {
        if self.backend() == DbBackend::Postgres {
            return;
        }
        if let Err(error) = self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await {
            tracing::warn!(%error, "the log of the database could not be emptied; housekeeping tries again");
        }
    }

    /// Closes every connection.
    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.write.close().await
    }

    /// Which database this is.
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Brings the schema up to date. On PostgreSQL one instance does so while the others wait.
    pub async fn migrate(&self) -> Result<(), SchemaError> {
        // A role that may not change the schema can start a server where there is nothing to change.
        if self.check_schema().await.is_ok() {
            return Ok(());
        }
        if self.backend() != DbBackend::Postgres {
            self.refuse_newer().await?;
            return Ok(Migrator::up(&self.write, None).await?);
        }
        // Held by this transaction while the migrations run on other connections of the pool; a crash releases it.
        #[expect(clippy::disallowed_methods, reason = "nothing is written in it")]
        let lock = self.write.begin().await?;
        lock.execute_unprepared(&format!(
            "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
             SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
        ))
        .await?;
        self.refuse_newer().await?;
        Migrator::up(&self.write, None).await?;
        Ok(lock.commit().await?)
    }

    /// Refuses a schema that is newer or older than this release. Only reads.
    pub async fn check_schema(&self) -> Result<(), SchemaError> {
        self.refuse_newer().await?;
        let missing = Migrator::migrations().len() - self.applied_migrations().await?.len();
        if missing == 0 { Ok(()) } else { Err(SchemaError::Pending) }
    }

    async fn refuse_newer(&self) -> Result<(), SchemaError> {
        let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
        let newer = self.applied_migrations().await?.into_iter().find(|version| !known.contains(version));
        newer.map_or(Ok(()), |version| Err(SchemaError::Newer(version)))
    }

    /// Migrations the database has, whichever release brought them.
    async fn applied_migrations(&self) -> Result<Vec<String>, DbErr> {
        if !SchemaManager::new(&self.read).has_table("seaql_migrations").await? {
            return Ok(vec![]);
        }
        let rows = seaql_migrations::Entity::find().all(&self.read).await?;
        Ok(rows.into_iter().map(|row| row.version).collect())
    }

    /// What the database itself takes for the present instant.
    pub async fn now(&self) -> Result<Timestamp, DbErr> {
        let epoch = match self.backend() {
            DbBackend::Postgres => "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) AS now",
            _ => "SELECT CAST(strftime('%s', 'now') AS INTEGER) AS now",
        };
        let row = self.read.query_one_raw(Statement::from_string(self.backend(), epoch)).await?;
        let seconds: i64 = row.ok_or_else(|| DbErr::RecordNotFound("now".to_owned()))?.try_get("", "now")?;
        Ok(Timestamp::from_second(seconds).unwrap_or_default())
    }
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(10).acquire_timeout(Duration::from_secs(3)).sqlx_logging(false).map_sqlx_postgres_opts(
        |o| {
            o.application_name("plenum").options([
                ("statement_timeout", "10s"),
                ("lock_timeout", "3s"),
                ("idle_in_transaction_session_timeout", "15s"),
                ("timezone", "UTC"),
            ])
        },
    );
    options
}

fn sqlite(path: &str, connections: u32) -> ConnectOptions {
    // The path is given as such: in an address, '%' and '?' would have a meaning.
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite://plenum.sqlite");
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        // A file does not hang up.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            o.filename(&path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // An acknowledged write survives power loss.
                .synchronous(SqliteSynchronous::Full)
                // Kibibytes of pages that each connection keeps, a quarter of the default: the system keeps them anyway.
                .pragma("cache_size", "-500")
                .busy_timeout(Duration::from_secs(10))
                .foreign_keys(true)
                // What is deleted is overwritten, so that an erased name is not left in a free page.
                .pragma("secure_delete", "ON")
        });
    options
}

fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        crate::private::create_folder(folder)?;
    }
    crate::private::open_file(path).map(drop)
}
