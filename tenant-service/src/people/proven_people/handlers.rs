//! Takes note of a proven address.

use actix_web::web::Data;
use contracts::internal::tenants::{NoteProof, NotedProof};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use super::store;
use crate::{deps::Deps, people::memberships};

/// The tenants that the person administers may send from now on. Idempotent.
pub async fn note(
    _caller: Internal,
    call: InternalJson<NoteProof>,
    deps: Data<Deps>,
) -> Result<InternalReply<NotedProof>, Problem> {
    let person = call.0.user_id;
    deps.db.in_global(async |tx| store::insert(tx, person).await.map_err(Problem::from)).await?;
    let tenants =
        deps.db.in_system(async |tx| store::tenants_of(tx, person).await.map_err(Problem::from)).await?;
    for tenant in tenants {
        deps.db
            .in_tenant(tenant, async |tx| {
                memberships::store::serialise(tx).await?;
                store::judge_tenant(tx).await.map_err(Problem::from)
            })
            .await?;
    }
    deps.tenant_changed.notify_one();
    deps.forget_access(None, person).await;
    Ok(InternalReply(NotedProof {}))
}
