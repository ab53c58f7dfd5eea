//! Whether the process is alive, ready and well; and its metrics.

use std::{
    sync::Arc,
    sync::OnceLock,
    sync::atomic::{AtomicBool, Ordering},
};

use actix_web::{HttpResponse, web};
use futures::{FutureExt, future::LocalBoxFuture};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use sysinfo::{Disks, System};
use tokio::sync::watch;

use crate::{db::Db, redis::Redis};

type Check = Arc<dyn Fn() -> LocalBoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What a failed check means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// The process cannot do its work.
    Needed,
    /// It can, only not as well.
    Reported,
}

/// How long one check may take.
const CHECK_WITHIN: std::time::Duration = std::time::Duration::from_secs(2);

/// What the health answers look at.
#[derive(Clone, Default)]
pub struct Health {
    checks: Vec<(&'static str, Weight, Check)>,
    leaving: Arc<AtomicBool>,
    streams_end: Arc<watch::Sender<bool>>,
}

impl Health {
    /// Nothing to check.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a thing that must be reachable.
    pub fn check<F>(self, name: &'static str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + 'static,
    {
        self.with(name, Weight::Needed, check)
    }

    /// Adds a dependency that is reported when missing but leaves the process ready.
    pub fn report<F>(self, name: &'static str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + 'static,
    {
        self.with(name, Weight::Reported, check)
    }

    fn with<F>(
        mut self,
        name: &'static str,
        weight: Weight,
        check: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), String>> + 'static,
    {
        self.checks.push((name, weight, Arc::new(move || check().boxed_local())));
        self
    }

    /// Database and Redis.
    pub fn of(db: &Db, redis: &Redis) -> Self {
        let (db, redis) = (db.clone(), redis.clone());
        Self::new()
            .check("database", move || {
                let db = db.clone();
                async move { db.ping().await.map_err(|problem| problem.to_string()) }
            })
            .check("redis", move || {
                let redis = redis.clone();
                async move { redis.ping().await.map_err(|error| error.to_string()) }
            })
    }

    /// From now on the process is not ready: it is ending.
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    /// Whether the process is ending.
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    /// Answers that would go on for ever end now.
    pub fn end_streams(&self) {
        self.streams_end.send_replace(true);
    }

    /// When answers that would go on for ever have to end.
    pub fn streams_end(&self) -> impl Future<Output = ()> + use<> {
        let mut end = self.streams_end.subscribe();
        async move {
            // The sender being gone means the end as well.
            let _ended = end.wait_for(|ending| *ending).await;
        }
    }

    /// Whether the process can do its work. Asks only for what that takes.
    pub async fn is_ready(&self) -> bool {
        let needed = self.checks.iter().filter(|(_, weight, _)| *weight == Weight::Needed);
        let results = futures::future::join_all(needed.map(|(_, _, check)| within_deadline(check))).await;
        results.iter().all(Result::is_ok) && !self.is_leaving()
    }

    async fn look(&self) -> (bool, Value) {
        let results = futures::future::join_all(
            self.checks
                .iter()
                .map(|(name, weight, check)| async move { (*name, *weight, within_deadline(check).await) }),
        )
        .await;
        let well = results.iter().all(|(_, weight, result)| result.is_ok() || *weight == Weight::Reported)
            && !self.is_leaving();
        let details = results.into_iter().map(|(name, _, result)| {
            if let Err(error) = &result {
                tracing::warn!(check = name, %error, "a health check failed");
            }
            (name.to_owned(), json!(if result.is_ok() { "ok" } else { "unreachable" }))
        });
        (well, Value::Object(details.collect()))
    }
}

async fn within_deadline(check: &Check) -> Result<(), String> {
    tokio::time::timeout(CHECK_WITHIN, check()).await.unwrap_or_else(|_| Err("no answer in time".into()))
}

/// The health routes with all their details, under `prefix`.
pub fn configure(config: &mut web::ServiceConfig, prefix: &str) {
    config
        .route(&format!("{prefix}/health/status"), web::get().to(status))
        .route(&format!("{prefix}/health/ready"), web::get().to(ready))
        .route(&format!("{prefix}/health"), web::get().to(details));
}

/// The health routes for callers from outside, under `prefix`: whether the process lives and serves, and no more.
pub fn configure_public(config: &mut web::ServiceConfig, prefix: &str) {
    config
        .route(&format!("{prefix}/health/status"), web::get().to(status))
        .route(&format!("{prefix}/health/ready"), web::get().to(ready_without_details));
}

async fn status() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

fn answer(well: bool, mut body: Value) -> HttpResponse {
    if let Some(members) = body.as_object_mut() {
        members.insert("status".into(), json!(if well { "ok" } else { "unavailable" }));
    }
    if well { HttpResponse::Ok().json(body) } else { HttpResponse::ServiceUnavailable().json(body) }
}

async fn ready(health: web::Data<Health>) -> HttpResponse {
    let (well, details) = health.look().await;
    answer(well, details)
}

async fn ready_without_details(health: web::Data<Health>) -> HttpResponse {
    answer(health.is_ready().await, json!({}))
}

/// What the process depends on, how much of the machine it takes, and how much of that is left.
pub async fn details(health: web::Data<Health>) -> HttpResponse {
    let (well, mut details) = health.look().await;
    let machine = web::block(machine).await.unwrap_or_default();
    if let (Some(members), Value::Object(machine)) = (details.as_object_mut(), machine) {
        members.extend(machine);
    }
    answer(well, details)
}

fn machine() -> Value {
    let mut system = System::new();
    system.refresh_memory();
    let pid = sysinfo::Pid::from_u32(std::process::id());
    system.refresh_processes(sysinfo::ProcessesToUpdate::Some(&[pid]), true);
    let resident = system.process(pid).map_or(0, sysinfo::Process::memory);
    let disks = Disks::new_with_refreshed_list();
    let disk = disks.list().iter().find(|disk| disk.mount_point() == std::path::Path::new("/"));
    json!({
        "cpu": { "load_1m": System::load_average().one },
        "memory": { "resident_bytes": resident, "available_bytes": system.available_memory() },
        "disk": { "available_bytes": disk.map(sysinfo::Disk::available_space) },
    })
}

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts collecting metrics; once per process.
pub fn collect_metrics() {
    METRICS.get_or_init(|| {
        let buckets =
            [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &buckets);
        let installed = builder.and_then(PrometheusBuilder::install_recorder);
        let handle = installed.inspect_err(|error| tracing::error!(%error, "metrics are not collected")).ok();
        if let (Some(handle), Ok(runtime)) = (handle.clone(), tokio::runtime::Handle::try_current()) {
            // Samples accumulate until they are drained, even when /metrics is never read.
            runtime.spawn(async move {
                loop {
                    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                    handle.run_upkeep();
                }
            });
        }
        handle
    });
}

/// `/metrics` in Prometheus' text form.
pub async fn metrics() -> HttpResponse {
    match METRICS.get() {
        Some(Some(handle)) => {
            handle.run_upkeep();
            HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(handle.render())
        }
        _ => HttpResponse::ServiceUnavailable().finish(),
    }
}
