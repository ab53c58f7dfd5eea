//! Says who would be given a lead, and why. Changes nothing.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use contracts::permissions::{AccountsRead, AssignmentRulesRead};
use platform::{
    Problem,
    http::{Allowed, Body, Json, May},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{self, Contribution, Persona, WriteLead},
    products,
    routing::assignments::{self, decide::RuleTrace, tracing},
};

/// A lead that there might be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulateAssignment {
    /// The lead; what is left out is empty.
    #[schema(value_type = WriteLead)]
    pub lead: Value,
    /// When it would come in; now unless given.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
}

/// What would become of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SimulatedAssignment {
    /// The assignee of the lead; none when no rule chooses a member.
    pub assigned_to: Option<Uuid>,
    /// The rule that would decide.
    pub rule_id: Option<Uuid>,
    /// The score it would have.
    pub score: Option<f64>,
    /// What that would be made of.
    pub score_breakdown: Option<Vec<Contribution>>,
    /// The part the person would play.
    pub persona: Option<Persona>,
    /// Every rule in order, with its candidates.
    pub rules: Vec<RuleTrace>,
}

/// Rules are tried as for a real lead without an assignee; no turn is used up. Rules look at the lead's account, which
/// the caller must be able to read.
pub async fn simulate(
    caller: Allowed<AssignmentRulesRead, May<AccountsRead>>,
    body: Json<SimulateAssignment>,
    deps: Data<Deps>,
) -> Result<Body<SimulatedAssignment>, Problem> {
    let SimulateAssignment { lead, at } = body.into_inner();
    let id = |name: &str| lead.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok());
    let (account, product): (Option<Uuid>, Option<Uuid>) = (id("account_id"), id("product_id"));
    if account.is_some() {
        caller.demand::<AccountsRead>()?;
    }
    let visibility = caller.visibility();
    let mut simulated = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            people::check_account(tx, account, &visibility).await?;
            products::check(tx, product).await?;
            assignments::simulate(tx, lead, at.unwrap_or_else(Utc::now)).await
        })
        .await?;
    simulated.rules = tracing::shown(simulated.rules, &caller);
    Ok(Body::new(simulated))
}
