//! Totals of customers with changed orders.

use platform::{
    Problem,
    db::{Stored, TenantTx, Visibility, outbox::Change},
};
use uuid::Uuid;

use crate::{
    customers::{self, api::CustomerView, orders::api::OrderView},
    entities::{self, Entity},
};

/// Customers held still while their orders change.
pub struct Totals(Vec<CustomerView>);

impl Totals {
    /// Holds the customers. Comes before any order is locked, in one order for all.
    ///
    /// # Errors
    /// 422 when one of them is none that the caller sees.
    pub async fn hold(
        tx: &mut TenantTx<'_>,
        customers: &[Uuid],
        visibility: &Visibility,
    ) -> Result<Self, Problem> {
        match customers::store::lock_totals(tx, customers, visibility).await {
            Ok(customers) => Ok(Self(customers)),
            Err(diesel::result::Error::NotFound) => Err(entities::unknown_reference("customer_id")),
            Err(error) => Err(error.into()),
        }
    }

    /// Recalculates the totals and returns the changes.
    pub async fn sum_up(self, tx: &mut TenantTx<'_>) -> Result<Vec<Change>, Problem> {
        let mut changes = Vec::new();
        for before in self.0 {
            let after = customers::store::sum_up(tx, &before).await?;
            let (name, tracked) = (CustomerView::NAME, CustomerView::TRACKED);
            changes.extend(Change::updated(name, before.id, &before, &after, tracked));
        }
        Ok(changes)
    }
}

/// An order about to change, its customer's totals held first.
///
/// # Errors
/// 404 for one the caller does not see; 409 when it went to another customer meanwhile.
pub async fn hold_order(
    tx: &mut TenantTx<'_>,
    id: Uuid,
    visibility: &Visibility,
    also: impl FnOnce(&OrderView) -> Result<Option<Uuid>, Problem>,
) -> Result<(OrderView, Totals), Problem> {
    let seen = OrderView::find(tx, id, visibility).await?;
    let customers: Vec<Uuid> = [Some(seen.customer_id), also(&seen)?].into_iter().flatten().collect();
    let totals = Totals::hold(tx, &customers, visibility).await?;
    let order = OrderView::lock(tx, id, visibility).await?;
    if order.customer_id != seen.customer_id {
        return Err(Problem::conflict("changed_meanwhile", "The order went to another customer. Try again."));
    }
    Ok((order, totals))
}
