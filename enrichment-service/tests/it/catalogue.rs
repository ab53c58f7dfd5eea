//! No table can be forgotten, and raw answers can only be added.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use testkit::isolation;

use crate::stage::{Stage, html, website};

#[actix_web::test]
async fn every_tenant_owned_table_is_behind_row_level_security() {
    let stage = Stage::set().await;

    let tables = isolation::assert_catalogue(&stage.app.database, &[]).await;

    for table in [
        "account_enrichment_status",
        "enrichment_budgets",
        "enrichment_calls",
        "enrichment_providers",
        "enrichment_runs",
        "enrichment_waterfalls",
        "field_provenance",
        "jobs",
        "raw_records",
        "raw_records_default",
    ] {
        assert!(tables.iter().any(|name| name == table), "{table} was looked at");
    }
    assert!(tables.iter().filter(|name| name.starts_with("raw_records_2")).count() >= 3, "{tables:?}");
}

#[actix_web::test]
async fn raw_answers_and_provenance_cannot_be_changed_or_seen_without_their_tenant() {
    let stage = Stage::running().await;
    let site = website(html("<title>Acme</title>")).await;
    let account = stage.account(site.uri()).await;
    stage.until(&account, |status| status.completion_percent == 100).await;
    let mut app = AsyncPgConnection::establish(&stage.app.database.app_url()).await.unwrap();

    for table in ["raw_records", "field_provenance"] {
        for statement in [format!("UPDATE {table} SET provider = 'x'"), format!("DELETE FROM {table}")] {
            let refused = app.batch_execute(&statement).await.unwrap_err().to_string();
            assert!(refused.contains("permission denied"), "{statement}: {refused}");
        }
        let look = format!("DO $$ BEGIN IF EXISTS (SELECT 1 FROM {table}) THEN RAISE 'seen'; END IF; END $$");
        assert!(app.batch_execute(&look).await.is_ok(), "{table} is seen without a tenant");
    }
}

#[actix_web::test]
async fn the_system_role_makes_partitions_again_without_harm_and_reads_no_answers() {
    let stage = Stage::set().await;
    let mut system = AsyncPgConnection::establish(&stage.app.database.system_url()).await.unwrap();

    system
        .batch_execute("SELECT make_raw_records_partitions(); SELECT make_raw_records_partitions()")
        .await
        .unwrap();

    for table in ["raw_records", "field_provenance", "account_enrichment_status"] {
        let refused = system.batch_execute(&format!("SELECT 1 FROM {table}")).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{table}: {refused}");
    }
    let mut app = AsyncPgConnection::establish(&stage.app.database.app_url()).await.unwrap();
    let refused = app.batch_execute("SELECT make_raw_records_partitions()").await.unwrap_err().to_string();
    assert!(refused.contains("permission denied"), "{refused}");
}

#[actix_web::test]
async fn what_waits_can_be_counted_by_the_system_role() {
    let stage = Stage::set().await;

    let looked = platform::jobs::measure::<enrichment_service::worker::EnrichmentJob>(&stage.app.deps).await;

    assert!(looked.is_ok(), "{looked:?}");
}
