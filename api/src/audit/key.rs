//! Where the audit key comes from.
//!
//! It is configured, for several instances the same. Where nothing is configured and the database is a file, it lies
//! beside that file, made when the first entries are sealed. A PostgreSQL database without a configured key is not
//! sealed: a key made by one instance would not be the other's.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::audit::AuditKey;

use crate::{clock::Entropy, config::Config, error::Error, private};

/// Name of the file beside an embedded database.
const FILE: &str = "audit.key";

/// Where the key of an embedded database lies if none is configured.
pub fn path(config: &Config) -> Option<PathBuf> {
    let database = config.database_url();
    let folder = Path::new(database.strip_prefix("sqlite://")?).parent()?;
    Some(folder.join(FILE))
}

/// The key; none if there is none yet, or none can be.
pub fn find(config: &Config) -> Result<Option<AuditKey>, Error> {
    if let Some(key) = &config.audit_key {
        return Ok(Some(key.clone()));
    }
    let Some(path) = path(config) else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => text.parse().map(Some).map_err(|why: String| Error::internal(format!("{}: {why}", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::internal(format!("{}: {error}", path.display()))),
    }
}

/// The key, made now where it may be and is not there yet.
pub fn find_or_make(config: &Config, entropy: &Entropy) -> Result<Option<AuditKey>, Error> {
    let (None, Some(path)) = (find(config)?, path(config)) else { return find(config) };
    let key = AuditKey::generate(&entropy.bytes()?);
    private::make_once(&path, key.reveal()).map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    find(config)
}
