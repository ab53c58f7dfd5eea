//! A lead's score at a time.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use contracts::{permissions::LeadsRead, problem::FieldError};
use platform::{
    Problem,
    db::{Stored, TenantTx},
    http::{Allowed, Body, Query},
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ScoreView, contributions};
use crate::{
    deps::Deps,
    people::{self, LeadView},
    routing::{
        playbooks,
        scores::{domain, model::Model, product_of, store},
    },
};

/// For when.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreAt {
    /// The time, past or to come; now unless given.
    pub at: Option<DateTime<Utc>>,
}

/// Who the lead was then, from its events; what it had done by then, faded as it was.
pub async fn read(
    caller: Allowed<LeadsRead>,
    id: Path<Uuid>,
    when: Query<ScoreAt>,
    deps: Data<Deps>,
) -> Result<Body<ScoreView>, Problem> {
    let visibility = caller.visibility();
    let at = when.0.at.unwrap_or_else(Utc::now);
    let view = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let lead = LeadView::find(tx, *id, &visibility).await?;
            if at < lead.created_at {
                let message = format!("the lead has been there since {}", lead.created_at.to_rfc3339());
                return Err(Problem {
                    errors: vec![FieldError::new("at", "out_of_range", message)],
                    ..Problem::unprocessable("before_creation", "There was no such lead at that time.")
                });
            }
            score_at(tx, &lead, at).await
        })
        .await?;
    Ok(Body::new(view))
}

async fn score_at(tx: &mut TenantTx<'_>, lead: &LeadView, at: DateTime<Utc>) -> Result<ScoreView, Problem> {
    let mut row = serde_json::to_value(lead).map_err(|fault| Problem::internal(fault.to_string()))?;
    // Undone one by one, changes lead back to the lead as it was.
    for change in store::changes_after(tx, lead.id, at).await? {
        if let (Value::Object(row), Some(Value::Object(previous))) = (&mut row, change.previous_state) {
            row.extend(previous);
        }
    }
    let persona = row.get("persona").and_then(Value::as_str).and_then(people::Persona::parse);
    let stored = contributions(row.get("score_breakdown").filter(|breakdown| !breakdown.is_null()).cloned());
    let Some(mut all) = stored else { return Ok(ScoreView::new(lead.id, at, persona, None)) };
    let playbook = playbooks::current(tx).await?;
    let accounts = playbooks::accounts(tx, lead.account_id.into_iter().collect()).await?;
    let row = crate::routing::portrait::portrait(row, lead.account_id.and_then(|id| accounts.get(&id)));
    let model = playbook.model(product_of(&row)).filter(|model| model.looks_at_engagement());
    let modelled = all.iter().all(|part| part.kind != domain::MANUAL);
    if let Some(model) = model.filter(|_| modelled) {
        let deeds = store::deeds(tx, &[lead.id]).await?.remove(&lead.id).unwrap_or_default();
        all.retain(|part| part.kind != "engagement");
        all.extend(faded(model, &row, &deeds, at));
    }
    Ok(ScoreView::new(lead.id, at, persona, Some(all)))
}

/// What was done by then, as it counts then.
fn faded(model: &Model, row: &Value, deeds: &[domain::Deed], at: DateTime<Utc>) -> Vec<people::Contribution> {
    let subject = domain::Subject { row, persona: None, keywords: &[], deeds, at };
    let all = domain::contributions(model, &subject);
    all.into_iter().filter(|part| part.kind == "engagement").collect()
}
