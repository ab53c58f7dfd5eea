//! Clients of notification streams that reconnect after each fault and resume where they were.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::load::{Aim, Log};
use super::stage::Stage;
use devstack::people::{Tenant, signed};
use devstack::waiting::{Cancel, pause};
use devstack::wire::{self, Chunks, Failure, Response};

const PATH: &str = "/api/v2/notifications/stream";
/// Timeout of a connection and of the head of an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest silence of a live stream; one that is silent for longer counts as broken.
const SILENCE: Duration = Duration::from_secs(15);
/// Pause before a reconnect.
const BACK_AFTER: Duration = Duration::from_millis(200);

/// Received notifications, compared with the expected ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Receipts {
    /// Missing.
    pub(super) missed: usize,
    /// Received more than once.
    pub(super) twice: usize,
    /// Received by another user.
    pub(super) foreign: usize,
}

/// One client for each tenant. They stop when they are dropped.
pub(super) struct Listeners {
    /// By the database's clock.
    since: String,
    clients: Vec<Arc<Client>>,
    threads: Vec<JoinHandle<()>>,
}

/// A client of a notification stream.
struct Client {
    gateway: SocketAddr,
    tenant: Tenant,
    log: Arc<Log>,
    over: AtomicBool,
    /// The open connection, so that another thread can close it.
    line: Mutex<Option<TcpStream>>,
    /// How often each notification was received.
    received: Mutex<HashMap<String, usize>>,
    /// How often it connected.
    begun: AtomicU64,
}

impl Listeners {
    /// Returns when all of them are connected.
    pub(super) fn start(stage: &Stage, aim: &Aim, log: &Arc<Log>, cancel: &Cancel) -> Result<Self> {
        let clock = stage.sql("integration")?.rows("select clock_timestamp()")?;
        let since = clock.into_iter().flatten().next().context("the database has no clock")?;
        let clients: Vec<Arc<Client>> =
            aim.tenants.iter().map(|tenant| Arc::new(Client::of(aim, tenant, log))).collect();
        let threads = clients.iter().map(|client| {
            let client = Arc::clone(client);
            std::thread::spawn(move || client.run())
        });
        let listeners = Self { since, threads: threads.collect(), clients };
        let all_listen =
            || Ok(listeners.clients.iter().all(|client| client.begun.load(Ordering::SeqCst) > 0));
        cancel.until("listeners", Duration::from_millis(20), PATIENCE, all_listen)?;
        Ok(listeners)
    }

    /// Compares the received notifications with the expected ones.
    pub(super) fn receipts(&self, stage: &Stage) -> Result<Receipts> {
        let mut all = Receipts::default();
        for client in &self.clients {
            let query = format!(
                "select id from notifications where tenant_id = '{}' and created_at >= '{}'",
                client.tenant.id, self.since
            );
            let made: HashSet<String> =
                stage.sql("integration")?.rows(&query)?.into_iter().flatten().collect();
            let one = compare(&made, &lock(&client.received));
            all.missed += one.missed;
            all.twice += one.twice;
            all.foreign += one.foreign;
        }
        Ok(all)
    }

    /// Stops all clients; gives a note of how often they reconnected.
    pub(super) fn stop(mut self) -> Option<String> {
        self.hang_up();
        let again: u64 =
            self.clients.iter().map(|client| client.begun.load(Ordering::SeqCst).saturating_sub(1)).sum();
        (again > 0).then(|| format!("clients of notification streams reconnected {again} times"))
    }

    fn hang_up(&mut self) {
        for client in &self.clients {
            client.over.store(true, Ordering::SeqCst);
            if let Some(line) = lock(&client.line).take() {
                // The connection may be closed already.
                let _ = line.shutdown(Shutdown::Both);
            }
        }
        for thread in self.threads.drain(..) {
            // Notifications that a panicked client did not receive are counted as missed.
            let _ = thread.join();
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        self.hang_up();
    }
}

fn compare(made: &HashSet<String>, received: &HashMap<String, usize>) -> Receipts {
    Receipts {
        missed: made.iter().filter(|id| !received.contains_key(*id)).count(),
        twice: received.values().filter(|times| **times > 1).count(),
        foreign: received.keys().filter(|id| !made.contains(*id)).count(),
    }
}

impl Client {
    fn of(aim: &Aim, tenant: &Tenant, log: &Arc<Log>) -> Self {
        Self {
            gateway: aim.gateway,
            tenant: tenant.clone(),
            log: Arc::clone(log),
            over: AtomicBool::new(false),
            line: Mutex::default(),
            received: Mutex::default(),
            begun: AtomicU64::new(0),
        }
    }

    fn run(&self) {
        let mut last = None;
        while !self.over.load(Ordering::SeqCst) {
            let begun = Instant::now();
            let (outcome, body) = match self.begin(last.as_deref()) {
                Ok((head, body)) => (Ok(head), Some(body)),
                Err(failure) => (Err(failure), None),
            };
            let served = matches!(&outcome, Ok(head) if head.status == 200);
            if self.over.load(Ordering::SeqCst) {
                return;
            }
            self.log.note(begun, "stream", &outcome, served);
            if let (Some(body), true) = (body, served) {
                self.begun.fetch_add(1, Ordering::SeqCst);
                // The client reconnects after any end of the stream.
                let _ = self.listen(body, &mut last);
            }
            pause(BACK_AFTER);
        }
    }

    fn begin(&self, last: Option<&str>) -> Result<(Response, impl BufRead + use<>), Failure> {
        let mut request = signed("GET", PATH, &self.tenant.token, Some(&self.tenant.client_id));
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let line = TcpStream::connect_timeout(&self.gateway, PATIENCE).map_err(Failure::Refused)?;
        let talk = || -> io::Result<_> {
            *lock(&self.line) = Some(line.try_clone()?);
            line.set_read_timeout(Some(PATIENCE))?;
            (&line).write_all(&request.bytes(&self.gateway.to_string()))?;
            let mut reader = BufReader::new(line.try_clone()?);
            let head = wire::read_response(&mut reader, false)?;
            line.set_read_timeout(Some(SILENCE))?;
            Ok((head, BufReader::new(Chunks::of(reader))))
        };
        talk().map_err(Failure::Broken)
    }

    fn listen(&self, mut body: impl BufRead, last: &mut Option<String>) -> io::Result<()> {
        let mut id = None;
        loop {
            let line = wire::line(&mut body)?;
            if let Some(of_this) = line.strip_prefix("id: ") {
                id = Some(of_this.to_owned());
            } else if line.is_empty()
                && let Some(whole) = id.take()
            {
                *lock(&self.received).entry(whole.clone()).or_default() += 1;
                *last = Some(whole);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_received_twice_or_by_another_user_is_counted() {
        let made = HashSet::from(["a", "b", "c"].map(str::to_owned));
        let received =
            HashMap::from([("a", 1), ("b", 2), ("x", 1)].map(|(id, times)| (id.to_owned(), times)));

        assert_eq!(compare(&made, &received), Receipts { missed: 1, twice: 1, foreign: 1 });
        let all = made.iter().map(|id| (id.clone(), 1)).collect();
        assert_eq!(compare(&made, &all), Receipts::default());
    }
}
