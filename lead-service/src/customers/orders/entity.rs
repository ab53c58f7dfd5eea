//! Orders as entities: they are seen with their customer.

use contracts::permissions::{OrdersDelete, OrdersRead};
use uuid::Uuid;

use super::api::OrderView;
use crate::{
    customers::api::CustomerView,
    entities::{Entity, Parent},
};

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

    fn parents(&self) -> Vec<Parent> {
        Parent::of::<CustomerView>("customer_id", Some(self.customer_id)).into_iter().collect()
    }
}
