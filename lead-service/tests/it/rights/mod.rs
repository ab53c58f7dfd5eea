//! Effects that take a permission of their own, and records that go along with others.

mod assigning;
mod cascades;
mod creating;
mod document;
mod importing;
mod showing;

use serde_json::{Value, json};
use testkit::{Caller, Reply};
use wiremock::MockServer;

use crate::arrange::{Leads, id_of, tenant_service};

/// A service with a fake tenant-service that knows every user as a member.
async fn start() -> (Leads, MockServer) {
    let tenants = tenant_service().await;
    (Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await, tenants)
}

/// Id of a new lead.
async fn lead(caller: &Caller, body: Value) -> String {
    id_of(&caller.post("/api/v2/leads?allow_duplicate=true", &body).await.expect(201))
}

fn path(lead: &str) -> String {
    format!("/api/v2/leads/{lead}")
}

/// A new lead of this name.
async fn named(caller: &Caller, first_name: &str) -> String {
    lead(caller, json!({ "first_name": first_name })).await
}

/// A refusal for want of this permission.
#[track_caller]
fn assert_denied(reply: &Reply, permission: &str) {
    assert_eq!(reply.problem(), (403, "permission_denied"), "{}", reply.text);
    assert_eq!(reply.body["permission"], permission, "{}", reply.text);
}
