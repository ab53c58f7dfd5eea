//! Handler that lists revocations for the gateway.

use actix_web::web::Data;
use contracts::internal::users::{ListRevocations, Revocation};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use super::store;
use crate::deps::Deps;

/// In order; a long list comes in stretches, to be asked on with the last `seq`.
pub async fn list(
    _caller: Internal,
    call: InternalJson<ListRevocations>,
    deps: Data<Deps>,
) -> Result<InternalReply<Vec<Revocation>>, Problem> {
    let InternalJson(ListRevocations { after }) = call;
    let revocations =
        deps.db.in_global(async |tx| store::after(tx, after).await.map_err(Problem::from)).await?;
    Ok(InternalReply(revocations))
}
