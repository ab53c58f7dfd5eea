//! Imports of one tenant are worked off one after the other, in the order in which they were queued.

use std::time::Duration;

use serde_json::json;
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, importing as start},
    imports::{OVER, counts, import, reached, send, working},
};

/// The id of an import of so many people, all of one mailbox provider.
async fn queued(caller: &Caller, of: &str, people: usize, fields: &[(&str, &str)]) -> String {
    let rows: String = (0..people).map(|n| format!("N{n},p{n}@{of}.example\n")).collect();
    id_of(&send(caller, &format!("name,email\n{rows}"), fields).await.expect(202))
}

/// Whether one import ended before another one.
async fn ended_before(app: &Leads, one: &str, other: &str) -> bool {
    let sql = format!(
        "SELECT count(*) AS number FROM imports a, imports b \
         WHERE a.id = '{one}' AND b.id = '{other}' AND a.finished_at < b.finished_at"
    );
    app.database.number(&sql).await == 1
}

#[actix_web::test]
async fn a_tenants_imports_run_one_at_a_time_in_their_order_however_many_workers_there_are() {
    let (app, _tenants) = start().await;
    let (caller, other) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        ids.push(queued(&caller, name, 600, &[]).await);
    }
    let theirs = queued(&other, "theirs", 10, &[]).await;

    let trigger = working(&app, 4);
    let held = "SELECT coalesce(max(held), 0) AS number FROM (SELECT count(*) AS held FROM imports \
                WHERE worker IS NOT NULL GROUP BY tenant_id) h";
    let mut is_over = false;
    for _ in 0..400 {
        assert!(app.database.number(held).await <= 1, "two at a time");
        let open = "SELECT count(*) AS number FROM imports WHERE finished_at IS NULL";
        is_over = app.database.number(open).await == 0;
        if is_over {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    trigger.trigger();
    trigger.heeded().await;

    assert!(is_over);
    for id in &ids {
        assert_eq!(counts(&reached(&caller, id, &OVER).await), [600, 600, 0, 0, 0]);
    }
    assert_eq!(counts(&reached(&other, &theirs, &OVER).await), [10, 10, 0, 0, 0]);
    // The leads of one were written after the last of the one before.
    let mixed = format!(
        "WITH spans AS (SELECT i.queued_at, min(l.created_at) AS first, max(l.created_at) AS last \
         FROM imports i JOIN import_rows r ON r.import_id = i.id JOIN leads l ON l.id = r.lead_id \
         WHERE i.tenant_id = '{}' GROUP BY i.id, i.queued_at) SELECT count(*) AS number FROM \
         (SELECT first, lag(last) OVER (ORDER BY queued_at) AS before FROM spans) s WHERE first <= before",
        caller.tenant()
    );
    assert_eq!(app.database.number(&mixed).await, 0);
}

#[actix_web::test]
async fn an_import_is_queued_when_it_is_started_and_not_when_its_file_came() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let waits = queued(&caller, "waits", 5, &[("mode", "preview")]).await;
    let first = queued(&caller, "first", 5, &[]).await;
    caller.post(&format!("/api/v2/imports/{waits}/start"), &json!({})).await.expect(202);

    let app = app.with_background();
    for id in [&first, &waits] {
        assert_eq!(counts(&reached(&caller, id, &OVER).await), [5, 5, 0, 0, 0]);
    }

    assert!(ended_before(&app, &first, &waits).await);
}

#[actix_web::test]
async fn the_import_of_a_dead_worker_holds_up_its_tenant_until_the_lease_ends_and_goes_first_then() {
    let (app, _tenants) = start().await;
    let (caller, other) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let waits = queued(&caller, "waits", 5, &[]).await;
    let held = queued(&caller, "held", 5, &[]).await;
    let dead = format!(
        "UPDATE imports SET worker = 'dead', leased_until = now() + interval '1 hour' WHERE id = '{held}'"
    );
    app.database.execute(&dead).await;

    let app = app.with_background();
    let theirs = queued(&other, "theirs", 5, &[]).await;
    reached(&other, &theirs, &["completed"]).await;
    let untouched = "SELECT count(*) AS number FROM imports WHERE status = 'pending'";
    assert_eq!(app.database.number(untouched).await, 2, "another tenant is not held up, and this one is");
    let expire = "UPDATE imports SET leased_until = now() - interval '1 second' WHERE worker = 'dead'";
    app.database.execute(expire).await;

    for id in [&held, &waits] {
        assert_eq!(counts(&reached(&caller, id, &OVER).await), [5, 5, 0, 0, 0]);
    }
    assert!(ended_before(&app, &held, &waits).await);
}

#[actix_web::test]
async fn an_import_that_is_paused_holds_up_no_other() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let paused = queued(&caller, "paused", 5, &[]).await;
    let pause = format!("UPDATE imports SET leased_until = now() + interval '1 hour' WHERE id = '{paused}'");
    app.database.execute(&pause).await;
    let next = queued(&caller, "next", 5, &[]).await;

    let _app = app.with_background();

    reached(&caller, &next, &["completed"]).await;
    let paused = caller.get(&format!("/api/v2/imports/{paused}")).await.expect(200);
    assert_eq!(paused["status"], "pending");
}

#[actix_web::test]
async fn an_import_that_is_over_is_held_no_longer() {
    let (app, _tenants) = start().await;
    let app = app.with_background();
    let caller = app.user(app.tenant().await);
    let held = "SELECT count(*) AS number FROM imports WHERE worker IS NOT NULL OR leased_until IS NOT NULL";
    let csv = "name,email\nAda,ada@example.com\n";

    for fields in [&[("mode", "validate")][..], &[][..]] {
        let done = import(&caller, csv, fields).await;
        assert_eq!((&done["status"], app.database.number(held).await), (&json!("completed"), 0), "{done}");
    }
    let broken = import(&caller, "name,email\n\"Ada,\n", &[]).await;
    assert_eq!((&broken["status"], app.database.number(held).await), (&json!("failed"), 0), "{broken}");
}
