//! How often signing in may be tried, counted in the database for all instances together.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use crate::{
    context::Ctx,
    db::Allowance,
    error::Error,
    http::{client_address::network, reply::hex},
};

/// Counts an attempt of this client's network.
pub(super) async fn by_network(ctx: &Ctx, what: &str, allowance: Allowance) -> Result<(), Error> {
    let Some(address) = ctx.address.as_deref().and_then(|address| address.parse::<IpAddr>().ok()) else {
        return Ok(());
    };
    ctx.app.db.throttle(format!("{what} {}", network(address)), allowance, ctx.now).await
}

/// Counts an attempt on this address, of which only a hash is kept.
pub(super) async fn by_address(ctx: &Ctx, what: &str, address: &str, allowance: Allowance) -> Result<(), Error> {
    let hash = hex(&Sha256::digest(address.to_lowercase())[..16]);
    ctx.app.db.throttle(format!("{what} {hash}"), allowance, ctx.now).await
}
