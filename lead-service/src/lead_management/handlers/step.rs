//! Assigns, approves and rejects leads.

use actix_web::web::{Data, Path};
use contracts::permissions::{LeadsAssign, LeadsRead, LeadsUpdate};
use platform::{
    Problem,
    db::{
        Stored,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, Json, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    entities::{self, Entity},
    lead_management::steps::AssignLead,
    people::{self, LeadStep, LeadView, SuggestionStatus},
};

/// To a member of the tenant.
pub async fn assign(
    caller: Allowed<LeadsAssign, Shows<LeadsRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<AssignLead>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<LeadView>>>, Problem> {
    let user = body.0.user_id;
    entities::check_member(&deps, caller.tenant(), "user_id", Some(user)).await?;
    step(&caller, *id, if_match, &deps, LeadStep { assigned_to: Some(user), ..LeadStep::default() }).await
}

/// The suggestion is taken on.
pub async fn approve(
    caller: Allowed<LeadsUpdate, Shows<LeadsRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<LeadView>>>, Problem> {
    step(&caller, *id, if_match, &deps, decided(SuggestionStatus::Approved)).await
}

/// The suggestion is turned down.
pub async fn reject(
    caller: Allowed<LeadsUpdate, Shows<LeadsRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<LeadView>>>, Problem> {
    step(&caller, *id, if_match, &deps, decided(SuggestionStatus::Rejected)).await
}

fn decided(status: SuggestionStatus) -> LeadStep {
    LeadStep { suggestion_status: Some(status), ..LeadStep::default() }
}

/// A step that changes nothing leaves the lead's version as it is.
async fn step(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    step: LeadStep,
) -> Result<Answer<Body<Shown<LeadView>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            let before = LeadView::lock(tx, id, &visibility).await?;
            if_match.check(before.version)?;
            let stays = step.assigned_to.is_none_or(|user| before.assigned_to == Some(user))
                && step.suggestion_status.is_none_or(|status| before.suggestion_status == status);
            let after = if stays {
                before
            } else {
                let after = people::take_step(tx, before.id, &step).await?;
                let changes = Change::updated(LeadView::NAME, before.id, &before, &after, LeadView::TRACKED);
                outbox::record(tx, changes).await?;
                after
            };
            Ok(Body::shown(caller, after))
        })
        .await
}
