//! Has people found at an account.

use actix_web::web::Data;
use contracts::{
    internal::enrichments::{EnrichmentType, JobSubject, StartedJob},
    permissions::LeadsCreate,
};
use platform::{
    Problem,
    http::{Accepted, Allowed, Answer, Json},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{deps::Deps, enrichment_requests, entities, people::AccountView};

/// The account to find people of.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateLeads {
    /// The account.
    pub account_id: Uuid,
}

/// What was started.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GenerationView {
    /// The account.
    pub account_id: Uuid,
    /// Jobs under way; `/api/v2/accounts/{id}/enrichment` says how far they are.
    pub enrichment_jobs: Vec<StartedJob>,
}

/// In the background, by whatever provider is configured: without one, the job fails and says so.
pub async fn generate(
    caller: Allowed<LeadsCreate>,
    body: Json<GenerateLeads>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<GenerationView>>, Problem> {
    let account_id = body.0.account_id;
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let found =
                entities::check_reference::<AccountView>(tx, "account_id", Some(account_id), &visibility)
                    .await?;
            let account = found.ok_or_else(|| entities::unknown_reference("account_id"))?;
            // What a new account's first jobs are started with.
            let input = json!({
                "name": account.name, "website": account.website, "linkedin_url": account.linkedin_url,
                "product_id": account.product_id,
            });
            let (kind, subject) = (EnrichmentType::GenerateLeads, (JobSubject::Account, account.id));
            let job = enrichment_requests::start(tx, kind, subject, &input, &caller).await?;
            Ok(Accepted(GenerationView { account_id, enrichment_jobs: vec![job] }))
        })
        .await
}
