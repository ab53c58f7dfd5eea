//! Reads a lead.

use actix_web::web::{Data, Path};
use contracts::permissions::LeadsRead;
use platform::{
    Problem,
    http::{Allowed, Body, Fields},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    leads::{api::LeadView, store},
};

/// One lead with its version.
pub async fn read(
    caller: Allowed<LeadsRead>,
    id: Path<Uuid>,
    fields: Fields<LeadView>,
    deps: Data<Deps>,
) -> Result<Body<LeadView>, Problem> {
    let visibility = caller.visibility();
    let lead = deps
        .db
        .read(caller.tenant(), async |tx| store::find(tx, *id, &visibility).await.map_err(Problem::from))
        .await?;
    let version = lead.version;
    Ok(Body::versioned(lead, version).trimmed(fields.names))
}
