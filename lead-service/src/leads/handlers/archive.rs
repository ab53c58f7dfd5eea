//! Deletes and restores a lead.

use actix_web::web::{Data, Path};
use contracts::permissions::LeadsDelete;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, NoContent},
};
use uuid::Uuid;

use crate::{
    deps::{Deps, SERVICE},
    leads::{api::LeadView, events::ENTITY, store},
};

/// Softly: it can be restored.
pub async fn archive(
    caller: Allowed<LeadsDelete>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let lead = store::lock(tx, *id, &visibility).await?;
            if_match.check(lead.version)?;
            store::archive(tx, *id).await?;
            outbox::record(tx, SERVICE, vec![Change::deleted(ENTITY, *id, &lead)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 409 when its reference was taken meanwhile, 404 when it is not deleted.
pub async fn restore(
    caller: Allowed<LeadsDelete>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<LeadView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            store::lock_deleted(tx, *id, &visibility).await?;
            let lead = store::restore(tx, *id).await?;
            outbox::record(tx, SERVICE, Change::restored(ENTITY, *id)).await?;
            let version = lead.version;
            Ok(Body::versioned(lead, version))
        })
        .await
}
