//! Handler for the status of an account's enrichments.

use actix_web::web::{Data, Path};
use contracts::{
    internal::enrichments::{AccountEnrichment, EnrichmentStatus, EnrichmentType, ReadAccountEnrichment},
    permissions::AccountsRead,
};
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::accounts::api::{AccountEnrichmentView, AccountView},
};

/// What enrichment-service says; a job that was started but has not reached it yet is pending.
pub async fn enrichment(
    caller: Allowed<AccountsRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<AccountEnrichmentView>, Problem> {
    let visibility = caller.visibility();
    let account = deps
        .db
        .read(caller.tenant(), async |tx| {
            AccountView::find(tx, *id, &visibility).await.map_err(Problem::from)
        })
        .await?;
    let call = ReadAccountEnrichment { tenant_id: caller.tenant(), account_id: account.id };
    let mut results = deps.peers.call(&call).await?;
    let known: Vec<EnrichmentType> = results.iter().map(|result| result.enrichment_type).collect();
    results.extend(started(&account).filter(|result| !known.contains(&result.enrichment_type)));
    Ok(Body::new(AccountEnrichmentView { results }))
}

fn started(account: &AccountView) -> impl Iterator<Item = AccountEnrichment> {
    let sources = account.enrichment_sources.as_ref().and_then(Value::as_object);
    sources.into_iter().flatten().filter_map(|(name, source)| {
        Some(AccountEnrichment {
            enrichment_type: EnrichmentType::parse(name)?,
            status: EnrichmentStatus::Pending,
            completion_percent: 0,
            last_successful_run: None,
            last_attempted_run: None,
            next_scheduled_run: None,
            failure_count: 0,
            data_quality_score: None,
            source: "account".to_owned(),
            error_details: None,
            job_id: source.get("job_id").and_then(Value::as_str).and_then(|id| id.parse().ok()),
            provenance: Vec::new(),
        })
    })
}
