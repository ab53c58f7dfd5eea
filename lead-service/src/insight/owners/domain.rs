//! Tables and owner columns of each kind of record, from their listings.

use platform::http::list::{Listed, Listing};

use crate::{
    activities::{ActivityView, TaskView},
    customers::{CustomerView, IssueView, OrderView},
    people::{AccountView, ContactView, LeadView},
    sales::DealView,
};

/// The list of a kind of records; none for a kind that is unheard of.
pub fn listing(kind: &str) -> Option<&'static Listing> {
    Some(match kind {
        "leads" => &LeadView::LISTING,
        "accounts" => &AccountView::LISTING,
        "contacts" => &ContactView::LISTING,
        "deals" => &DealView::LISTING,
        "activities" => &ActivityView::LISTING,
        "tasks" => &TaskView::LISTING,
        "customers" => &CustomerView::LISTING,
        "orders" => &OrderView::LISTING,
        "issues" => &IssueView::LISTING,
        _ => return None,
    })
}

/// An owner as the query finds it: a column, or that of the row with the id in a column.
pub fn expression(owner: &str) -> String {
    match owner.split_once("->").and_then(|(column, owned)| Some((column, owned.split_once('.')?))) {
        Some((column, (table, owner))) => {
            format!("(SELECT o.{owner} FROM {table} o WHERE o.id = r.{column})")
        }
        None => format!("r.{owner}"),
    }
}

#[cfg(test)]
mod tests {
    use contracts::internal::owners::KINDS;

    use super::*;

    #[test]
    fn every_kind_that_can_be_asked_about_has_owners() {
        for kind in KINDS {
            assert!(listing(kind).is_some_and(|listing| !listing.owners.is_empty()), "{kind}");
        }
        assert!(listing("roles").is_none());
    }

    #[test]
    fn an_owner_may_be_that_of_another_row() {
        assert_eq!(expression("assigned_to"), "r.assigned_to");
        assert_eq!(
            expression("customer_id->customers.created_by"),
            "(SELECT o.created_by FROM customers o WHERE o.id = r.customer_id)"
        );
    }
}
