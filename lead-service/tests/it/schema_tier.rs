//! Tenants with a schema of their own: the same service, other tables.

use std::panic::AssertUnwindSafe;

use contracts::{
    Service, TenantId,
    internal::tenants::{Isolation, ProvisionTenant, TenantStatus},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures::FutureExt;
use lead_service::LeadService;
use platform::{
    command::App,
    db::{migrate, placement::schema_name, schemas::TenantSchemas},
};
use serde_json::json;
use testkit::{client_id, isolation};

use crate::arrange::{Leads, account, api_key, product};

/// Rows of a table that are in a place.
pub async fn rows(app: &Leads, place: &str, table: &str, tenant: TenantId) -> i64 {
    let sql = format!("SELECT count(*) AS number FROM \"{place}\".{table} WHERE tenant_id = '{tenant}'");
    app.database.number(&sql).await
}

/// The name of a tenant's schema.
pub fn schema_of(tenant: TenantId) -> String {
    schema_name(&client_id(tenant))
}

#[actix_web::test]
async fn what_a_tenant_with_a_schema_does_is_in_its_schema_only() {
    let app = Leads::start().await;
    let own = app.tenant_in(Isolation::Schema).await;
    let caller = app.user(own);

    let account = account(&caller).await;
    let lead = json!({"first_name": "Ada", "email": "ada@acme.example", "account_id": account});
    caller.post("/api/v2/leads", &lead).await.expect(201);
    let key = api_key(&caller, json!({})).await;
    let form = app.anonymous().with("X-API-Key", &key);
    form.post("/api/leads/ingest", &json!({"name": "Bob", "email": "bob@acme.example"})).await.expect(201);

    for (table, expected) in [("products", 1), ("accounts", 1), ("leads", 2)] {
        assert_eq!(rows(&app, &schema_of(own), table, own).await, expected, "{table}");
        assert_eq!(rows(&app, "public", table, own).await, 0, "{table}");
    }
    // What relays and look-ups read across tenants is where they look.
    assert_eq!(rows(&app, "public", "api_keys", own).await, 1);
    assert!(rows(&app, "public", "outbox", own).await >= 4);
    assert_eq!(caller.get("/api/v2/leads").await.expect(200)["count"], 2);
}

#[actix_web::test]
async fn tenants_of_both_tiers_see_their_own_rows_on_one_connection() {
    // One connection: the statements that it has prepared serve both places in turn.
    let app = Leads::start_with(&[("DATABASE_POOL_SIZE", "1")]).await;
    let (pool, own) = (app.user(app.tenant().await), app.user(app.tenant_in(Isolation::Schema).await));

    for round in 1..=4 {
        for (caller, name) in [(&pool, "pool"), (&own, "own")] {
            product(caller).await;
            let body = json!({"first_name": name, "email": format!("{name}{round}@acme.example")});
            let lead = caller.post("/api/v2/leads", &body).await.expect(201);
            let path = format!("/api/v2/leads/{}", lead["id"].as_str().unwrap());
            assert_eq!(caller.get(&path).await.expect(200)["first_name"], name);
            let list = caller.get("/api/v2/leads").await.expect(200);
            assert_eq!(
                (list["count"].as_i64(), list["results"][0]["first_name"].as_str()),
                (Some(round), Some(name))
            );
            assert_eq!(caller.get("/api/v2/products").await.expect(200)["count"], round);
        }
    }
    let theirs = own.get("/api/v2/leads").await.expect(200)["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(pool.get(&format!("/api/v2/leads/{theirs}")).await.status, 404);
}

#[actix_web::test]
async fn submissions_of_both_tiers_share_commits_and_each_ends_in_its_place() {
    let app = Leads::start().await;
    let (pool, own) = (app.tenant().await, app.tenant_in(Isolation::Schema).await);
    let keys = [api_key(&app.user(pool), json!({})).await, api_key(&app.user(own), json!({})).await];
    let forms = keys.map(|key| app.anonymous().with("X-API-Key", &key));

    let submissions = (0..60).map(|n| {
        let form = forms[n % 2].clone();
        async move {
            let body = json!({"email": format!("lead{n}@acme.example")});
            form.post("/api/leads/ingest", &body).await.status.as_u16()
        }
    });
    let answers = futures::future::join_all(submissions).await;

    assert!(answers.iter().all(|status| *status == 201), "{answers:?}");
    let schema = schema_of(own);
    let found = [rows(&app, "public", "leads", pool).await, rows(&app, &schema, "leads", own).await];
    assert_eq!(found, [30, 30]);
    let misplaced = [rows(&app, &schema, "leads", pool).await, rows(&app, "public", "leads", own).await];
    assert_eq!(misplaced, [0, 0]);
}

#[actix_web::test]
async fn a_tenants_schema_is_as_public_is_and_behind_row_level_security() {
    let app = Leads::start().await;
    let own = app.tenant_in(Isolation::Schema).await;

    let tables = isolation::assert_catalogue(&app.database, &[]).await;

    let schema = schema_of(own);
    for table in ["accounts", "leads", "products", "~outbox"] {
        assert!(tables.contains(&format!("{schema}.{table}")), "{table} was looked at");
    }
    let mut connection = AsyncPgConnection::establish(&app.database.app_url()).await.unwrap();
    let other = TenantId::new();
    connection
        .batch_execute(&format!(
            "BEGIN; SELECT enter_tenant('{other}', 0); SET LOCAL search_path = \"{schema}\""
        ))
        .await
        .unwrap();
    let smuggled = connection
        .batch_execute(&format!(
            "INSERT INTO products (id, tenant_id, name, description) VALUES (gen_random_uuid(), '{own}', 'x', 'x')"
        ))
        .await;
    assert!(smuggled.unwrap_err().to_string().contains("row-level security"));
}

#[actix_web::test]
async fn a_difference_between_a_schema_and_public_is_found() {
    let app = Leads::start().await;
    let schema = schema_of(app.tenant_in(Isolation::Schema).await);
    isolation::assert_catalogue(&app.database, &[]).await;
    app.database.execute(&format!("ALTER TABLE \"{schema}\".leads DROP CONSTRAINT leads_status_check")).await;

    let looking = AssertUnwindSafe(isolation::assert_catalogue(&app.database, &[]));
    let looked = looking.catch_unwind().await;

    assert!(looked.is_err());
}

#[actix_web::test]
async fn provisioning_again_changes_nothing() {
    let app = Leads::start().await;
    let own = app.tenant_in(Isolation::Schema).await;
    product(&app.user(own)).await;

    let call = ProvisionTenant {
        tenant_id: own,
        client_id: client_id(own),
        status: TenantStatus::Active,
        revision: 2,
        isolation: Isolation::Schema,
        is_unproven: false,
    };
    app.service(Service::Tenant).put(&call.path(), &json!(call)).await.expect(200);
    // Its tier is no longer provisioning's to say.
    let call = ProvisionTenant { revision: 3, isolation: Isolation::Pool, ..call };
    app.service(Service::Tenant).put(&call.path(), &json!(call)).await.expect(200);

    assert_eq!(app.user(own).get("/api/v2/products").await.expect(200)["count"], 1);
}

#[actix_web::test]
async fn client_ids_of_any_form_have_schemas() {
    let app = Leads::start().await;
    for name in ["a-b", "select", "9_", &"x".repeat(63)] {
        let tenant_id = TenantId::new();
        let call = ProvisionTenant {
            tenant_id,
            client_id: name.to_owned(),
            status: TenantStatus::Active,
            revision: 1,
            isolation: Isolation::Schema,
            is_unproven: false,
        };
        app.service(Service::Tenant).put(&call.path(), &json!(call)).await.expect(200);

        product(&app.user(tenant_id)).await;

        assert_eq!(rows(&app, &schema_name(name), "products", tenant_id).await, 1, "{name}");
    }
}

const LATER: EmbeddedMigrations = embed_migrations!("tests/migrations");

/// The service's migrations and one more, as after an update.
fn later() -> Vec<EmbeddedMigrations> {
    LeadService::migrations().into_iter().chain([LATER]).collect()
}

#[actix_web::test]
async fn one_broken_schema_stops_no_other_and_is_migrated_once_it_is_mended() {
    let app = Leads::start().await;
    let mut tenants = Vec::new();
    for _ in 0..6 {
        tenants.push(app.tenant_in(Isolation::Schema).await);
    }
    let broken = tenants[2];
    let stray = format!("\"{}\".later_notes", schema_of(broken));
    app.database.execute(&format!("CREATE TABLE {stray} (id int)")).await;
    let owner = app.database.owner_url().into();
    migrate::run(Service::Lead, &owner, LATER).await.unwrap();

    let schemas = TenantSchemas::new(Service::Lead, owner, later);
    let outcome = schemas.migrate(schemas.placed(None).await.unwrap()).await;

    assert_eq!(outcome.current, 5);
    assert_eq!(outcome.broken.iter().map(|found| found.0.clone()).collect::<Vec<_>>(), [client_id(broken)]);
    assert!(outcome.broken[0].1.contains("already exists"), "{}", outcome.broken[0].1);
    let behind =
        format!("SELECT count(*) AS number FROM tenant_states WHERE schema_level = {} - 1", schemas.level());
    assert_eq!(app.database.number(&behind).await, 1);

    app.database.execute(&format!("DROP TABLE {stray}")).await;
    let alone = schemas.placed(Some(&client_id(broken))).await.unwrap();
    assert_eq!(alone.len(), 1);
    let outcome = schemas.migrate(alone).await;
    assert_eq!((outcome.current, outcome.broken.len()), (1, 0));
    assert_eq!(app.database.number(&behind).await, 0);
    for tenant in tenants {
        product(&app.user(tenant)).await;
        assert_eq!(rows(&app, &schema_of(tenant), "products", tenant).await, 1);
    }
    isolation::assert_catalogue(&app.database, &[]).await;
}

#[actix_web::test]
async fn a_tenant_whose_schema_is_behind_waits_and_nobody_else() {
    let app = Leads::start().await;
    let (pool, own) = (app.tenant().await, app.tenant_in(Isolation::Schema).await);
    let keys = [api_key(&app.user(pool), json!({})).await, api_key(&app.user(own), json!({})).await];
    app.database
        .execute("UPDATE tenant_states SET schema_level = schema_level - 1 WHERE schema_name IS NOT NULL")
        .await;

    let behind = app.user(own).get("/api/v2/products").await;

    assert_eq!((behind.problem(), behind.header("retry-after")), ((503, "tenant_migrating"), Some("5")));
    assert_eq!(app.user(pool).get("/api/v2/products").await.status, 200);
    // Submissions of many tenants share commits.
    let [pool, own] = keys.map(|key| app.anonymous().with("X-API-Key", &key));
    let submissions = (0..40).map(|n| {
        let form = if n % 2 == 0 { pool.clone() } else { own.clone() };
        async move {
            let body = json!({"email": format!("lead{n}@acme.example")});
            form.post("/api/leads/ingest", &body).await.status.as_u16()
        }
    });
    let answers = futures::future::join_all(submissions).await;
    for (n, status) in answers.into_iter().enumerate() {
        assert_eq!(status, if n % 2 == 0 { 201 } else { 503 }, "submission {n}");
    }
}
