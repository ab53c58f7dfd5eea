//! Tenants that are suspended, or without an admin with a proven address, send nothing out.

use std::time::Duration;

use contracts::{
    Service,
    internal::tenants::{Isolation, ProvisionTenant, TenantStatus},
};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::stage::{Stage, lead_created, receiver};

async fn note(stage: &Stage, status: TenantStatus, is_unproven: bool, revision: i64) {
    let call = ProvisionTenant {
        tenant_id: stage.tenant,
        client_id: "acme".into(),
        status,
        revision,
        isolation: Isolation::Pool,
        is_unproven,
    };
    stage.app.service(Service::Tenant).put(&call.path(), &json!(call)).await.expect(200);
}

#[actix_web::test]
async fn deliveries_of_a_tenant_that_may_send_nothing_wait_until_it_may() {
    let stage = Stage::set().await;
    let receiver = receiver(ResponseTemplate::new(200)).await;
    stage.endpoint(&receiver.uri(), &["*"]).await;
    note(&stage, TenantStatus::Suspended, false, 2).await;

    stage.take_in(&[lead_created(stage.tenant, &json!({}))]).await;

    stage.delivery("queued", |delivery| delivery["status"] == "pending").await;
    for (status, is_unproven, revision) in
        [(TenantStatus::Suspended, false, 2), (TenantStatus::Active, true, 3)]
    {
        note(&stage, status, is_unproven, revision).await;
        tokio::time::sleep(Duration::from_millis(800)).await;
        let waiting = stage.delivery("waiting", |_| true).await;
        assert_eq!((&waiting["status"], &waiting["attempts"]), (&json!("pending"), &json!(0)));
        assert!(receiver.received_requests().await.expect("they are recorded").is_empty());
    }

    note(&stage, TenantStatus::Active, false, 4).await;

    stage.delivery("delivered", |delivery| delivery["status"] == "succeeded").await;
}
