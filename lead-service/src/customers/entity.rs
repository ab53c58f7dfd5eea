//! Customers as entities: their orders and interactions go and come back with them.

use contracts::permissions::{CustomersDelete, CustomersRead, OrdersDelete};
use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
    http::{May, access::TenantCaller},
};
use uuid::Uuid;

use super::api::CustomerView;
use crate::{
    customers::{interactions as customer_interactions, orders},
    entities::{Entity, Step},
};

platform::record!(CustomerView, CustomersRead);

impl Entity for CustomerView {
    const NAME: &'static str = "Customer";
    const TRACKED: &'static [&'static str] =
        &["account_manager_id", "stage", "customer_status", "verified", "lifetime_value", "tags", "deleted"];
    type Delete = CustomersDelete;
    type Cascade = May<OrdersDelete>;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    async fn followers(
        &self,
        tx: &mut TenantTx<'_>,
        step: Step,
        caller: &TenantCaller,
    ) -> Result<Vec<Change>, Problem> {
        let orders = orders::store::deleted_with_customer(tx, self.id).await?;
        let interactions = customer_interactions::store::deleted_with_customer(tx, self.id).await?;
        let mut changes = step.of_all(&orders, caller)?;
        changes.extend(step.of_all(&interactions, caller)?);
        Ok(changes)
    }
}
