//! How the process stops: in stages, so that nobody is cut off who need not be.
//!
//! The first SIGTERM or SIGINT starts draining: readiness answers 503 while requests are still taken, so that a load
//! balancer can look away. Then the server stops accepting and finishes what is in flight. A second signal ends
//! everything at once.

use std::{future::Future, time::Duration};

use tokio::sync::watch;

/// How far the process has come on its way out. Stages only ever advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nothing has been asked.
    Serving,
    /// Still accepting, but no longer ready.
    Draining,
    /// No new connections; requests in flight are finished.
    Stopping,
    /// Whatever is still open is dropped.
    AtOnce,
}

/// Lets every part of the process see the stage and wait for one. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<Stage>);

/// Advances the stage.
#[derive(Debug)]
pub struct Trigger(watch::Sender<Stage>);

impl Trigger {
    /// Goes on to `stage`; going back is ignored.
    pub fn advance(&self, stage: Stage) {
        self.0.send_if_modified(|current| {
            let later = stage > *current;
            if later {
                *current = stage;
            }
            later
        });
    }
}

impl Shutdown {
    /// A shutdown that only the returned trigger sets off.
    pub fn by_hand() -> (Trigger, Self) {
        let (sender, receiver) = watch::channel(Stage::Serving);
        (Trigger(sender), Self(receiver))
    }

    /// A shutdown set off by SIGTERM or SIGINT; `drain_delay` passes between no longer being ready and no longer
    /// accepting. Call within a tokio runtime.
    pub fn on_signals(drain_delay: Duration) -> Self {
        let (trigger, shutdown) = Self::by_hand();
        tokio::spawn(async move {
            signal().await;
            tracing::info!("stopping: a second signal ends everything at once");
            trigger.advance(Stage::Draining);
            tokio::select! {
                () = tokio::time::sleep(drain_delay) => trigger.advance(Stage::Stopping),
                () = signal() => trigger.advance(Stage::AtOnce),
            }
            signal().await;
            trigger.advance(Stage::AtOnce);
        });
        shutdown
    }

    /// The stage at this moment.
    pub fn stage(&self) -> Stage {
        *self.0.borrow()
    }

    /// Completes once the stage is `stage` or a later one.
    pub fn reached(&self, stage: Stage) -> impl Future<Output = ()> + Send + 'static {
        let mut receiver = self.0.clone();
        async move {
            let gone = receiver.wait_for(|current| *current >= stage).await.is_err();
            if gone {
                // Nobody is left who could advance the stage, so it never comes.
                std::future::pending().await
            }
        }
    }
}

async fn signal() {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate() => {}
    }
}

#[cfg(unix)]
async fn terminate() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut stream) => {
            stream.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM cannot be watched; stop with SIGINT");
            std::future::pending().await
        }
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn stages_advance_and_never_go_back() {
        let (trigger, shutdown) = Shutdown::by_hand();
        trigger.advance(Stage::Stopping);
        trigger.advance(Stage::Draining);
        assert_eq!(shutdown.stage(), Stage::Stopping);
        shutdown.reached(Stage::Draining).await;
    }
}
