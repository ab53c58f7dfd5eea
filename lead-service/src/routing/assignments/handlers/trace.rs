//! Handler for the trace of a lead's assignment.

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use contracts::permissions::{AssignmentRulesRead, LeadsRead};
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Shows},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::LeadView,
    routing::assignments::{decide::RuleTrace, store, tracing},
};

/// The last time that rules were asked about a lead.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AssignmentTraceView {
    /// The lead.
    pub lead_id: Uuid,
    /// Why the rules ran: `created`, or `departure` of the assignee; none when they did not, because an assignee was
    /// named or there were no rules.
    pub cause: Option<String>,
    /// The chosen member.
    pub assigned_to: Option<Uuid>,
    /// The rule that decided.
    pub rule_id: Option<Uuid>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Every rule in order, with its candidates; none for a caller who may not read rules.
    pub rules: Vec<RuleTrace>,
}

/// As it was decided, whatever became of the rules and the lead since.
pub async fn trace(
    caller: Allowed<LeadsRead, Shows<AssignmentRulesRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<AssignmentTraceView>, Problem> {
    let visibility = caller.visibility();
    let (lead_id, found) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let lead = LeadView::find(tx, *id, &visibility).await?;
            Ok::<_, Problem>((lead.id, store::last_trace(tx, lead.id).await?))
        })
        .await?;
    let nothing = AssignmentTraceView {
        lead_id,
        cause: None,
        assigned_to: None,
        rule_id: None,
        decided_at: None,
        rules: vec![],
    };
    let Some(row) = found else { return Ok(Body::new(nothing)) };
    let rules = serde_json::from_value(row.rules)
        .map_err(|fault| Problem::internal(format!("a stored trace cannot be read: {fault}")))?;
    Ok(Body::new(AssignmentTraceView {
        cause: Some(row.cause),
        assigned_to: row.assigned_to,
        rule_id: row.rule_id,
        decided_at: Some(row.created_at),
        rules: tracing::shown(rules, &caller),
        ..nothing
    }))
}
