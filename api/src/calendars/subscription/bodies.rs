//! Bodies of feeds as they were last rendered, plain and compressed, kept in memory.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use moka::future::Cache;
use sea_orm::DbErr;

use crate::error::Error;

/// Bytes kept in all: a feed of 2,000 sessions has about one and a half million.
const CAPACITY: u64 = 4 * 1024 * 1024;
/// What nobody has asked for so long is forgotten.
const IDLE: Duration = Duration::from_secs(3600);

/// Bodies by their entity tags, and by form. A change makes another tag, so an entry never becomes wrong, and a tag names one viewer
/// and one feed, so nobody gets what was rendered for somebody else.
#[derive(Debug, Clone)]
pub struct Bodies(Cache<String, Bytes>);

impl Default for Bodies {
    fn default() -> Self {
        let weight = |tag: &String, body: &Bytes| u32::try_from(tag.len() + body.len()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(CAPACITY).weigher(weight).time_to_idle(IDLE).build())
    }
}

impl Bodies {
    /// The body of this tag, rendered if it is not there. Of many who ask at once (programs poll on the hour) one
    /// renders and the others wait for it.
    pub async fn get_or_render(
        &self,
        etag: &str,
        render: impl Future<Output = Result<Bytes, Error>>,
    ) -> Result<Bytes, Error> {
        let rendered = async {
            let body = render.await;
            // By itself the cache makes room some time later: till then a burst of changes would fill the memory.
            self.0.run_pending_tasks().await;
            body
        };
        let body = self.0.try_get_with(etag.to_owned(), rendered).await;
        body.map_err(|error| {
            // Whoever rendered gets the error itself; for those who waited, trying again helps.
            Arc::try_unwrap(error).unwrap_or_else(|shared| Error::Unavailable(DbErr::Custom(shared.to_string())))
        })
    }
}
