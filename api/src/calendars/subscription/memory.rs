//! What is kept in memory of feeds: bodies as they were last rendered, and for a moment who reads what.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use moka::{future, sync};
use sea_orm::DbErr;

use super::{Address, Subscription};
use crate::{context::App, error::Error};

/// Bytes of bodies kept in all: a feed of 2,000 sessions has about one and a half million.
const CAPACITY: u64 = 4 * 1024 * 1024;
/// What nobody has asked for so long is forgotten.
const IDLE: Duration = Duration::from_secs(3600);
/// How long what was found is what there is, as far as this server has written nothing: what other servers write, and what
/// passes by itself, is seen that much later.
const MOMENT: SignedDuration = SignedDuration::from_secs(1);
/// Feeds of which it is remembered.
const FOUND: u64 = 4096;

/// Bodies of feeds by their entity tags, and by form, and feeds by their addresses.
///
/// A change makes another tag, so a body never becomes wrong, and a tag names one viewer and one feed, so nobody gets what
/// was rendered for somebody else.
#[derive(Debug, Clone)]
pub struct Memory {
    bodies: future::Cache<String, Bytes>,
    found: sync::Cache<Address, Found>,
}

/// What an address led to.
#[derive(Debug, Clone)]
struct Found {
    subscription: Arc<Subscription>,
    /// How much this server had written.
    commits: u64,
    at: Timestamp,
}

impl Default for Memory {
    fn default() -> Self {
        let weight = |tag: &String, body: &Bytes| u32::try_from(tag.len() + body.len()).unwrap_or(u32::MAX);
        let bodies = future::Cache::builder().max_capacity(CAPACITY).weigher(weight).time_to_idle(IDLE).build();
        let found = sync::Cache::builder().max_capacity(FOUND).time_to_live(MOMENT.unsigned_abs()).build();
        Self { bodies, found }
    }
}

impl Memory {
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
            self.bodies.run_pending_tasks().await;
            body
        };
        let body = self.bodies.try_get_with(etag.to_owned(), rendered).await;
        body.map_err(|error| {
            // Whoever rendered gets the error itself; for those who waited, trying again helps.
            Arc::try_unwrap(error).unwrap_or_else(|shared| Error::Unavailable(DbErr::Custom(shared.to_string())))
        })
    }

    /// The feed at an address, looked for unless it was found a moment ago and nothing was written since.
    pub async fn get_or_find(
        &self,
        app: &App,
        address: Address,
        find: impl AsyncFnOnce(&Address) -> Result<Subscription, Error>,
    ) -> Result<Arc<Subscription>, Error> {
        // Counted before it is looked for: what is written meanwhile is looked for again.
        let (commits, at) = (app.db.commits_so_far(), app.clock.now());
        let of_now = |found: &Found| found.commits == commits && (found.at..found.at + MOMENT).contains(&at);
        if let Some(found) = self.found.get(&address).filter(of_now) {
            return Ok(found.subscription);
        }
        let subscription = Arc::new(find(&address).await?);
        self.found.insert(address, Found { subscription: subscription.clone(), commits, at });
        Ok(subscription)
    }
}
