//! Lists of deliveries and events have the indexes that their filters need, and the worker reads no whole table.

use std::sync::Arc;

use contracts::TenantId;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Text},
};
use diesel_async::RunQueryDsl;
use integration_service::{Integration, deliveries::order};
use platform::{
    Problem,
    command::App,
    db::{TenantTx, Visibility, plans},
    http::list::{Criteria, Listing},
};
use serde_json::Value;
use testkit::{TestApp, TestDatabase};
use uuid::Uuid;

/// Rows of each table, of 20 tenants in turn; every hundredth waits.
const ROWS: usize = 40_000;
/// The tenant of every twentieth row, an endpoint, an event and a record of it.
const TENANT: &str = "cfcd2084-95d5-65ef-66e7-dff9f98764da";

/// The filters that few rows match, each with the index that finds them.
const RARE: [(&str, &str, &str); 9] = [
    ("deliveries", "entity_id=cfcd2084-95d5-65ef-66e7-dff9f98764da", "deliveries_record_idx"),
    ("deliveries", "held=true", "deliveries_held_created_at_idx"),
    ("deliveries", "event_id=cfcd2084-95d5-65ef-66e7-dff9f98764da", "deliveries_event_id_idx"),
    ("deliveries", "endpoint_id=cfcd2084-95d5-65ef-66e7-dff9f98764da", "deliveries_endpoint_id_idx"),
    ("deliveries", "status=pending", "deliveries_status_idx"),
    ("deliveries", "event_type=Lead.DELETE", "deliveries_event_type_idx"),
    ("inbox", "entity_id=cfcd2084-95d5-65ef-66e7-dff9f98764da", "inbox_entity_id_idx"),
    ("inbox", "event_type=Lead.DELETE", "inbox_event_type_idx"),
    ("inbox", "status=FAILED", "inbox_unfinished_idx"),
];

fn listing(table: &str) -> &'static Listing {
    let routes = Integration::routes();
    let found = routes.iter().find_map(|route| {
        (route.operation)().listing.filter(|listing| listing.table == table && route.method == "GET")
    });
    found.expect("the list is declared")
}

async fn fill(database: &TestDatabase) {
    let deliveries = format!(
        "SET session_replication_role = replica; \
         INSERT INTO deliveries (id, tenant_id, endpoint_id, event_id, event_type, kind, payload, status, next_attempt_at, \
           entity_id, position, held, created_at) \
         SELECT gen_random_uuid(), md5((n % 20)::text)::uuid, md5((n / 20 % 50)::text)::uuid, md5(n::text)::uuid, \
           CASE WHEN n / 20 % 100 = 0 THEN 'Lead.DELETE' ELSE 'Lead.UPDATE' END, 'webhook', '{{}}', \
           CASE WHEN n / 20 % 100 = 0 THEN 'pending' ELSE 'succeeded' END, CASE WHEN n / 20 % 100 = 0 THEN now() END, \
           md5((n / 20 % 500)::text)::uuid, n, n / 20 % 100 = 0, now() - n * interval '1 minute' \
         FROM generate_series(0, {ROWS} - 1) AS n"
    );
    let inbox = format!(
        "INSERT INTO inbox (tenant_id, event_id, event_type, entity_type, entity_id, status, occurred_at) \
         SELECT md5((n % 20)::text)::uuid, md5(n::text)::uuid, \
           CASE WHEN n / 20 % 100 = 0 THEN 'Lead.DELETE' ELSE 'Lead.UPDATE' END, 'Lead', md5((n / 20 % 500)::text)::uuid, \
           CASE WHEN n / 20 % 100 = 0 THEN 'FAILED' ELSE 'COMPLETED' END, now() - n * interval '1 minute' \
         FROM generate_series(0, {ROWS} - 1) AS n"
    );
    for statement in [deliveries.as_str(), &inbox, "VACUUM ANALYZE deliveries", "VACUUM ANALYZE inbox"] {
        database.execute(statement).await;
    }
}

/// What stands under this name in the nodes of a plan.
fn all(name: &str, node: &Value, found: &mut Vec<String>) {
    found.extend(node[name].as_str().map(str::to_owned));
    for part in node["Plans"].as_array().into_iter().flatten() {
        all(name, part, found);
    }
}

/// The forms of a list that read more than they need.
async fn wasteful(tx: &mut TenantTx<'_>, table: &'static str) -> Result<Vec<String>, Problem> {
    let listing = listing(table);
    let mut bad = Vec::new();
    for (_, query, index) in RARE.into_iter().filter(|(of, ..)| *of == table).chain([(table, "", "")]) {
        let criteria = Criteria::of(listing, query)?;
        let plan = plans::plan(tx, &Arc::new(criteria), &Visibility::All).await?;
        let (mut nodes, mut indexes) = (Vec::new(), Vec::new());
        all("Node Type", &plan[0]["Plan"], &mut nodes);
        all("Index Name", &plan[0]["Plan"], &mut indexes);
        let by_index = index.is_empty() || indexes.iter().any(|used| used == index);
        if !by_index || nodes.iter().any(|node| node.contains("Seq Scan")) {
            bad.push(format!("{table} ?{query}: {nodes:?} {indexes:?}"));
        }
    }
    Ok(bad)
}

#[actix_web::test]
async fn filters_of_deliveries_and_events_use_their_indexes() {
    let app: TestApp<Integration> = TestApp::start().await;
    fill(&app.database).await;
    let tenant = TenantId(TENANT.parse::<Uuid>().unwrap());

    let mut bad = Vec::new();
    for table in ["deliveries", "inbox"] {
        bad.extend(app.base.db.in_tenant(tenant, async |tx| wasteful(tx, table).await).await.unwrap());
    }

    assert!(bad.is_empty(), "{} forms of lists:\n{}", bad.len(), bad.join("\n"));
}

#[derive(QueryableByName)]
struct Read {
    #[diesel(sql_type = BigInt)]
    scans: i64,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[actix_web::test]
async fn the_search_for_forgotten_deliveries_reads_few_rows_of_a_long_queue() {
    let app: TestApp<Integration> = TestApp::start().await;
    fill(&app.database).await;
    // Named by its type: every value has an `execute` of diesel's.
    let waiting =
        "UPDATE deliveries SET held = true, status = 'pending', next_attempt_at = now() WHERE NOT held";
    TestDatabase::execute(&app.database, waiting).await;
    TestDatabase::execute(&app.database, "VACUUM ANALYZE deliveries").await;

    let read = app.base.db.in_system(async |tx| {
        order::release_forgotten(tx, None, 10).await?;
        let read: Read = diesel::sql_query(
            "SELECT sum(seq_scan)::bigint AS scans, sum(seq_tup_read + idx_tup_fetch)::bigint AS rows \
             FROM pg_stat_xact_user_tables WHERE relname = $1",
        )
        .bind::<Text, _>("deliveries")
        .get_result(&mut **tx)
        .await?;
        Ok::<_, Problem>(read)
    });
    let read = read.await.unwrap();

    assert_eq!(read.scans, 0);
    assert!(read.rows <= 200, "{} rows of {ROWS} for ten records", read.rows);
}
