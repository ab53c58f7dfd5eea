//! Plans do not depend on the tenant, nor on the data at planning time.

use contracts::TenantId;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Json},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use lead_service::LeadService;
use platform::Problem;
use serde_json::{Value, json};
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

/// The plans without a tenant, and for a large, a small and an unknown tenant.
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

#[derive(QueryableByName)]
struct Holders {
    #[diesel(sql_type = Json)]
    found: Value,
}

#[derive(QueryableByName)]
struct Scans {
    #[diesel(sql_type = BigInt)]
    of_all: i64,
    #[diesel(sql_type = BigInt)]
    by_index: i64,
}

#[actix_web::test]
async fn who_holds_a_key_is_found_by_index_even_when_the_plan_was_made_for_a_table_of_one_page() {
    let app: TestApp<LeadService> = TestApp::start().await;
    let [tenant, lead] = [Uuid::now_v7(), Uuid::now_v7()];
    for statement in [
        format!("INSERT INTO leads (id, tenant_id, lead_reference_id) VALUES ('{lead}', '{tenant}', 'r-1')"),
        format!(
            "INSERT INTO identity_keys (tenant_id, kind, value, lead_id) \
             SELECT '{tenant}', 'email', n || '@example.com', '{lead}' FROM generate_series(1, 20) AS n"
        ),
        "ANALYZE leads, identity_keys".to_owned(),
    ] {
        TestDatabase::execute(&app.database, &statement).await;
    }
    let question = format!(
        "SELECT json_agg(h) AS found FROM public.holders('{tenant}', ARRAY['email', 'email'], \
             ARRAY['7@example.com', '70@example.com'], ARRAY['api', 'api'], ARRAY['r-1', 'r-2']) h"
    );

    let asked = app.base.db.in_tenant(TenantId(tenant), async |tx| {
        let holders: Holders = diesel::sql_query(&question).get_result(&mut **tx).await?;
        let scans: Scans = diesel::sql_query(
            "SELECT sum(seq_scan)::bigint AS of_all, sum(idx_scan)::bigint AS by_index \
             FROM pg_stat_xact_user_tables WHERE relname IN ('leads', 'identity_keys')",
        )
        .get_result(&mut **tx)
        .await?;
        Ok::<_, Problem>((holders.found, scans))
    });
    let (found, scans) = asked.await.unwrap();

    let holder = |kind: &str, value: &str| json!({"kind": kind, "value": value, "lead": lead, "alive": true, "others": null, "email": null});
    assert_eq!(found, json!([holder("email", "7@example.com"), holder("reference", "r-1")]));
    assert_eq!((scans.of_all, scans.by_index), (0, 5), "two keys, the lead of one, two references");
}
