//! Moves a tenant in the service under test, step by step, as tenant-service orders it.

use std::time::{Duration, Instant};

use contracts::{
    Service, TenantId,
    internal::tenants::{Isolation, MoveStep, MoveTenant},
};
use platform::command::App;
use serde_json::json;

use crate::{
    app::TestApp,
    caller::{Reply, client_id},
};

/// The steps of a move, in order.
pub const STEPS: [MoveStep; 3] = [MoveStep::Copy, MoveStep::Switch, MoveStep::Clear];

impl<A: App> TestApp<A> {
    /// Orders a step once.
    pub async fn order_step(&self, tenant_id: TenantId, to: Isolation, step: MoveStep, order: i64) -> Reply {
        let call = MoveTenant { tenant_id, client_id: client_id(tenant_id), to, step, order };
        self.service(Service::Tenant).put(&call.path(), &json!(call)).await
    }

    /// Orders a step until it is done, half a minute at most. A service may be at it or unable to for a while.
    pub async fn complete_step(&self, tenant: TenantId, to: Isolation, step: MoveStep, order: i64) {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let reply = self.order_step(tenant, to, step, order).await;
            if reply.status == 200 && reply.body.get("is_done").is_some_and(|is_done| is_done == true) {
                return;
            }
            assert!(reply.status == 200 || reply.status == 503, "{step:?}: {}", reply.text);
            assert!(Instant::now() < deadline, "{step:?} is not done in time: {}", reply.text);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Moves a tenant.
    pub async fn relocate(&self, tenant: TenantId, to: Isolation, order: i64) {
        for step in STEPS {
            self.complete_step(tenant, to, step, order).await;
        }
    }
}
