//! Indexes of the lists: each is read along one in its own ordering, but for those that are named here.

use std::sync::Arc;

use contracts::TenantId;
use diesel_async::SimpleAsyncConnection;
use platform::{
    Problem,
    command::App,
    db::{TenantTx, Visibility, plans},
    http::list::{Criteria, Listing},
};
use serde_json::Value;
use tenant_service::TenantService;

use crate::world::World;

/// Lists with rows that are sorted: the products that a tenant has taken, by the names of another table; its roles and the
/// platform's, some dozens; the settings of a tenant and of one person.
const SORTED: [&str; 3] = ["attached_products", "roles", "settings"];
/// An ordering beside its own that a list is read in.
const RANKED: (&str, &str) = ("tenants", "ordering=name");

/// Every list that the service declares.
fn listings() -> Vec<&'static Listing> {
    let mut listings: Vec<&Listing> = Vec::new();
    for route in TenantService::routes().iter() {
        if let Some(listing) = (route.operation)().listing
            && listings.iter().all(|known| known.table != listing.table)
        {
            listings.push(listing);
        }
    }
    listings.sort_by_key(|listing| listing.table);
    listings
}

/// The kinds of the nodes of a plan.
fn kinds(node: &Value, found: &mut Vec<String>) {
    found.extend(node["Node Type"].as_str().map(str::to_owned));
    for part in node["Plans"].as_array().into_iter().flatten() {
        kinds(part, found);
    }
}

/// Whether the first page of a list takes sorting, where anything else is preferred to it.
async fn is_sorted(tx: &mut TenantTx<'_>, listing: &'static Listing, query: &str) -> Result<bool, Problem> {
    // The tables are empty, so that reading and sorting all of them would seem to cost nothing.
    let preferences = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; \
        SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off";
    tx.batch_execute(preferences).await?;
    let plan = plans::plan(tx, &Arc::new(Criteria::of(listing, query)?), &Visibility::All).await?;
    let mut found = Vec::new();
    kinds(&plan[0]["Plan"], &mut found);
    assert!(!found.is_empty(), "{}: {plan}", listing.table);
    Ok(found.iter().any(|kind| kind.contains("Sort")))
}

#[actix_web::test]
async fn every_list_is_read_along_an_index_in_its_own_ordering() {
    let world = World::start_with(&[]).await;
    let listings = listings();
    assert!(listings.len() >= 14, "the lists are found: {}", listings.len());
    let mut sorted = Vec::new();
    for listing in listings {
        let (table, ordering) = RANKED;
        let queries = if listing.table == table { vec!["", ordering] } else { vec![""] };
        for query in queries {
            let tenant = TenantId::new();
            let db = &world.app.base.db;
            if db.in_tenant(tenant, async |tx| is_sorted(tx, listing, query).await).await.unwrap() {
                sorted.push(listing.table);
            }
        }
    }

    assert_eq!(sorted, SORTED);
}
