//! Starts a job that another service asks for.

use actix_web::web::Data;
use contracts::internal::enrichments::{JobStarted, StartJob};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{
    deps::Deps,
    jobs::{domain::NewJob, starting},
};

/// Idempotent by the job's id.
pub async fn start(
    _caller: Internal,
    call: InternalJson<StartJob>,
    deps: Data<Deps>,
) -> Result<InternalReply<JobStarted>, Problem> {
    let InternalJson(call) = call;
    let tenant = call.tenant_id;
    let job = NewJob {
        id: call.job.job_id,
        kind: call.job.kind,
        subject: call.subject,
        subject_id: call.subject_id,
        input: call.input,
        started_by: call.started_by,
        request_id: call.request_id,
        traceparent: call.traceparent,
    };
    let new = deps.db.in_tenant(tenant, async |tx| starting::start(tx, &[job]).await).await?;
    Ok(InternalReply(JobStarted { is_new: new == 1 }))
}
