//! `plenum serve`: the server, from its first look at the database to its last answer.

use std::{net::SocketAddr, path::Path, time::Duration};

use tokio::net::TcpListener;

use super::{Failure, doctor, print};
use crate::{
    config::{Config, WebAddress},
    context::{App, Ctx},
    demo::{
        self,
        keys::{Guide, SignInLink},
    },
    http::{
        logging, metrics, routes,
        server::{self, Limits},
        settings,
        shutdown::{Shutdown, Stage},
    },
    jobs, lmtp,
};

/// Serves until it is told to stop and everything in flight is answered.
pub(super) async fn serve(mut config: Config) -> Result<(), Failure> {
    logging::init(config.log_format, Some(&config.log_filter))?;
    let listener = listen(config.listen).await?;
    config.listening_on(listener.local_addr()?);
    let shutdown = Shutdown::on_signals(Duration::from_secs(config.drain_delay_seconds.into()))?;
    let app = App::start(config.clone()).await?;
    doctor::warn_of_files(&config);
    let demo = load_demo(&app).await?;
    let site = routes::site(&app, &shutdown)?;
    serve_metrics(&config, &shutdown).await?;
    take_mail(&app, &shutdown).await?;
    let worker = tokio::spawn(jobs::work(app.clone(), shutdown.reached(Stage::Stopping)));
    tracing::info!(address = %config.listen, version = env!("CARGO_PKG_VERSION"), "ready");
    print(ready(config.listen, demo.as_ref().map(|guide| guide.file.as_path())))?;
    // Whoever waits for the first line may have gone once it came.
    demo.iter().flat_map(|guide| &guide.sign_in).try_for_each(|link| print(sign_in(link))).ok();
    tokio::select! {
        outcome = server::serve(listener, site, settings::limits(&config), shutdown.reached(Stage::Stopping)) => outcome?,
        () = shutdown.reached(Stage::AtOnce) => worker.abort(),
    }
    // A job that has begun is finished; one that is cut off is another worker's when its lease is over.
    worker.await.ok();
    app.db.close().await?;
    tracing::info!("stopped");
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| format!("Cannot listen on {address}: {error}.").into())
}

/// Loads the scenarios asked for; gives what says how to look at them.
async fn load_demo(app: &App) -> Result<Option<Guide>, Failure> {
    let Some(scenarios) = &app.config.demo else { return Ok(None) };
    let ctx = Ctx::internal(app, "console");
    let mut links = vec![];
    for scenario in &scenarios.0 {
        links.extend(demo::load(&ctx, *scenario).await?);
    }
    Ok(Some(demo::keys::write(&ctx, links).await?))
}

/// Measurements have a listener of their own, so that only the operator reaches them.
async fn serve_metrics(config: &Config, shutdown: &Shutdown) -> Result<(), Failure> {
    let Some(address) = config.metrics_listen else { return Ok(()) };
    let listener = listen(address).await?;
    let endpoint = metrics::collect()?.endpoint();
    tracing::info!(address = %listener.local_addr()?, "metrics");
    tokio::spawn(server::serve(listener, endpoint, Limits::default(), shutdown.reached(Stage::Stopping)));
    Ok(())
}

/// Answers to invitations come by a listener of their own, which only the mail server beside this one reaches.
async fn take_mail(app: &App, shutdown: &Shutdown) -> Result<(), Failure> {
    let Some(address) = app.config.lmtp_listen else { return Ok(()) };
    if app.config.rsvp_address.is_none() {
        return Err("lmtp_listen needs rsvp_address: the address that answers to invitations go to.".into());
    }
    let listener = listen(address).await?;
    tracing::info!(address = %listener.local_addr()?, "answers by mail");
    tokio::spawn(lmtp::serve(app.clone(), listener, shutdown.reached(Stage::Stopping)));
    Ok(())
}

/// The line a server prints when it is ready; the only one, unless it was started to be looked at.
fn ready(address: SocketAddr, demo: Option<&Path>) -> String {
    let own = WebAddress::of(address);
    let demo = demo.map(|file| format!(" | demo sign-in links, keys and feed addresses {}", file.display()));
    format!("Plenum is ready at {own} | docs {own}/docs | pages {own}/{}", demo.unwrap_or_default())
}

/// A line that is for the eyes of whoever started the demonstration, and not for the log.
fn sign_in(link: &SignInLink) -> String {
    format!("sign in as {}: {}", link.who, link.url)
}
