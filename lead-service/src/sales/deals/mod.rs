//! Deals: value, stage and outcome of a possible sale.

pub mod api;
pub mod domain;
mod entity;
mod handlers;
mod routes;
pub mod store;

use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
};

pub use routes::routes;

use crate::{entities::Entity, sales::stages::api::StageView};

/// Applies a stage's new probability to its open deals; returns the changes.
pub async fn follow_probability(tx: &mut TenantTx<'_>, stage: &StageView) -> Result<Vec<Change>, Problem> {
    let followed = store::follow_probability(tx, stage).await?;
    let changes = followed.into_iter().flat_map(|(probability, after)| {
        let before = api::DealView { probability, ..after.clone() };
        Change::updated(api::DealView::NAME, after.id, &before, &after, api::DealView::TRACKED)
    });
    Ok(changes.collect())
}
