//! Handler that scores a lead again.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::{LeadsRead, LeadsUpdate};
use platform::{
    Problem,
    db::{Stored, json::JsonText},
    http::{Allowed, Answer, Body, Needs},
};
use uuid::Uuid;

use super::{ScoreView, contributions};
use crate::{deps::Deps, people::LeadView, routing::scores};

/// By the model that holds now and what the lead did until now. The answer is about the lead, so that the caller must be
/// able to read it.
pub async fn refresh(
    caller: Allowed<LeadsUpdate, Needs<LeadsRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<ScoreView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let lead = LeadView::lock(tx, *id, &visibility).await?;
            scores::refresh(tx, std::slice::from_ref(&lead)).await?;
            let lead = LeadView::find(tx, lead.id, &visibility).await?;
            let all = contributions(lead.score_breakdown.as_ref().map(JsonText::value));
            Ok(Body::versioned(ScoreView::new(lead.id, Utc::now(), lead.persona, all), lead.version))
        })
        .await
}
