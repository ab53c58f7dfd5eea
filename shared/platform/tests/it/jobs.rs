//! Leased queues.

use std::time::Duration;

use contracts::TenantId;
use metrics_exporter_prometheus::PrometheusBuilder;
use platform::{
    Problem,
    jobs::{self, Policy, claim_one, measure, run_due},
    worker,
};

use crate::letters::{Letter, Stage};

const UNCHANGED: fn(&mut Policy) = |_| {};

#[actix_web::test]
async fn a_due_job_runs_once_and_ends_as_its_run_says() {
    let stage = Stage::start(UNCHANGED).await;
    for address in ["known", "far", "own"] {
        stage.letter(address).await;
    }

    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 3);
    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 0);

    assert_eq!(stage.count("address = 'known'").await, 0);
    let later = "address = 'far' AND attempts = 0 AND next_attempt_at BETWEEN now() + interval '30 seconds' \
                 AND now() + interval '60 seconds'";
    assert_eq!(stage.count(later).await, 1);
    assert_eq!(stage.count("address = 'sent' AND next_attempt_at IS NULL").await, 1);
}

#[actix_web::test]
async fn a_failure_is_tried_again_after_a_pause_and_given_up_when_the_tries_are_spent() {
    let stage = Stage::start(|policy| policy.lease = Duration::from_millis(400)).await;
    for address in ["unknown", "explosive", "endless", "wrong"] {
        stage.letter(address).await;
    }

    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 4);

    assert_eq!(stage.count("address = 'wrong' AND last_error LIKE 'there is no%'").await, 1);
    let waits = "attempts = 1 AND next_attempt_at BETWEEN now() + interval '40 seconds' AND now() + interval '72 seconds'";
    for (address, reason) in [
        ("unknown", "nothing is known of it"),
        ("explosive", "it panicked"),
        ("endless", "it took longer than its lease"),
    ] {
        let failed = format!("address = '{address}' AND last_error = '{reason}' AND {waits}");
        assert_eq!(stage.count(&failed).await, 1, "{address}");
    }
    stage.make_due().await;
    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 3);
    let given_up = "attempts = 2 AND next_attempt_at IS NULL AND last_error IS NOT NULL";
    assert_eq!(stage.count(given_up).await, 3);
    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 0);
}

#[actix_web::test]
async fn a_job_that_has_to_wait_spends_no_try() {
    let stage = Stage::start(UNCHANGED).await;
    stage.letter("full").await;

    for _ in 0..4 {
        stage.make_due().await;
        assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 1);
    }

    assert_eq!(stage.started().len(), 4);
    assert_eq!(stage.count("attempts = 0 AND next_attempt_at > now()").await, 1);
}

#[actix_web::test]
async fn a_job_without_a_limit_of_tries_is_never_given_up() {
    let stage = Stage::start(|policy| policy.tries = None).await;
    stage.letter("unknown").await;

    for _ in 0..4 {
        stage.make_due().await;
        assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 1);
    }

    let waits = "attempts = 4 AND next_attempt_at BETWEEN now() + interval '300 seconds' AND now() + interval '600 seconds'";
    assert_eq!(stage.count(waits).await, 1);
}

#[actix_web::test]
async fn a_job_whose_every_worker_broke_off_is_given_up_without_another_run() {
    let stage = Stage::start(UNCHANGED).await;
    stage.letter("known").await;
    stage.app.database.execute("UPDATE letters SET attempts = 3").await;

    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 1);

    assert!(stage.started().is_empty());
    assert_eq!(stage.count("next_attempt_at IS NULL AND last_error = 'run after run broke off'").await, 1);
}

#[actix_web::test]
async fn workers_at_the_same_time_run_each_job_once() {
    let stage = Stage::start(|policy| (policy.concurrency, policy.per_tenant) = (40, 40)).await;
    stage.letters(TenantId::new(), "near", 30, 0).await;
    stage.letters(TenantId::new(), "near", 30, 0).await;
    let deps = &stage.app.deps;

    let round = async || run_due::<Letter>(deps).await.unwrap();
    let (one, two, three) = futures::join!(round(), round(), round());
    let mut ran = one + two + three;
    while stage.count("true").await > 0 {
        ran += round().await;
    }

    assert_eq!(ran, 60);
    assert_eq!(stage.started().len(), 60);
}

#[actix_web::test]
async fn a_job_is_taken_over_when_its_lease_has_run_out() {
    let stage = Stage::start(|policy| policy.lease = Duration::from_millis(500)).await;
    let (_, id) = stage.letter("known").await;
    let deps = &stage.app.deps;

    let dead = claim_one::<Letter>(deps, id).await.unwrap().unwrap();
    let leased = run_due::<Letter>(deps).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let next = claim_one::<Letter>(deps, id).await.unwrap().unwrap();

    assert_eq!((dead.lease.attempt, leased, next.lease.attempt), (1, 0, 2));
    jobs::run::<Letter>(deps, dead).await;
    assert_eq!(stage.count("attempts = 2").await, 1, "the one that was overtaken ends nothing");
    jobs::run::<Letter>(deps, next).await;
    assert_eq!(stage.count("true").await, 0);
}

#[actix_web::test]
async fn a_job_that_was_made_due_during_its_run_runs_again() {
    let stage = Stage::start(UNCHANGED).await;
    let (_, id) = stage.letter("known").await;
    let claimed = claim_one::<Letter>(&stage.app.deps, id).await.unwrap().unwrap();

    stage.make_due().await;
    jobs::run::<Letter>(&stage.app.deps, claimed).await;

    assert_eq!(stage.count("next_attempt_at <= now()").await, 1);
    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 1);
    assert_eq!(stage.count("true").await, 0);
}

#[actix_web::test]
async fn a_lease_is_held_in_the_rows_tenant_only_and_while_it_lasts() {
    let stage = Stage::start(UNCHANGED).await;
    let (tenant, id) = stage.letter("known").await;
    let lease = claim_one::<Letter>(&stage.app.deps, id).await.unwrap().unwrap().lease;
    let db = &stage.app.base.db;
    let held = async |tenant| {
        db.in_tenant(tenant, async |tx| Ok::<_, Problem>(lease.hold::<Letter>(tx).await?)).await.unwrap()
    };

    assert_eq!(lease.tenant, Some(tenant));
    assert!(held(tenant).await);
    assert!(!held(TenantId::new()).await);
    stage.make_due().await;
    assert!(!held(tenant).await);
}

#[actix_web::test]
async fn tenants_take_turns() {
    let stage = Stage::start(UNCHANGED).await;
    let (busy, quiet, other) = (TenantId::new(), TenantId::new(), TenantId::new());
    stage.letters(busy, "known", 50, 100).await;
    stage.letters(quiet, "known", 1, 2).await;
    stage.letters(other, "known", 2, 1).await;

    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 4);

    let of = |tenant| stage.started().iter().filter(|started| **started == tenant).count();
    assert_eq!((of(busy), of(quiet), of(other)), (2, 1, 1));
}

#[actix_web::test]
async fn jobs_that_run_count_as_turns_and_no_tenant_takes_every_place() {
    let stage = Stage::start(|policy| (policy.concurrency, policy.per_tenant) = (3, 2)).await;
    let (busy, quiet) = (TenantId::new(), TenantId::new());
    stage.letters(busy, "endless", 10, 100).await;
    let (trigger, shutdown) = worker::shutdown();
    let working = actix_web::rt::spawn(jobs::work::<Letter>(stage.app.deps.clone(), shutdown));
    stage.until_started(2).await;

    stage.letters(quiet, "near", 3, 0).await;
    stage.app.deps.queued.notify_one();
    stage.until_started(5).await;

    assert_eq!(stage.started(), [busy, busy, quiet, quiet, quiet]);
    trigger.trigger();
    working.await.unwrap();
}

#[actix_web::test]
async fn jobs_of_a_tenant_that_is_not_active_wait() {
    let stage = Stage::start(UNCHANGED).await;
    let (tenant, _) = stage.letter("known").await;
    let state = |status: &str| {
        format!(
            "INSERT INTO tenant_states (tenant_id, client_id, status, revision) VALUES ('{tenant}', 'a', '{status}', 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET status = excluded.status"
        )
    };

    stage.app.database.execute(&state("suspended")).await;
    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 0);
    stage.app.database.execute(&state("active")).await;
    assert_eq!(run_due::<Letter>(&stage.app.deps).await.unwrap(), 1);
}

#[actix_web::test]
async fn a_worker_that_ends_lets_short_runs_end_and_hands_back_the_others() {
    let stage = Stage::start(UNCHANGED).await;
    stage.letter("near").await;
    stage.letter("endless").await;
    let (trigger, shutdown) = worker::shutdown();
    let working = actix_web::rt::spawn(jobs::work::<Letter>(stage.app.deps.clone(), shutdown));
    stage.until_started(2).await;

    trigger.trigger();
    trigger.heeded().await;
    working.await.unwrap();

    assert_eq!(stage.count("address = 'near'").await, 0);
    assert_eq!(stage.count("address = 'endless' AND attempts = 0 AND next_attempt_at <= now()").await, 1);
}

#[actix_web::test]
async fn a_queue_is_measured() {
    let stage = Stage::start(UNCHANGED).await;
    let recorder = PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    stage.letters(TenantId::new(), "known", 3, 90).await;
    stage.app.database.execute("UPDATE letters SET next_attempt_at = now() + interval '1 day' WHERE ctid = (SELECT min(ctid) FROM letters)").await;

    measure::<Letter>(&stage.app.deps).await.unwrap();

    let text = metrics.render();
    for line in [
        "queue_items{queue=\"letters\",state=\"waiting\"} 3",
        "queue_items{queue=\"letters\",state=\"due\"} 2",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let oldest = text
        .lines()
        .find_map(|line| line.strip_prefix("queue_oldest_seconds{queue=\"letters\",state=\"due\"} "));
    assert!(oldest.unwrap().parse::<f64>().unwrap() >= 90.0);
}
