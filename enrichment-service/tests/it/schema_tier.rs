//! Enrichment data is stored in the tenant's schema; jobs of all tenants share one queue.

use contracts::internal::tenants::Isolation;
use platform::db::placement::schema_name;
use testkit::{client_id, isolation};

use crate::stage::{Stage, html, website};

const MOVED: [&str; 3] = ["account_enrichment_status", "field_provenance", "raw_records"];

async fn rows(stage: &Stage, place: &str, table: &str) -> i64 {
    let tenant = stage.tenant;
    let sql = format!("SELECT count(*) AS number FROM \"{place}\".{table} WHERE tenant_id = '{tenant}'");
    stage.app.database.number(&sql).await
}

#[actix_web::test]
async fn jobs_are_run_wherever_their_tenant_is_and_what_they_found_moves_with_it() {
    let stage = Stage::running().await;
    let schema = schema_name(&client_id(stage.tenant));
    let site = website(html("<title>Acme</title>")).await;
    let first = stage.account(site.uri()).await;
    stage.until(&first, |status| status.completion_percent == 100).await;
    let found = rows(&stage, "public", "raw_records").await;
    assert!(found > 0);

    stage.app.relocate(stage.tenant, Isolation::Schema, 2).await;
    let second = stage.account(site.uri()).await;
    stage.until(&second, |status| status.completion_percent == 100).await;

    for table in MOVED {
        assert_eq!(rows(&stage, "public", table).await, 0, "{table}");
        assert!(rows(&stage, &schema, table).await > 0, "{table}");
    }
    assert!(rows(&stage, &schema, "raw_records").await > found);
    assert!(rows(&stage, "public", "jobs").await >= 2);
    stage.until(&first, |status| status.completion_percent == 100).await;
    isolation::assert_catalogue(&stage.app.database, &[]).await;

    stage.app.relocate(stage.tenant, Isolation::Pool, 4).await;
    for account in [&first, &second] {
        stage.until(account, |status| status.completion_percent == 100).await;
    }
}

#[actix_web::test]
async fn partitions_are_made_in_every_schema() {
    let stage = Stage::set().await;
    stage.app.relocate(stage.tenant, Isolation::Schema, 2).await;
    let schema = schema_name(&client_id(stage.tenant));
    let partitions = format!(
        "SELECT count(*) AS number FROM pg_class \
         WHERE relnamespace = '\"{schema}\"'::regnamespace AND relispartition AND relkind = 'r'"
    );
    let made = stage.app.database.number(&partitions).await;
    let drop = format!(
        "DO $$ BEGIN EXECUTE 'DROP TABLE \"{schema}\".raw_records_' || to_char(now() AT TIME ZONE 'utc', 'YYYY_MM'); END $$"
    );
    stage.app.database.execute(&drop).await;

    let running = stage.app.with_background();

    for _ in 0..100 {
        if running.database.number(&partitions).await == made {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("this month's partition is not made");
}
