//! Plans are the same whoever's rows they are for, and whoever was there when they were made.

use contracts::TenantId;
use diesel::{QueryableByName, sql_types::Json};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use lead_service::LeadService;
use platform::Problem;
use serde_json::Value;
use testkit::{TestApp, TestDatabase};
use uuid::Uuid;

/// Leads in all, and of each tenant but the first, which has the rest.
const LEADS: usize = 20_000;
const EACH: usize = 10;

#[derive(QueryableByName)]
struct Plan {
    #[diesel(sql_type = Json, column_name = "QUERY PLAN")]
    plan: Value,
}

async fn explain(connection: &mut AsyncPgConnection, query: &str) -> Result<Value, Problem> {
    let mut explained: Plan =
        diesel::sql_query(format!("EXPLAIN (FORMAT JSON) {query}")).get_result(connection).await?;
    Ok(explained.plan[0]["Plan"].take())
}

/// The plans for nobody, and for a large, a small and an unknown tenant.
async fn plans(app: &TestApp<LeadService>, query: &str) -> Vec<Value> {
    let db = &app.base.db;
    let mut plans = vec![db.in_global(async |tx| explain(tx, query).await).await.unwrap()];
    for tenant in [
        "cfcd2084-95d5-65ef-66e7-dff9f98764da",
        "c4ca4238-a0b9-2382-0dcc-509a6f75849b",
        "00000000-0000-7000-8000-000000000000",
    ] {
        let tenant = TenantId(tenant.parse::<Uuid>().unwrap());
        plans.push(db.in_tenant(tenant, async |tx| explain(tx, query).await).await.unwrap());
    }
    plans
}

#[actix_web::test]
async fn a_plan_does_not_depend_on_the_tenant_that_is_entered_when_it_is_made() {
    let app: TestApp<LeadService> = TestApp::start().await;
    let made = format!(
        "INSERT INTO leads (id, tenant_id, created_at) SELECT gen_random_uuid(), \
             md5((greatest(0, n - {LEADS} + 20 * {EACH}) / {EACH})::text)::uuid, now() - n * interval '1 minute' \
             FROM generate_series(1, {LEADS}) AS n"
    );
    TestDatabase::execute(&app.database, &made).await;
    TestDatabase::execute(&app.database, "ANALYZE leads").await;

    for query in [
        "SELECT * FROM leads WHERE deleted_at IS NULL",
        "SELECT * FROM leads WHERE deleted_at IS NULL ORDER BY score DESC NULLS LAST, id DESC LIMIT 50",
        "SELECT * FROM leads WHERE id = '00000000-0000-7000-8000-000000000000' AND deleted_at IS NULL",
    ] {
        let plans = plans(&app, query).await;
        assert!(plans.iter().all(|plan| *plan == plans[0]), "{query}: {plans:#?}");
    }

    let all = plans(&app, "SELECT * FROM leads").await.remove(0);
    assert_eq!(all["Plan Rows"], LEADS / 20, "a twentieth, whoever asks");
    let one =
        plans(&app, "SELECT * FROM leads WHERE id = '00000000-0000-7000-8000-000000000000'").await.remove(0);
    let index = one["Index Name"].as_str().unwrap_or_default();
    assert!(["leads_pkey", "leads_id_tenant_id_key"].contains(&index), "{one:#}");
}
