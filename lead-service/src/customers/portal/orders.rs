//! A customer user's orders with all companies that have confirmed them.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use contracts::page::Page;
use platform::{
    Problem,
    http::{Body, Query, SignedIn},
};
use uuid::Uuid;

use super::{
    PAGE_SIZE,
    api::{OwnOrderView, OwnOrdersQuery},
    companies, store,
};
use crate::{customers::domain::CustomerStatus, deps::Deps};

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
    let mut companies = Vec::new();
    // Where each order stands among all of them; the orders of the page alone are read whole.
    let mut places: Vec<(DateTime<Utc>, Uuid, usize)> = Vec::new();
    for (company, customer) in companies::of_user(&deps, caller.user()).await? {
        let open = customer.verified && customer.customer_status != CustomerStatus::Blocked;
        if !open || query.client_id.as_ref().is_some_and(|wanted| *wanted != company.client_id) {
            continue;
        }
        let (matching, latest) = deps
            .db
            .in_tenant(company.id, async |tx| {
                store::places(tx, customer.id, query.status, most).await.map_err(Problem::from)
            })
            .await?;
        count += matching;
        places.extend(latest.into_iter().map(|(placed_at, id)| (placed_at, id, companies.len())));
        companies.push(company);
    }
    places.sort_unstable_by(|one, other| other.cmp(one));
    let before = usize::try_from(most - i64::from(size)).unwrap_or(usize::MAX);
    let wanted = usize::try_from(size).unwrap_or(usize::MAX);
    let page_of: Vec<(DateTime<Utc>, Uuid, usize)> = places.into_iter().skip(before).take(wanted).collect();
    let mut results = Vec::with_capacity(page_of.len());
    for (number, company) in companies.iter().enumerate() {
        let ids: Vec<Uuid> = page_of.iter().filter(|(.., of)| *of == number).map(|(_, id, _)| *id).collect();
        if ids.is_empty() {
            continue;
        }
        let rows = deps
            .db
            .in_tenant(company.id, async |tx| store::orders(tx, &ids).await.map_err(Problem::from))
            .await?;
        results.extend(rows.into_iter().map(|order| OwnOrderView::new(company, order)));
    }
    results.sort_by_key(|order| std::cmp::Reverse((order.order_date, order.id)));
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
