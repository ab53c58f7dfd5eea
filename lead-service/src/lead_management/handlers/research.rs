//! Has a person's doings on LinkedIn looked at.

use actix_web::web::{Data, Path};
use contracts::{
    internal::enrichments::{EnrichmentType, JobSubject, StartedJob},
    permissions::LeadsUpdate,
};
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Accepted, Allowed, Answer, Json},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    deps::Deps,
    enrichment_requests,
    entities::Entity,
    people::{self, LeadEnrichmentStatus, LeadStep, LeadView},
};

/// Pages of the person's that the caller has seen. Without any, the profile's address must be known.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResearchLead {
    /// The page of their posts.
    #[schema(max_length = 2_097_152)]
    pub posts_html: Option<String>,
    /// The page of their comments.
    #[schema(max_length = 2_097_152)]
    pub comments_html: Option<String>,
    /// The page of their reactions.
    #[schema(max_length = 2_097_152)]
    pub reactions_html: Option<String>,
}

/// The started jobs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResearchView {
    /// The lead.
    pub lead_id: Uuid,
    /// Jobs under way; the lead's `enrichment_status` says how far they are.
    pub enrichment_jobs: Vec<StartedJob>,
}

/// In the background. 422 when there is nothing to look at.
pub async fn enrich_linkedin_activity(
    caller: Allowed<LeadsUpdate>,
    id: Path<Uuid>,
    body: Json<ResearchLead>,
    deps: Data<Deps>,
) -> Result<Answer<Accepted<ResearchView>>, Problem> {
    let ResearchLead { posts_html, comments_html, reactions_html } = body.into_inner();
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let lead = LeadView::lock(tx, *id, &visibility).await?;
            let pages = [&posts_html, &comments_html, &reactions_html];
            let has_page = pages.into_iter().flatten().any(|page| !page.trim().is_empty());
            if !has_page && lead.linkedin_url.is_none() {
                let detail = "The lead has no LinkedIn profile, and no page of theirs was sent.";
                return Err(Problem::unprocessable("nothing_to_research", detail));
            }
            let input = json!({
                "linkedin_url": lead.linkedin_url, "first_name": lead.first_name, "last_name": lead.last_name,
                "company_name": lead.company_name, "account_id": lead.account_id, "posts_html": posts_html,
                "comments_html": comments_html, "reactions_html": reactions_html,
            });
            let (kind, subject) = (EnrichmentType::LeadLinkedinResearch, (JobSubject::Lead, lead.id));
            let job = enrichment_requests::start(tx, kind, subject, &input, &caller).await?;
            if lead.enrichment_status != LeadEnrichmentStatus::Processing {
                let enrichment_status = Some(LeadEnrichmentStatus::Processing);
                let step = LeadStep { enrichment_status, ..LeadStep::default() };
                let after = people::take_step(tx, lead.id, &step).await?;
                let changes = Change::updated(LeadView::NAME, lead.id, &lead, &after, LeadView::TRACKED);
                outbox::record(tx, changes).await?;
            }
            Ok(Accepted(ResearchView { lead_id: lead.id, enrichment_jobs: vec![job] }))
        })
        .await
}
