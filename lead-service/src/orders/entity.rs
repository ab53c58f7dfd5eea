//! Orders as entities: they are seen with their customer.

use contracts::permissions::{OrdersDelete, OrdersRead};
use uuid::Uuid;

use super::api::OrderView;
use crate::entities::Entity;

platform::record!(OrderView, OrdersRead);

impl Entity for OrderView {
    const NAME: &'static str = "Order";
    const TRACKED: &'static [&'static str] =
        &["status", "payment_status", "total_amount", "customer_id", "deleted"];
    type Delete = OrdersDelete;
    type Cascade = ();

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i32 {
        self.version
    }
}
