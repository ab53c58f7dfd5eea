//! A customer user's orders with all companies that have confirmed them.

use actix_web::web::Data;
use contracts::page::Page;
use platform::{
    Problem,
    http::{Body, Query, SignedIn},
};

use super::{
    api::{OwnOrderView, OwnOrdersQuery},
    companies, store,
};
use crate::{customers::domain::CustomerStatus, deps::Deps};

const PAGE_SIZE: u32 = 50;

/// The latest first. Companies that have not confirmed the user, or block them, show nothing.
pub async fn list(
    caller: SignedIn,
    query: Query<OwnOrdersQuery>,
    deps: Data<Deps>,
) -> Result<Body<Page<OwnOrderView>>, Problem> {
    let Query(query) = query;
    let (page, size) = (query.page.unwrap_or(1), query.page_size.unwrap_or(PAGE_SIZE));
    let most = i64::from(page) * i64::from(size);
    let mut count = 0;
    let mut orders = Vec::new();
    for (company, customer) in companies::of_user(&deps, caller.user()).await? {
        let open = customer.verified && customer.customer_status != CustomerStatus::Blocked;
        if !open || query.client_id.as_ref().is_some_and(|wanted| *wanted != company.client_id) {
            continue;
        }
        let (matching, rows) = deps
            .db
            .in_tenant(company.id, async |tx| {
                store::orders(tx, customer.id, query.status, most).await.map_err(Problem::from)
            })
            .await?;
        count += matching;
        orders.extend(rows.into_iter().map(|order| OwnOrderView::new(&company, order)));
    }
    orders.sort_by(|one, other| (other.order_date, other.id).cmp(&(one.order_date, one.id)));
    let before = usize::try_from(most - i64::from(size)).unwrap_or(usize::MAX);
    let results = orders.into_iter().skip(before).take(usize::try_from(size).unwrap_or(usize::MAX)).collect();
    let link = |number: u32| address(&caller, &query, number, size);
    Ok(Body::new(Page {
        count: Some(count),
        next: (count > most).then(|| link(page + 1)),
        previous: (page > 1).then(|| link(page - 1)),
        results,
    }))
}

fn address(caller: &SignedIn, query: &OwnOrdersQuery, page: u32, size: u32) -> String {
    let mut pairs = vec![("page_size", size.to_string())];
    pairs.extend(query.client_id.clone().map(|id| ("client_id", id)));
    pairs.extend(query.status.map(|status| ("status", status.word().to_owned())));
    pairs.push(("page", page.to_string()));
    let origin = caller.context().origin.as_deref().unwrap_or_default();
    format!("{origin}/api/v2/customer/orders?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}
