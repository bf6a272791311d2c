//! The clocks of one connection: whom we wait for, and for how long.
//!
//! hyper starts one timer for the head of a request as soon as it waits for one, so it cannot tell a quiet keep-alive
//! connection from a client that drips its headers, and it has none for a client that stops reading. Here the bytes
//! themselves are watched instead. While a request is being answered nothing runs but the clock on a stalled client:
//! bodies and handlers have their own limits in `body_limit` and `deadline`.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Duration, Instant},
};

/// How long a client may keep us waiting on a connection.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Between accepting the connection and its first byte. Default 10 s.
    pub first_byte: Duration,
    /// Between the first and the last byte of a request's head. Default 10 s.
    pub head: Duration,
    /// Between two requests. Default 75 s, longer than the 60 s of usual proxies: the proxy closes first.
    pub keep_alive: Duration,
    /// Without taking a single byte of a response that is waiting to be sent. Default 30 s.
    pub write_stall: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            write_stall: Duration::from_secs(30),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing has arrived yet.
    Silent,
    /// Part of a head has arrived.
    Head,
    /// A request is being answered.
    Busy,
    /// The last request is answered, the next has not begun.
    Idle,
}

#[derive(Debug)]
struct Clocks {
    patience: Patience,
    phase: Phase,
    /// Start of the phase; while idle, the last byte the client took.
    since: Instant,
    /// Since when the client has taken nothing although something is waiting.
    stalled: Option<Instant>,
}

/// What a connection is waiting for. Shared by its socket and its requests.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Mutex<Clocks>>);

impl Activity {
    pub(super) fn new(patience: Patience) -> Self {
        let clocks = Clocks { patience, phase: Phase::Silent, since: Instant::now(), stalled: None };
        Self(Arc::new(Mutex::new(clocks)))
    }

    /// When the connection is to be given up unless something happens.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let clocks = self.clocks();
        let patience = clocks.patience;
        let phase = match clocks.phase {
            Phase::Silent => Some(clocks.since + patience.first_byte),
            Phase::Head => Some(clocks.since + patience.head),
            Phase::Idle => Some(clocks.since + patience.keep_alive),
            Phase::Busy => None,
        };
        let stalled = clocks.stalled.map(|since| since + patience.write_stall);
        [phase, stalled].into_iter().flatten().min()
    }

    /// The head of a request is complete; the phase lasts until the returned value is dropped.
    pub(super) fn begin_request(&self) -> Answering {
        self.enter(Phase::Busy);
        Answering(self.clone())
    }

    fn enter(&self, phase: Phase) {
        let mut clocks = self.clocks();
        clocks.phase = phase;
        clocks.since = Instant::now();
    }

    fn bytes_arrived(&self) {
        let phase = self.clocks().phase;
        if matches!(phase, Phase::Silent | Phase::Idle) {
            self.enter(Phase::Head);
        }
    }

    fn bytes_left(&self) {
        let mut clocks = self.clocks();
        clocks.stalled = None;
        if clocks.phase == Phase::Idle {
            clocks.since = Instant::now();
        }
    }

    fn write_waits(&self) {
        self.clocks().stalled.get_or_insert_with(Instant::now);
    }

    fn clocks(&self) -> MutexGuard<'_, Clocks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request is being answered for as long as this lives.
#[derive(Debug)]
pub(super) struct Answering(Activity);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
    }
}

/// A socket that reports to [`Activity`].
#[derive(Debug)]
pub(super) struct Watched<S> {
    pub(super) stream: S,
    pub(super) activity: Activity,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            this.activity.bytes_arrived();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> Watched<S> {
    fn note<T>(&self, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match outcome {
            Poll::Pending => self.activity.write_waits(),
            Poll::Ready(_) => self.activity.bytes_left(),
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write(cx, buf);
        this.note(outcome)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.note(outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// A response body that keeps its connection busy until it is sent or given up.
pub(super) struct Answer<B> {
    pub(super) body: B,
    pub(super) _answering: Answering,
}

impl<B: Body<Data = Bytes, Error = io::Error> + Unpin> Body for Answer<B> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of patience left, which the test itself takes nearly none of.
    fn left(activity: &Activity) -> Option<f64> {
        activity.deadline().map(|deadline| (deadline - Instant::now()).as_secs_f64().round())
    }

    #[test]
    fn every_phase_has_its_own_patience() {
        let patience = Patience { first_byte: Duration::from_secs(11), ..Patience::default() };
        let activity = Activity::new(patience);
        assert_eq!(left(&activity), Some(11.0));
        activity.bytes_arrived();
        assert_eq!(left(&activity), Some(10.0));
        let answering = activity.begin_request();
        assert_eq!(left(&activity), None);
        drop(answering);
        assert_eq!(left(&activity), Some(75.0));
        activity.bytes_arrived();
        assert_eq!(left(&activity), Some(10.0), "the next head has begun");
    }

    #[test]
    fn dripping_renews_nothing() {
        let activity = Activity::new(Patience::default());
        activity.bytes_arrived();
        let deadline = activity.deadline();
        activity.bytes_arrived();
        assert_eq!(activity.deadline(), deadline);
    }

    #[test]
    fn a_client_that_stops_reading_is_given_up_even_while_its_request_is_answered() {
        let activity = Activity::new(Patience::default());
        let _answering = activity.begin_request();
        activity.write_waits();
        let deadline = activity.deadline();
        assert_eq!(left(&activity), Some(30.0));
        activity.write_waits();
        assert_eq!(activity.deadline(), deadline, "waiting on does not renew it");
        activity.bytes_left();
        assert_eq!(left(&activity), None);
    }
}
