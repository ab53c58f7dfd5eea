//! Reads a job.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    jobs::{api::JobView, store},
};

/// One job with its version.
pub async fn read(
    caller: Allowed<EnrichmentRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<JobView>, Problem> {
    let job =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = job.version;
    Ok(Body::versioned(job, version))
}
