//! Reads a lead.

use actix_web::{
    http::StatusCode,
    web::{Data, Path},
};
use contracts::permissions::LeadsRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Fields},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    leads::{api::LeadView, store},
};

/// One with its version. The id of a lead that was merged into another shows that other one.
pub async fn read(
    caller: Allowed<LeadsRead>,
    id: Path<Uuid>,
    fields: Fields<LeadView>,
    deps: Data<Deps>,
) -> Result<Body<LeadView>, Problem> {
    let (tenant, visibility) = (caller.tenant(), caller.visibility());
    let lead = match LeadView::look_up(&deps.db, tenant, *id, &visibility).await {
        // No row for the caller: it may be one that was merged away.
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let winner = deps.db.read(tenant, async |tx| Ok::<_, Problem>(store::winner(tx, *id).await?));
            let winner = winner.await?.ok_or_else(Problem::not_found)?;
            LeadView::look_up(&deps.db, tenant, winner, &visibility).await?
        }
        found => found?,
    };
    let version = lead.version;
    Ok(Body::versioned(lead, version).trimmed(fields.names))
}
