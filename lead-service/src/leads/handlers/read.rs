//! Reads a lead.

use actix_web::web::{Data, Path};
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
    let visibility = caller.visibility();
    let lead = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            match LeadView::find(tx, *id, &visibility).await {
                Err(diesel::result::Error::NotFound) => {}
                found => return found.map_err(Problem::from),
            }
            let winner = store::winner(tx, *id).await?.ok_or_else(Problem::not_found)?;
            LeadView::find(tx, winner, &visibility).await.map_err(Problem::from)
        })
        .await?;
    let version = lead.version;
    Ok(Body::versioned(lead, version).trimmed(fields.names))
}
