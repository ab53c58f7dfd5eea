//! Reads a job.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{deps::Deps, jobs::api::JobView};

/// One job with its version.
pub async fn read(
    caller: Allowed<EnrichmentRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<JobView>, Problem> {
    let job = JobView::look_up(&deps.db, caller.tenant(), *id, &caller.visibility()).await?;
    let version = job.version;
    Ok(Body::versioned(job, version))
}
