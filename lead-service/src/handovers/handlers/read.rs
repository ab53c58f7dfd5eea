//! Reads a handover.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Fields},
};
use uuid::Uuid;

use crate::{deps::Deps, handovers::api::HandoverView};

/// One with its version.
pub async fn read(
    caller: Allowed<TenantUsersRead>,
    id: Path<Uuid>,
    fields: Fields<HandoverView>,
    deps: Data<Deps>,
) -> Result<Body<HandoverView>, Problem> {
    let handover = HandoverView::look_up(&deps.db, caller.tenant(), *id, &caller.visibility()).await?;
    let version = handover.version;
    Ok(Body::versioned(handover, version).trimmed(fields.names))
}
