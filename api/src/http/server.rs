//! The accept loop: connections in, poem requests out.
//!
//! poem's own server installs no timer, so a half-sent head holds a connection for ever; hence this loop.
//!
//! **HTTP/1.1 only.** Plenum listens in clear text, where no browser speaks HTTP/2, and every proxy that ends TLS in
//! front of it speaks HTTP/1.1 to what is behind. Leaving HTTP/2 out takes its whole family of floods (streams,
//! resets, CONTINUATION, header compression) off the table. A client that insists on HTTP/2 is turned away.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Poll, ready},
};

use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use ipnet::IpNet;
use poem::{
    Addr, Endpoint, EndpointExt, IntoEndpoint, Request,
    endpoint::BoxEndpoint,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::Duration,
};

use super::{
    client_address::{any_contains, loopback, network},
    connection::{Activity, Answer, Patience, Watched},
    request_head,
};

type ResponseBody = http_body_util::combinators::BoxBody<bytes::Bytes, io::Error>;

/// What one listener takes on.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open connections in all. When they are used up new ones wait in the kernel's queue. Default 1,000.
    pub connections: usize,
    /// Open connections of one client network (/32 of IPv4, /64 of IPv6); more are closed at once. Default 50.
    pub connections_per_network: usize,
    /// Networks to which the limit per network does not apply, because they stand for many clients: name the trusted
    /// proxies here. Default loopback, where proxies on the same machine live; whoever else is there already has the
    /// machine.
    pub exempt_networks: Vec<IpNet>,
    /// Time limits of a connection.
    pub patience: Patience,
    /// How long requests in flight may take to finish once the server stops accepting. Default 25 s.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_000,
            connections_per_network: 50,
            exempt_networks: loopback(),
            patience: Patience::default(),
            drain: Duration::from_secs(25),
        }
    }
}

/// Serves `endpoint` on `listener` until `shutdown` completes, then stops accepting, finishes the requests in flight
/// within the drain limit and returns. Dropping the future closes every connection at once; to do so at a second
/// signal, race it with `Shutdown::reached(Stage::AtOnce)`.
///
/// # Errors
/// When the listener has no address. Failures to accept are logged and survived.
pub async fn serve<E>(
    listener: TcpListener,
    endpoint: E,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()>
where
    E: IntoEndpoint,
    E::Endpoint: 'static,
{
    let door = Door {
        local: listener.local_addr()?,
        endpoint: Arc::new(endpoint.into_endpoint().map_to_response().boxed()),
        patience: limits.patience,
    };
    let slots = Arc::new(Semaphore::new(limits.connections));
    let networks = Arc::new(Networks::new(limits.connections_per_network, limits.exempt_networks));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        while connections.try_join_next().is_some() {}
        let Some((stream, peer, slot)) = accepted else { break };
        let Some(place) = networks.admit(peer.ip().to_canonical()) else {
            metrics::counter!("http_connections_refused_total").increment(1);
            continue;
        };
        let connection = door.clone().serve(stream, peer, graceful.watcher());
        connections.spawn(async move {
            let _held = (slot, place, OpenConnection::new());
            connection.await;
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("the drain limit is over: requests still in flight are cut off");
    }
    Ok(())
}

/// The next connection, once there is a slot for it. `None` when the server no longer hands out slots.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let slot = slots.clone().acquire_owned().await.ok()?;
    let mut pause = Duration::from_millis(10);
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Some((stream, peer, slot)),
            // The client was gone before we looked; the next one is waiting.
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                // Out of file descriptors or memory: the listener stays readable, so trying at once would spin.
                tracing::error!(%error, "cannot accept connections");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
        }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// What every connection of a listener needs.
#[derive(Clone)]
struct Door {
    local: SocketAddr,
    endpoint: Arc<BoxEndpoint<'static>>,
    patience: Patience,
}

impl Door {
    async fn serve(self, stream: TcpStream, peer: SocketAddr, watcher: Watcher) {
        // Answers are written whole; waiting to fill a packet only delays them.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "the client left");
            return;
        }
        let patience = self.patience;
        let activity = Activity::new(patience);
        let socket = Watched { stream, activity: activity.clone() };
        let service = {
            let activity = activity.clone();
            service_fn(move |request| self.clone().answer(request, peer, activity.clone()))
        };
        // Twice what the edge allows is let through, because hyper's own refusal is a bare 431 without a problem.
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(None)
            .max_headers(2 * request_head::MAX_FIELDS)
            .max_header_size(2 * request_head::MAX_BYTES)
            .serve_connection(TokioIo::new(socket), service);
        let mut connection = pin!(watcher.watch(connection));
        let mut timer = pin!(tokio::time::sleep(patience.first_byte));
        std::future::poll_fn(|cx| {
            if connection.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            // The timer is moved when it has run out, or would run out too late, and not with every step of a request.
            loop {
                let Some(deadline) = activity.deadline() else { return Poll::Pending };
                if deadline < timer.deadline() {
                    timer.as_mut().reset(deadline);
                }
                ready!(timer.as_mut().poll(cx));
                if deadline <= timer.deadline() {
                    break;
                }
                timer.as_mut().reset(deadline);
            }
            metrics::counter!("http_connections_timed_out_total").increment(1);
            Poll::Ready(())
        })
        .await;
    }

    async fn answer(
        self,
        request: hyper::Request<Incoming>,
        peer: SocketAddr,
        activity: Activity,
    ) -> Result<hyper::Response<Answer<ResponseBody>>, Infallible> {
        let answering = activity.begin_request();
        let (local, remote) = (LocalAddr(Addr::SocketAddr(self.local)), RemoteAddr(Addr::SocketAddr(peer)));
        let request = Request::from((request, local, remote, Scheme::HTTP));
        let response = self.endpoint.get_response(request).await;
        let response = hyper::Response::<ResponseBody>::from(response);
        Ok(response.map(|body| Answer { body, _answering: answering }))
    }
}

/// Counts the open connections of each client network.
#[derive(Debug)]
struct Networks {
    open: Mutex<HashMap<IpNet, usize>>,
    limit: usize,
    exempt: Vec<IpNet>,
}

impl Networks {
    fn new(limit: usize, exempt: Vec<IpNet>) -> Self {
        Self { open: Mutex::default(), limit, exempt }
    }

    /// A place for a connection from `address`, given back when dropped; none when its network has had its share.
    fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        if any_contains(&self.exempt, address) {
            return Some(Place { networks: self.clone(), network: None });
        }
        let network = network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Place { networks: self.clone(), network: Some(network) })
    }
}

#[derive(Debug)]
struct Place {
    networks: Arc<Networks>,
    network: Option<IpNet>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(network) = self.network else { return };
        let mut open = self.networks.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&network) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(open.remove(&network)),
        }
    }
}

/// One connection in the gauge `http_connections`.
struct OpenConnection;

impl OpenConnection {
    fn new() -> Self {
        metrics::gauge!("http_connections").increment(1.0);
        Self
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        metrics::gauge!("http_connections").decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_gets_its_share_and_gives_it_back() {
        let networks = Arc::new(Networks::new(2, loopback()));
        let admit = |address: &str| networks.admit(address.parse().unwrap());
        let (first, _second) = (admit("2001:db8::1").unwrap(), admit("2001:db8::2").unwrap());
        assert!(admit("2001:db8::3").is_none(), "one /64 is one client");
        assert!(admit("2001:db8:0:1::1").is_some());
        drop(first);
        assert!(admit("2001:db8::3").is_some());
        let _many: Vec<_> = (0..10).map(|_| admit("127.0.0.1").unwrap()).collect();
        assert_eq!(networks.open.lock().unwrap().len(), 1, "networks without connections are forgotten");
    }
}
