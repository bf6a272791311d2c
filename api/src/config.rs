//! How the server is configured: command line over environment over file over defaults.

use std::path::PathBuf;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the embedded database and other files live.
    pub data_dir: PathBuf,
    /// `sqlite://...` or `postgres://...`; the embedded database in the data directory if not given.
    pub database: Option<String>,
    /// The address other people reach this server by, without a trailing slash; links in feeds and mails begin with it.
    pub public_url: String,
    /// Right-hand side of calendar UIDs; must never change once calendars have been subscribed to.
    pub uid_domain: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            database: None,
            public_url: "http://127.0.0.1:8080".to_owned(),
            uid_domain: "plenum".to_owned(),
        }
    }
}

impl Config {
    /// The database to connect to.
    pub fn database_url(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite://{}", self.data_dir.join("plenum.sqlite").display()))
    }
}
