//! Has an account or a lead enriched by its default waterfall.

use actix_web::web::{Data, Path};
use contracts::{
    internal::enrichments::EnrichmentType,
    permissions::{AccountsUpdate, LeadsUpdate},
};
use platform::{
    Problem,
    db::Stored,
    http::{Accepted, Allowed, Answer},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    deps::Deps,
    enrichment_requests,
    insight::provenance::{api::EnrichmentStarted, enriched::Enriched},
    people::{AccountView, LeadView},
};

/// In the background. What people wrote stays.
pub async fn account(
    caller: Allowed<AccountsUpdate>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<EnrichmentStarted>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let account = AccountView::find(tx, *id, &visibility).await?;
            let subject = (AccountView::SUBJECT, account.id);
            let input =
                json!({ "name": account.name, "website": account.website, "product_id": account.product_id });
            let job =
                enrichment_requests::start(tx, EnrichmentType::CompanyInfo, subject, &input, &caller).await?;
            Ok(Accepted(EnrichmentStarted { enrichment_jobs: vec![job] }))
        })
        .await
}

/// In the background. What people wrote stays.
pub async fn lead(
    caller: Allowed<LeadsUpdate>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<EnrichmentStarted>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let lead = LeadView::find(tx, *id, &visibility).await?;
            let subject = (LeadView::SUBJECT, lead.id);
            let job = enrichment_requests::start(tx, EnrichmentType::LeadInfo, subject, &json!({}), &caller)
                .await?;
            Ok(Accepted(EnrichmentStarted { enrichment_jobs: vec![job] }))
        })
        .await
}
