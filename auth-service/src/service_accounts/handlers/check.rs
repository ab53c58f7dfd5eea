//! Handler that checks an outside worker's access for another service.

use actix_web::web::Data;
use contracts::internal::service_accounts::{CheckServiceAccount, ServiceAccountStanding};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{deps::Deps, service_accounts::store};

/// One that never was may not.
pub async fn check(
    _caller: Internal,
    call: InternalJson<CheckServiceAccount>,
    deps: Data<Deps>,
) -> Result<InternalReply<ServiceAccountStanding>, Problem> {
    let InternalJson(CheckServiceAccount { id }) = call;
    let active = deps.db.in_global(async |tx| store::is_active(tx, id).await.map_err(Problem::from)).await?;
    Ok(InternalReply(ServiceAccountStanding { active }))
}
