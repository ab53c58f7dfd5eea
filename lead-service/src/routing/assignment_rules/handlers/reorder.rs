//! Handler that reorders the rules.

use actix_web::web::Data;
use contracts::{
    permissions::{AssignmentRulesManage, AssignmentRulesRead},
    problem::FieldError,
};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, Json, Shown, Shows},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    deps::Deps,
    entities::Entity,
    routing::assignment_rules::{
        api::{AssignmentRuleView, ReorderRules},
        store,
    },
};

/// The rules in their order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderedRules {
    /// The first to be tried first.
    pub results: Vec<Shown<AssignmentRuleView>>,
}

/// All rules must be named, each once.
pub async fn reorder(
    caller: Allowed<AssignmentRulesManage, Shows<AssignmentRulesRead>>,
    body: Json<ReorderRules>,
    deps: Data<Deps>,
) -> Result<Answer<Body<OrderedRules>>, Problem> {
    let ids = body.into_inner().rule_ids;
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = store::lock_all(tx).await?;
            let mut faults = Vec::new();
            for (index, id) in ids.iter().enumerate() {
                let place = format!("rule_ids.{index}");
                if !before.iter().any(|rule| rule.id == *id) {
                    faults.push(FieldError::new(place, "unknown_reference", "names no rule"));
                } else if ids.iter().take(index).any(|earlier| earlier == id) {
                    faults.push(FieldError::new(place, "ambiguous", "is named twice"));
                }
            }
            if faults.is_empty() && ids.len() != before.len() {
                let message = format!("must name all {} rules", before.len());
                faults.push(FieldError::new("rule_ids", "required", message));
            }
            if !faults.is_empty() {
                return Err(Problem {
                    errors: faults,
                    ..Problem::unprocessable("invalid_order", "Name every rule once.")
                });
            }
            store::reorder(tx, &ids).await?;
            let after = store::lock_all(tx).await?;
            let changes = after.iter().flat_map(|rule| {
                let earlier = before.iter().find(|earlier| earlier.id == rule.id);
                earlier.map_or_else(Vec::new, |earlier| {
                    let tracked = AssignmentRuleView::TRACKED;
                    Change::updated(AssignmentRuleView::NAME, rule.id, earlier, rule, tracked)
                })
            });
            outbox::record(tx, changes.collect()).await?;
            let results = after.into_iter().map(|rule| Shown::to(&caller, rule)).collect();
            Ok(Body::new(OrderedRules { results }))
        })
        .await
}
