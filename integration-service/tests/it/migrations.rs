//! The tables keep tenants apart.

use integration_service::Integration;
use platform::command::App;
use testkit::{TestDatabase, isolation};

#[actix_web::test]
async fn every_table_of_a_tenant_is_behind_row_level_security() {
    let database = TestDatabase::of::<Integration>().await;

    let tables = isolation::assert_catalogue(&database, &[]).await;

    for table in ["deliveries", "events", "inbox", "notifications", "outbox", "webhook_endpoints"] {
        assert!(tables.iter().any(|found| found == table), "{table} was looked at: {tables:?}");
    }
}

#[actix_web::test]
async fn what_waits_can_be_counted_by_the_system_role() {
    let stage = crate::stage::Stage::set().await;

    let looked = platform::db::gauges::look(&stage.app.base.db, Integration::QUEUES).await;

    assert!(looked.is_ok(), "{looked:?}");
}
