//! Rows and files of imports are kept for 30 days after their end; counts stay.

use std::time::Duration;

use contracts::internal::tenants::Isolation;
use serde_json::{Value, json};
use testkit::Caller;

use crate::{
    arrange::{Leads, id_of, importing as start},
    imports::{import, working},
    schema_tier::{rows, schema_of},
};

const FILE: &str = "name,email\nAda,ada@example.com\nBob,nope\n";

/// Lets an import have ended so many days ago.
async fn age(app: &Leads, import: &str, days: i32) {
    let sql =
        format!("UPDATE imports SET finished_at = now() - interval '{days} days' WHERE id = '{import}'");
    app.database.execute(&sql).await;
}

async fn number(app: &Leads, sql: &str, import: &str) -> i64 {
    app.database.number(&format!("SELECT count(*) AS number FROM {sql} = '{import}'")).await
}

/// The numbers of things kept of an import: its rows, pieces of its file, and columns with samples.
async fn kept(app: &Leads, import: &str) -> [i64; 3] {
    let samples = "imports, jsonb_array_elements(columns) AS c(value) WHERE jsonb_array_length(c.value -> 'samples') > 0 AND id";
    [
        number(app, "import_rows WHERE import_id", import).await,
        number(app, "import_chunks WHERE import_id", import).await,
        number(app, samples, import).await,
    ]
}

/// Has workers look for what was kept long enough, which they do first of all when there is nothing else to do, until rows
/// of this import are forgotten.
async fn swept(app: &Leads, import: &str) {
    let trigger = working(app, 1);
    for _ in 0..200 {
        let gone = "imports WHERE rows_gone_at IS NOT NULL AND id";
        if number(app, gone, import).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    trigger.trigger();
    trigger.heeded().await;
}

/// The same import, asked for again.
async fn again(caller: &Caller, import: &Value) -> Value {
    caller.get(&format!("/api/v2/imports/{}", id_of(import))).await.expect(200)
}

#[actix_web::test]
async fn rows_are_forgotten_after_30_days_and_counts_stay() {
    let (app, _tenants) = start().await;
    let caller = app.user(app.tenant().await);
    let trigger = working(&app, 1);
    let old = import(&caller, FILE, &[]).await;
    let young = import(&caller, &FILE.replace("ada@", "young@"), &[]).await;
    trigger.trigger();
    trigger.heeded().await;
    let (old_id, young_id) = (id_of(&old), id_of(&young));
    age(&app, &old_id, 31).await;
    age(&app, &young_id, 29).await;

    // They can no longer be asked for, whether they are deleted already or not.
    for is_swept in [false, true] {
        if is_swept {
            swept(&app, &old_id).await;
        }
        for part in ["errors", "rows", "preview"] {
            let gone = caller.get(&format!("/api/v2/imports/{old_id}/{part}")).await;
            assert_eq!(gone.problem(), (410, "rows_expired"), "{part}: {}", gone.text);
            let there = caller.get(&format!("/api/v2/imports/{young_id}/{part}")).await;
            assert_eq!(there.status, 200, "{part}: {}", there.text);
        }
        let undo = caller.post(&format!("/api/v2/imports/{old_id}/undo"), &json!({})).await;
        assert_eq!(undo.problem(), (409, "not_undoable"));
        let now = again(&caller, &old).await;
        for field in ["status", "total", "created", "updated", "duplicates", "errors", "warned", "mapping"] {
            assert_eq!(now[field], old[field], "{field}");
        }
        assert_eq!((&now["error_file"], now["rows_until"].is_string()), (&Value::Null, true));
    }

    assert_eq!(kept(&app, &old_id).await, [0, 0, 0]);
    assert_eq!(kept(&app, &young_id).await, [2, 1, 2]);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 2, "leads stay");
}

#[actix_web::test]
async fn an_import_that_is_taken_back_keeps_its_rows_until_that_is_30_days_ago() {
    let (app, _tenants) = start().await;
    let (caller, other) = (app.user(app.tenant().await), app.user(app.tenant().await));
    let trigger = working(&app, 1);
    let (done, old) = (import(&caller, FILE, &[]).await, import(&other, FILE, &[]).await);
    trigger.trigger();
    trigger.heeded().await;
    let (id, old_id) = (id_of(&done), id_of(&old));
    age(&app, &id, 29).await;
    caller.post(&format!("/api/v2/imports/{id}/undo"), &json!({})).await.expect(202);
    age(&app, &id, 31).await;
    age(&app, &old_id, 31).await;

    swept(&app, &old_id).await;

    let undone = caller.get(&format!("/api/v2/imports/{id}")).await.expect(200);
    assert_eq!((&undone["status"], kept(&app, &id).await[0]), (&json!("undone"), 2), "{undone}");
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 0);
    caller.get(&format!("/api/v2/imports/{id}/rows")).await.expect(200);
}

#[actix_web::test]
async fn rows_of_a_tenant_with_a_schema_are_forgotten_there() {
    let (app, _tenants) = start().await;
    let own = app.tenant_in(Isolation::Schema).await;
    let caller = app.user(own);
    let trigger = working(&app, 1);
    let done = import(&caller, FILE, &[]).await;
    trigger.trigger();
    trigger.heeded().await;
    let (id, schema) = (id_of(&done), schema_of(own));
    assert_eq!(rows(&app, &schema, "import_rows", own).await, 2);
    age(&app, &id, 31).await;

    swept(&app, &id).await;

    assert_eq!(rows(&app, &schema, "import_rows", own).await, 0);
    let gone = caller.get(&format!("/api/v2/imports/{id}/rows")).await;
    assert_eq!(gone.problem(), (410, "rows_expired"));
}
