//! How the process stops: in stages, so that nobody is cut off who need not be.
//!
//! The first SIGTERM or SIGINT starts draining: readiness answers 503 while requests are still taken, so that a load
//! balancer can look away. Then the server stops accepting and finishes what is in flight. A second signal ends
//! everything at once.

use std::{future::Future, io, time::Duration};

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
    /// accepting. Signals are watched from the moment this returns. Call within a tokio runtime.
    ///
    /// # Errors
    /// When the operating system does not let us watch signals.
    pub fn on_signals(drain_delay: Duration) -> io::Result<Self> {
        let (trigger, shutdown) = Self::by_hand();
        let mut signals = Signals::watch()?;
        tokio::spawn(async move {
            signals.next().await;
            tracing::info!("stopping: a second signal ends everything at once");
            trigger.advance(Stage::Draining);
            tokio::select! {
                () = tokio::time::sleep(drain_delay) => trigger.advance(Stage::Stopping),
                () = signals.next() => trigger.advance(Stage::AtOnce),
            }
            signals.next().await;
            trigger.advance(Stage::AtOnce);
        });
        Ok(shutdown)
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

/// SIGTERM and SIGINT.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn watch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Control-C, where there are no signals.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn watch() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
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
