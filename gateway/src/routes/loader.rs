//! Loads the services' documents: at start until all are there, when a response comes from another build, and
//! periodically.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use contracts::Service;
use platform::{client::Peers, http::server::DOCUMENT_PATH, worker::Shutdown};
use tokio::sync::Notify;

use super::{document::Document, owners, table::Table};

const WHEN_LOADED: Duration = Duration::from_secs(30);
const WHEN_FAILED: Duration = Duration::from_secs(5);
const WHEN_MISSING: Duration = Duration::from_millis(250);
/// While two builds of a service answer side by side, the document is not loaded more often than this.
const AT_LEAST: Duration = Duration::from_secs(1);

/// The current table, and bells to ring when a service's document may have changed.
#[derive(Default)]
pub struct Routes {
    table: ArcSwap<Table>,
    bells: [Notify; 5],
}

impl Routes {
    /// The current table.
    pub fn table(&self) -> arc_swap::Guard<Arc<Table>> {
        self.table.load()
    }

    /// The current table, to be kept for longer.
    pub fn table_kept(&self) -> Arc<Table> {
        self.table.load_full()
    }

    /// An answer of `service` came from this build: its document is loaded again if it describes another.
    pub fn seen_build(&self, service: Service, build: &[u8]) {
        let table = self.table.load();
        if table.document(service).is_some_and(|document| document.build.as_bytes() != build)
            && let Some(bell) = self.bell(service)
        {
            bell.notify_one();
        }
    }

    fn bell(&self, service: Service) -> Option<&Notify> {
        self.bells.get(owners::place(service)?)
    }

    /// Loads the document of a service; gives whether it is another than before.
    ///
    /// # Errors
    /// Why it could not be loaded.
    pub async fn load(&self, peers: &Peers, service: Service) -> Result<bool, String> {
        let fetched = peers.fetch(service, DOCUMENT_PATH).await.map_err(|error| error.to_string())?;
        let build = fetched.build.unwrap_or_default();
        let known = self.table.load().document(service).is_some_and(|document| document.build == build);
        if known && !build.is_empty() {
            return Ok(false);
        }
        // Elsewhere: it takes a while, and what it needs on the way is given back with that thread's heap.
        let read = tokio::task::spawn_blocking(move || Document::read(service, &build, fetched.bytes));
        let document = Arc::new(read.await.map_err(|error| error.to_string())??);
        let build = &document.build;
        self.table.rcu(|table| table.with(Arc::clone(&document)));
        tracing::info!(upstream.service = %service, build, operations = document.operations.len(), "routes loaded");
        Ok(true)
    }

    /// Keeps the document of a service loaded until the process ends.
    pub async fn keep_loaded(self: Arc<Self>, peers: Peers, service: Service, mut shutdown: Shutdown) {
        let Some(bell) = self.bell(service) else { return };
        loop {
            let outcome = self.load(&peers, service).await;
            let loaded = self.table.load().document(service).is_some();
            let pause = match &outcome {
                Ok(_) => WHEN_LOADED,
                Err(_) if loaded => WHEN_FAILED,
                Err(_) => WHEN_MISSING,
            };
            if let Err(error) = outcome {
                tracing::warn!(upstream.service = %service, %error, "routes could not be loaded");
            }
            if !shutdown.sleep(pause.min(AT_LEAST)).await {
                return;
            }
            tokio::select! {
                going_on = shutdown.sleep(pause.saturating_sub(AT_LEAST)) => if !going_on { return },
                () = bell.notified() => {}
            }
        }
    }
}
