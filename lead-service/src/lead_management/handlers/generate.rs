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
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateLeads {
    /// The account.
    pub account_id: Uuid,
    /// Most leads that are made; 100 unless given.
    #[schema(minimum = 1, maximum = 1_000)]
    pub max: Option<i64>,
    /// Titles of the people; those of the product's personas unless given.
    #[schema(max_items = 100)]
    pub titles: Option<Vec<String>>,
}

/// The started jobs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GenerationView {
    /// The account.
    pub account_id: Uuid,
    /// Jobs under way; `/api/v2/accounts/{id}/enrichment` says how far they are.
    pub enrichment_jobs: Vec<StartedJob>,
}

/// In the background, by whatever provider finds people: without one, the job is skipped and says so.
pub async fn generate(
    caller: Allowed<LeadsCreate>,
    body: Json<GenerateLeads>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<GenerationView>>, Problem> {
    let GenerateLeads { account_id, max, titles } = body.into_inner();
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
                "product_id": account.product_id, "max": max, "titles": titles,
            });
            let (kind, subject) = (EnrichmentType::GenerateLeads, (JobSubject::Account, account.id));
            let job = enrichment_requests::start(tx, kind, subject, &input, &caller).await?;
            Ok(Accepted(GenerationView { account_id, enrichment_jobs: vec![job] }))
        })
        .await
}
