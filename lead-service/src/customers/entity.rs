//! Customers as entities: their orders and interactions go and come back with them.

use contracts::permissions::{CustomersDelete, CustomersRead};
use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};
use uuid::Uuid;

use super::api::CustomerView;
use crate::{
    customer_interactions,
    entities::{Entity, Step},
    orders,
};

impl Entity for CustomerView {
    const NAME: &'static str = "Customer";
    const TRACKED: &'static [&'static str] =
        &["account_manager_id", "stage", "customer_status", "verified", "lifetime_value", "tags", "deleted"];
    type Read = CustomersRead;
    type Delete = CustomersDelete;

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }

    async fn followers(&self, tx: &mut TenantTx<'_>, step: Step) -> Result<Vec<Change>, Problem> {
        let orders = orders::store::deleted_with_customer(tx, self.id).await?;
        let interactions = customer_interactions::store::deleted_with_customer(tx, self.id).await?;
        let mut told: Vec<Change> = orders.iter().flat_map(|order| step.told(order)).collect();
        told.extend(interactions.iter().flat_map(|interaction| step.told(interaction)));
        Ok(told)
    }
}
