//! Benchmarks of a submission before it reaches the database, and of the batcher with a database where there is one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a measurement that cannot go on fails loudly")]

use std::{
    collections::HashMap,
    hint::black_box,
    time::{Duration, Instant},
};

use contracts::{Service, TenantId};
use criterion::{BatchSize, Criterion, Throughput};
use futures::future::join_all;
use lead_service::{
    DuplicatePolicy, LeadService, SourceKey,
    config::IngestConfig,
    intake::{self, Batcher, Entrance, NewSubmission, Prepared, resolve},
};
use platform::{config::DatabaseConfig, db::Db};
use serde_json::{Map, Value, json};
use testkit::TestDatabase;
use uuid::Uuid;

/// Submissions of a batch.
const BATCH: usize = 64;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    alone(&mut criterion);
    in_a_batch(&mut criterion);
    #[expect(clippy::disallowed_methods, reason = "as for tests, the environment says where the database is")]
    let has_database = std::env::var_os("LEADSTREAM_TEST_POSTGRES_URL").is_some();
    if has_database {
        with_the_database(&mut criterion);
    }
    criterion.final_summary();
}

/// A form's body, a new person each time.
fn sent(number: u128) -> Map<String, Value> {
    let id = Uuid::from_u128(number).simple();
    let phone = format!("+4420{:08}", number % 100_000_000);
    let Value::Object(sent) = json!({
        "lead_reference_id": id.to_string(), "first_name": "Ada", "last_name": "Lovelace",
        "email": format!("Ada.{id}@Analytical.example"), "phone": phone,
        "company_name": "Analytical Engines Ltd", "role_title": "Head of Sales",
        "notes": "We would like to see a demo next week, for about twelve people.", "source": "website",
        "utm_source": "newsletter", "utm_campaign": "spring", "consent": {"marketing": true}, "budget": "10k-20k",
        "page": "/pricing",
    }) else {
        panic!("an object")
    };
    sent
}

fn prepared(submission: NewSubmission, sent: &Map<String, Value>) -> Prepared {
    let (request, trace) = (Uuid::now_v7().to_string(), String::new());
    let sent = intake::sent_fields(sent).unwrap();
    let (policy, source) = (DuplicatePolicy::Attach, SourceKey::api());
    let entrance = Entrance { api_key: Uuid::nil(), policy, source };
    Prepared::new(submission, sent, entrance, request, trace)
}

fn somebody_new() -> Prepared {
    let sent = sent(Uuid::now_v7().as_u128());
    prepared(NewSubmission::parse(sent.clone()).unwrap(), &sent)
}

fn alone(criterion: &mut Criterion) {
    let body = serde_json::to_vec(&sent(7)).unwrap();
    criterion.bench_function("submission: read JSON", |bencher| {
        bencher.iter(|| serde_json::from_slice::<Map<String, Value>>(black_box(&body)).unwrap());
    });
    criterion.bench_function("submission: normalise", |bencher| {
        bencher.iter_batched(|| sent(7), |sent| NewSubmission::parse(sent).unwrap(), BatchSize::SmallInput);
    });
    criterion.bench_function("submission: prepare", |bencher| {
        let normalised = || (NewSubmission::parse(sent(7)).unwrap(), sent(7));
        bencher.iter_batched(
            normalised,
            |(submission, sent)| prepared(submission, &sent),
            BatchSize::SmallInput,
        );
    });
}

fn in_a_batch(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("batch");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("resolve newcomers", |bencher| {
        let items: Vec<Prepared> = (0..BATCH).map(|_| somebody_new()).collect();
        let items: Vec<&Prepared> = items.iter().collect();
        bencher.iter(|| resolve(black_box(&items), &HashMap::new()));
    });
    group.finish();
}

/// As many submissions at once as a batch holds, each answered when its commit is on disk.
fn with_the_database(criterion: &mut Criterion) {
    let system = actix_web::rt::System::new();
    let (database, batcher) = system.block_on(async {
        let database = TestDatabase::of::<LeadService>().await;
        let db = Db::open(
            Service::Lead,
            &DatabaseConfig {
                url: database.app_url().into(),
                system_url: database.system_url().into(),
                owner_url: None,
                pool_size: 4,
                system_pool_size: 1,
                acquire_timeout: Duration::from_secs(2),
                statement_timeout: Duration::from_secs(5),
            },
            1,
        );
        let config = IngestConfig { writers: 2, batch: 256, queue: 4_096 };
        (database, Batcher::start(&db, config))
    });
    let tenant = TenantId(Uuid::now_v7());
    let mut group = criterion.benchmark_group("batcher");
    group.throughput(Throughput::Elements(BATCH as u64)).sample_size(20);
    group.bench_function("commit", |bencher| {
        bencher.iter_custom(|times| {
            system.block_on(async {
                let mut took = Duration::ZERO;
                for _ in 0..times {
                    let items: Vec<Prepared> = (0..BATCH).map(|_| somebody_new()).collect();
                    let begun = Instant::now();
                    let stored = join_all(items.into_iter().map(|item| batcher.submit(tenant, item))).await;
                    took += begun.elapsed();
                    assert!(stored.iter().all(Result::is_ok), "{stored:?}");
                }
                took
            })
        });
    });
    group.finish();
    drop(batcher);
    drop(database);
}
