//! Connections, pooled by the thread that uses them.
//!
//! A connection is driven by the runtime of the thread that opened it. Lent to another thread, each of its statements
//! would wake two threads more than it has to; see docs/decisions/0010-where-a-requests-time-goes.md.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    thread::{self, ThreadId},
    time::Duration,
};

use bb8::QueueStrategy;
use diesel::ConnectionError;
use diesel_async::{
    AsyncConnection, AsyncPgConnection, SimpleAsyncConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod},
};
use futures::FutureExt;
use secrecy::{ExposeSecret, SecretString};

use crate::http::problem::Problem;

type Pool = bb8::Pool<AsyncDieselConnectionManager<AsyncPgConnection>>;

/// A connection on loan.
pub type Lent = bb8::PooledConnection<'static, AsyncDieselConnectionManager<AsyncPgConnection>>;

/// How the connections of a pool are made and lent.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Address and role.
    pub url: SecretString,
    /// Most connections of one thread.
    pub per_thread: u32,
    /// How long to wait for one.
    pub acquire_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
}

/// One pool for each thread that asks.
#[derive(Clone)]
pub struct ThreadPools {
    terms: Arc<Terms>,
    opened: Arc<RwLock<HashMap<ThreadId, Pool>>>,
}

impl ThreadPools {
    /// Opens nothing yet.
    pub fn new(terms: Terms) -> Self {
        Self { terms: Arc::new(terms), opened: Arc::default() }
    }

    /// A connection of this thread.
    ///
    /// # Errors
    /// 503 when none is free in time or the database is away.
    pub async fn get(&self) -> Result<Lent, Problem> {
        let lent = self.of_this_thread().get_owned().await;
        lent.map_err(|error| Problem::unavailable(format!("no database connection: {error}")))
    }

    fn of_this_thread(&self) -> Pool {
        let id = thread::current().id();
        let known = self.opened.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        known.unwrap_or_else(|| {
            let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
            opened.entry(id).or_insert_with(|| open(&self.terms)).clone()
        })
    }

    /// Connections in use and open, of all threads.
    pub fn state(&self) -> (u32, u32) {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        opened.values().map(bb8::Pool::state).fold((0, 0), |(in_use, open), state| {
            (in_use + state.connections.saturating_sub(state.idle_connections), open + state.connections)
        })
    }
}

fn open(terms: &Terms) -> Pool {
    let mut config = ManagerConfig::<AsyncPgConnection>::default();
    config.recycling_method = RecyclingMethod::Fast;
    let statement_timeout = terms.statement_timeout;
    config.custom_setup = Box::new(move |url| establish(url.to_owned(), statement_timeout).boxed());
    let manager = AsyncDieselConnectionManager::new_with_config(terms.url.expose_secret(), config);
    Pool::builder()
        .max_size(terms.per_thread)
        .connection_timeout(terms.acquire_timeout)
        .idle_timeout(Some(Duration::from_secs(300)))
        // The one that was used last, with warm caches in its server process: taking turns, as many as were ever needed at
        // once would be used, each from a cold start.
        .queue_strategy(QueueStrategy::Lifo)
        // A broken connection shows itself at BEGIN; a ping before each use would cost a round trip.
        .test_on_check_out(false)
        .build_unchecked(manager)
}

async fn establish(url: String, statement_timeout: Duration) -> diesel::ConnectionResult<AsyncPgConnection> {
    let mut connection = AsyncPgConnection::establish(&url).await?;
    let timeout = statement_timeout.as_millis();
    let lock_timeout = timeout / 2;
    connection
        .batch_execute(&format!(
            "SET statement_timeout = {timeout}; SET lock_timeout = {lock_timeout}; \
             SET idle_in_transaction_session_timeout = 30000"
        ))
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}
