//! Adds many leads.

use actix_web::web::Data;
use contracts::permissions::LeadsCreate;
use platform::{
    Problem,
    db::{TenantTx, outbox::Change},
    http::{Allowed, Answer, Body, Query},
};

use super::create::{Adding, add};
use crate::{
    deps::Deps,
    duplicates::CreateOptions,
    entities::{self, BulkOf, BulkView, Entity, Written},
    people::{LeadView, WriteLead},
};

/// Each is held against those before it: a known person is a fault of its item, unless the caller insists.
pub async fn bulk_create(
    caller: Allowed<LeadsCreate, Adding>,
    options: Query<CreateOptions>,
    body: BulkOf<WriteLead>,
    deps: Data<Deps>,
) -> Result<Answer<Body<BulkView<LeadView>>>, Problem> {
    let add = async |tx: &mut TenantTx<'_>, write: WriteLead| {
        add(tx, LeadView::parse(write)?, options.0, &caller).await
    };
    let told = |lead: &LeadView| Change::created(LeadView::NAME, lead.id, lead);
    entities::add_all(&deps, &caller, body.0, add, told).await
}
