//! Connections of one worker to one service.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    io,
    rc::Rc,
    time::{Duration, Instant},
};

use bytes::BytesMut;
use tokio::net::TcpStream;

use platform::http::leaving::KEPT_IDLE;

use super::{body::fresh_buffer, fault::Fault};

/// A buffer that grew beyond this is not kept with an idle connection.
const KEPT_BUFFER: usize = 32 * 1024;

/// Idle connections to one service, and how many are in use.
pub struct Pool {
    /// What stands in `Host`.
    pub authority: String,
    host: String,
    port: u16,
    idle: RefCell<VecDeque<Idle>>,
    in_use: Cell<usize>,
    limit: usize,
    connect_timeout: Duration,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

struct Connection {
    stream: TcpStream,
    buffer: BytesMut,
}

/// A connection in use. Dropped before its answer was read, it is closed.
pub struct Lease {
    pool: Rc<Pool>,
    connection: Connection,
    reused: bool,
    place: Option<Place>,
}

/// One of the places for requests in flight.
struct Place(Rc<Pool>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.in_use.set(self.0.in_use.get().saturating_sub(1));
    }
}

impl Pool {
    /// Nothing is connected yet.
    pub fn new(address: &url::Url, limit: usize, connect_timeout: Duration) -> Rc<Self> {
        let host = address.host_str().unwrap_or_default().to_owned();
        let port = address.port_or_known_default().unwrap_or(80);
        Rc::new(Self {
            authority: format!("{host}:{port}"),
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port,
            idle: RefCell::default(),
            in_use: Cell::new(0),
            limit,
            connect_timeout,
        })
    }

    /// A connection: an idle one that is alive, or a new one.
    ///
    /// # Errors
    /// [`Fault::Full`] or [`Fault::Connect`].
    pub async fn lease(self: &Rc<Self>, fresh: bool) -> Result<Lease, Fault> {
        if self.in_use.get() >= self.limit {
            return Err(Fault::Full);
        }
        self.in_use.set(self.in_use.get() + 1);
        let place = Place(Rc::clone(self));
        let idle = if fresh { None } else { self.take_idle() };
        let (connection, reused) = match idle {
            Some(connection) => (connection, true),
            None => (self.connect().await.map_err(Fault::Connect)?, false),
        };
        Ok(Lease { pool: Rc::clone(self), connection, reused, place: Some(place) })
    }

    fn take_idle(&self) -> Option<Connection> {
        loop {
            let idle = self.idle.borrow_mut().pop_back()?;
            // Nothing may have come since the last answer: not an end, and nothing we did not ask for.
            let silent = matches!(idle.connection.stream.try_read(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock);
            if silent && idle.since.elapsed() < KEPT_IDLE {
                return Some(idle.connection);
            }
        }
    }

    /// A new connection. Nothing has been sent on one that could not be made, so that any request may try again: the
    /// process that just left may have been one of several.
    async fn connect(&self) -> io::Result<Connection> {
        match self.connect_once().await {
            Err(error) if error.kind() != io::ErrorKind::TimedOut => self.connect_once().await,
            outcome => outcome,
        }
    }

    async fn connect_once(&self) -> io::Result<Connection> {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        let stream = tokio::time::timeout(self.connect_timeout, connecting)
            .await
            .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: fresh_buffer() })
    }

    fn give_back(&self, mut connection: Connection) {
        if connection.buffer.capacity() > KEPT_BUFFER {
            connection.buffer = fresh_buffer();
        }
        let mut idle = self.idle.borrow_mut();
        while idle.front().is_some_and(|oldest| oldest.since.elapsed() >= KEPT_IDLE) {
            idle.pop_front();
        }
        idle.push_back(Idle { connection, since: Instant::now() });
    }
}

impl Lease {
    /// Whether the connection had served before.
    pub fn is_reused(&self) -> bool {
        self.reused
    }

    /// Gives up its place among the requests in flight: the response goes on for as long as the client reads it.
    pub fn leave_place(&mut self) {
        self.place = None;
    }

    /// What was read and not taken yet.
    pub fn buffer(&mut self) -> &mut BytesMut {
        &mut self.connection.buffer
    }

    /// The connection and what was read from it.
    pub fn stream_and_buffer(&mut self) -> (&mut TcpStream, &mut BytesMut) {
        (&mut self.connection.stream, &mut self.connection.buffer)
    }

    /// The answer was read to its end: the connection may serve again, if both sides mean it to.
    pub fn finish(self, keep_alive: bool) {
        let Self { pool, connection, .. } = self;
        if keep_alive && connection.buffer.is_empty() {
            pool.give_back(connection);
        }
    }
}
