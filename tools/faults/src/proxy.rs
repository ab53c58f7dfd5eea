//! Proxy between two processes that injects network faults.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::libc::linger;
use nix::sys::socket::{setsockopt, sockopt};

use devstack::http;
use devstack::waiting::pause;

/// Polling interval of a held connection.
const LOOK: Duration = Duration::from_millis(10);
/// Interval of the readiness probes of a balancing proxy.
const ASK: Duration = Duration::from_millis(50);

/// Fault of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// None.
    None,
    /// Delay of each chunk.
    Latency(Duration),
    /// Bandwidth in bytes per second, per connection and direction.
    Bandwidth(u64),
    /// Connections are accepted and data is held until the fault ends.
    Blackhole,
    /// Existing and new connections are reset.
    Reset,
    /// A connection is reset after so many bytes, in the middle of a message.
    CutAfter(u64),
}

/// Listener that forwards to one port, or to the ready ones of several.
pub(super) struct Proxy {
    shared: Arc<Shared>,
    port: u16,
}

struct Shared {
    fault: Mutex<Fault>,
    over: AtomicBool,
    targets: Vec<Target>,
    turn: AtomicUsize,
    pairs: Mutex<Vec<Weak<Pair>>>,
}

struct Target {
    port: u16,
    ready: AtomicBool,
}

/// Pair of connections. Closed when both directions have ended.
struct Pair {
    client: TcpStream,
    server: TcpStream,
    passed: AtomicU64,
}

impl Proxy {
    /// Forwards to one port of this machine.
    pub(super) fn to(port: u16) -> Result<Self> {
        Self::start(vec![port])
    }

    /// Forwards each connection to the next ready process of several.
    pub(super) fn balancing(ports: Vec<u16>) -> Result<Self> {
        let proxy = Self::start(ports)?;
        for place in 0..proxy.shared.targets.len() {
            let shared = Arc::clone(&proxy.shared);
            std::thread::spawn(move || {
                while let (Some(target), false) = (shared.targets.get(place), shared.is_over()) {
                    target.ready.store(http::is_ready(target.port), Ordering::SeqCst);
                    pause(ASK);
                }
            });
        }
        Ok(proxy)
    }

    fn start(ports: Vec<u16>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("a proxy can't listen")?;
        let port = listener.local_addr()?.port();
        let targets = ports.into_iter().map(|port| Target { port, ready: AtomicBool::new(true) }).collect();
        let shared = Arc::new(Shared {
            fault: Mutex::new(Fault::None),
            over: AtomicBool::new(false),
            targets,
            turn: AtomicUsize::new(0),
            pairs: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if serving.is_over() {
                    return;
                }
                let serving = Arc::clone(&serving);
                std::thread::spawn(move || serving.pass(client));
            }
        });
        Ok(Self { shared, port })
    }

    /// The port it listens on.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Sets the fault.
    pub(super) fn set(&self, fault: Fault) {
        *lock(&self.shared.fault) = fault;
        if fault == Fault::Reset {
            self.shared.cut_all();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.shared.cut_all();
        // Wakes the listener, which then ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl Shared {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    fn fault(&self) -> Fault {
        *lock(&self.fault)
    }

    /// Wakes the readers; they see the fault and close their connections.
    fn cut_all(&self) {
        for pair in lock(&self.pairs).drain(..).filter_map(|pair| pair.upgrade()) {
            pair.reset();
        }
    }

    fn next_target(&self) -> Option<u16> {
        let begin = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = self.targets.len().max(1);
        let places = (0..count).map(|step| (begin + step) % count);
        let mut ready = places
            .filter_map(|place| self.targets.get(place))
            .filter(|target| target.ready.load(Ordering::SeqCst));
        ready.next().map(|target| target.port)
    }

    fn pass(self: Arc<Self>, client: TcpStream) {
        if self.fault() == Fault::Reset {
            reset_when_closed(&client);
            return;
        }
        let Some(port) = self.next_target() else { return };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let Ok(server) = TcpStream::connect_timeout(&address, Duration::from_secs(2)) else {
            reset_when_closed(&client);
            return;
        };
        // Fails for a closed connection, which needs no option.
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let pair = Arc::new(Pair { client, server, passed: AtomicU64::new(0) });
        {
            let mut pairs = lock(&self.pairs);
            pairs.retain(|pair| pair.strong_count() > 0);
            pairs.push(Arc::downgrade(&pair));
        }
        let (shared, back) = (Arc::clone(&self), Arc::clone(&pair));
        std::thread::spawn(move || shared.pump(&back, &back.server, &back.client));
        self.pump(&pair, &pair.client, &pair.server);
    }

    fn pump(&self, pair: &Pair, mut from: &TcpStream, mut to: &TcpStream) {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let piece = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => buffer.get(..length).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return pair.reset(),
            };
            match self.spoil(pair, piece) {
                Some(passes) if to.write_all(passes).is_ok() && passes.len() == piece.len() => {}
                _ => return pair.reset(),
            }
        }
        if self.is_over() || self.fault() == Fault::Reset {
            return pair.reset();
        }
        // Half-closed: the other direction may go on.
        let _ = to.shutdown(Shutdown::Write);
    }

    /// The part of a chunk that is forwarded, after its delay; none when the connection is to be reset.
    fn spoil<'p>(&self, pair: &Pair, piece: &'p [u8]) -> Option<&'p [u8]> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        loop {
            if self.is_over() {
                return None;
            }
            match self.fault() {
                Fault::Reset => return None,
                Fault::Blackhole => pause(LOOK),
                Fault::None => return Some(piece),
                Fault::Latency(delay) => {
                    pause(delay);
                    return Some(piece);
                }
                Fault::Bandwidth(rate) => {
                    pause(Duration::from_millis(length.saturating_mul(1_000) / rate.max(1)));
                    return Some(piece);
                }
                Fault::CutAfter(limit) => {
                    let before = pair.passed.fetch_add(length, Ordering::SeqCst);
                    let left = usize::try_from(limit.saturating_sub(before)).unwrap_or(usize::MAX);
                    return piece.get(..left.min(piece.len()));
                }
            }
        }
    }
}

impl Pair {
    /// Ends both directions; dropping the last of them resets the connections instead of closing them.
    fn reset(&self) {
        for side in [&self.client, &self.server] {
            reset_when_closed(side);
            // Wakes a reader. Fails for a connection that has ended, which has no reader.
            let _ = side.shutdown(Shutdown::Read);
        }
    }
}

fn reset_when_closed(stream: &TcpStream) {
    // Fails for a connection that has ended, where it has no effect.
    let _ = setsockopt(stream, sockopt::Linger, &linger { l_onoff: 1, l_linger: 0 });
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Echo server.
    fn echo() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || io::copy(&mut &stream, &mut &stream));
            }
        });
        port
    }

    fn connect(proxy: &Proxy) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        stream
    }

    fn ask(mut stream: &TcpStream, text: &str) -> io::Result<String> {
        stream.write_all(text.as_bytes())?;
        let mut answer = vec![0; text.len()];
        stream.read_exact(&mut answer)?;
        Ok(String::from_utf8(answer).unwrap())
    }

    #[test]
    fn what_passes_arrives_unless_something_is_done_to_it() {
        let proxy = Proxy::to(echo()).unwrap();
        let stream = connect(&proxy);
        assert_eq!(ask(&stream, "hello").unwrap(), "hello");

        proxy.set(Fault::Latency(Duration::from_millis(60)));
        let begun = Instant::now();
        assert_eq!(ask(&stream, "later").unwrap(), "later");
        assert!(begun.elapsed() >= Duration::from_millis(120));
    }

    #[test]
    fn a_blackhole_gives_back_what_it_swallowed() {
        let proxy = Proxy::to(echo()).unwrap();
        let stream = connect(&proxy);
        proxy.set(Fault::Blackhole);
        assert!(ask(&stream, "a").is_err());

        proxy.set(Fault::None);

        let mut late = [0; 1];
        (&stream).read_exact(&mut late).unwrap();
        assert_eq!(&late, b"a");
    }

    #[test]
    fn a_reset_ends_what_there_is_and_what_comes() {
        let proxy = Proxy::to(echo()).unwrap();
        let stream = connect(&proxy);
        ask(&stream, "a").unwrap();

        proxy.set(Fault::Reset);

        assert!(ask(&stream, "b").is_err());
        assert!(ask(&connect(&proxy), "c").is_err());
        proxy.set(Fault::None);
        assert_eq!(ask(&connect(&proxy), "d").unwrap(), "d");
    }

    #[test]
    fn a_connection_is_cut_after_so_many_bytes() {
        let proxy = Proxy::to(echo()).unwrap();
        proxy.set(Fault::CutAfter(12));
        let stream = connect(&proxy);

        assert_eq!(ask(&stream, "12345").unwrap(), "12345");
        assert!(ask(&stream, "67890").is_err());
    }
}
