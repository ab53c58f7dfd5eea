//! Accounts and products that rows name.

use std::collections::HashSet;

use platform::{
    Problem,
    db::{TenantTx, Visibility},
    http::list::List,
};
use uuid::Uuid;

use super::{Stop, prepared::Prepared, rights::Rights};
use crate::{entities::Entity, people::AccountView, products::ProductView};

/// Ids that are asked for in one statement.
const TOGETHER: usize = 100;

/// Drops accounts and products that the rows name and that there are not, or that are not seen.
pub async fn check(tx: &mut TenantTx<'_>, rights: &Rights, rows: &mut [Prepared]) -> Result<(), Stop> {
    let (mut accounts, mut products) = (HashSet::new(), HashSet::new());
    for lead in rows.iter().filter_map(|row| row.read.as_ref().ok()) {
        accounts.extend(lead.fields.account_id);
        products.extend(lead.fields.product_id);
    }
    let accounts = missing::<AccountView>(tx, accounts, rights.visibility()).await?;
    let products = missing::<ProductView>(tx, products, &Visibility::All).await?;
    if accounts.is_empty() && products.is_empty() {
        return Ok(());
    }
    for lead in rows.iter_mut().filter_map(|row| row.read.as_mut().ok()) {
        let named = [("account_id", lead.fields.account_id), ("product_id", lead.fields.product_id)];
        for ((field, id), missing) in named.into_iter().zip([&accounts, &products]) {
            if id.is_some_and(|id| missing.contains(&id)) {
                lead.drop_field(field, "unknown_reference", "names nothing that exists");
                lead.settle()?;
            }
        }
    }
    Ok(())
}

/// Those of the ids that name nothing that is seen.
async fn missing<E: Entity>(
    tx: &mut TenantTx<'_>,
    mut ids: HashSet<Uuid>,
    visibility: &Visibility,
) -> Result<HashSet<Uuid>, Problem> {
    let asked: Vec<Uuid> = ids.iter().copied().collect();
    for asked in asked.chunks(TOGETHER) {
        let mut names: Vec<String> = asked.iter().map(Uuid::to_string).collect();
        // The text of the statement says how many there are: few texts are planned, and kept, that way.
        let last = names.last().cloned().unwrap_or_default();
        names.resize(names.len().next_power_of_two().min(TOGETHER), last);
        let query = format!("id__in={}&count=none&page_size={TOGETHER}", names.join(","));
        let list = List::<E>::parse(&query, "")?;
        let (_, found) = E::page(tx, &list, visibility).await?;
        for entity in found {
            ids.remove(&entity.id());
        }
    }
    Ok(ids)
}
