//! Where the badge key comes from: as the audit key, it is configured, or lies beside an embedded database.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::attendance::door::BadgeKey;

use crate::{clock::Entropy, config::Config, error::Error, private};

/// Name of the file beside an embedded database.
const FILE: &str = "badge.key";

fn path(config: &Config) -> Option<PathBuf> {
    let database = config.database_url();
    let folder = Path::new(database.strip_prefix("sqlite://")?).parent()?;
    Some(folder.join(FILE))
}

/// The key, made now where it may be and is not there yet.
pub(super) fn find_or_make(config: &Config, entropy: &Entropy) -> Result<BadgeKey, Error> {
    if let Some(key) = &config.badge_key {
        return Ok(key.clone());
    }
    let path = path(config).ok_or_else(|| {
        let detail = "This server has no badge key. Its operator makes one with `openssl rand -hex 32` and names it on \
                      every instance as badge_key_file.";
        Error::conflict("badge_key_missing", detail)
    })?;
    let unusable = |error: io::Error| Error::internal(format!("{}: {error}", path.display()));
    if !path.exists() {
        private::make_once(&path, BadgeKey::generate(&entropy.bytes()?).reveal()).map_err(unusable)?;
    }
    let text = fs::read_to_string(&path).map_err(unusable)?;
    text.parse().map_err(|why: String| Error::internal(format!("{}: {why}", path.display())))
}
