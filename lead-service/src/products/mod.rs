//! Products of a tenant, with the titles that buy, influence and use them.

mod api;
mod domain;
mod entity;
mod routes;
mod store;

pub use api::{PersonaRoleTitles, ProductView};

use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

pub use routes::routes;

use crate::entities;

/// The product, if one is named, is one of the tenant's.
pub async fn check(tx: &mut TenantTx<'_>, id: Option<Uuid>) -> Result<(), Problem> {
    entities::check_reference::<ProductView>(tx, "product_id", id, &Visibility::All).await.map(drop)
}
