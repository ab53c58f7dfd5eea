//! No table can be forgotten.

use testkit::isolation;

use crate::arrange::Leads;

#[actix_web::test]
async fn every_tenant_owned_table_is_behind_row_level_security() {
    let app = Leads::start().await;

    let tables = isolation::assert_catalogue(&app.database, &[]).await;

    for table in [
        "accounts",
        "activities",
        "api_keys",
        "contacts",
        "deal_stages",
        "deals",
        "events",
        "inbox",
        "leads",
        "outbox",
        "pipelines",
        "products",
        "tasks",
    ] {
        assert!(tables.iter().any(|name| name == table), "{table} was looked at");
    }
}

#[actix_web::test]
async fn without_a_tenant_no_row_is_seen_and_none_can_be_written() {
    use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
    let app = Leads::start().await;
    let caller = app.user(app.tenant().await);
    crate::arrange::product(&caller).await;
    let mut connection = AsyncPgConnection::establish(&app.database.app_url()).await.unwrap();

    let seen = connection
        .batch_execute("DO $$ BEGIN IF (SELECT count(*) FROM products) > 0 THEN RAISE 'seen'; END IF; END $$")
        .await;
    let written = connection
        .batch_execute(
            "INSERT INTO products (id, tenant_id, name, description) \
             VALUES (gen_random_uuid(), gen_random_uuid(), 'x', 'x')",
        )
        .await;

    assert!(seen.is_ok(), "{seen:?}");
    assert!(written.unwrap_err().to_string().contains("row-level security"));
}
