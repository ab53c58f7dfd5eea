//! Companies that may buy.

pub mod adding;
pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

use platform::{
    Problem,
    db::{TenantTx, Visibility},
};
use uuid::Uuid;

pub use routes::{internal_routes, routes};

use self::api::AccountView;
use crate::entities;

/// The account, if one is named, is one the caller sees.
pub async fn check_account(
    tx: &mut TenantTx<'_>,
    id: Option<Uuid>,
    visibility: &Visibility,
) -> Result<(), Problem> {
    entities::check_reference::<AccountView>(tx, "account_id", id, visibility).await.map(drop)
}
