//! Handlers for a user's access in a tenant and for platform roles' permissions.

use actix_web::web::Data;
use contracts::internal::tenants::{AccessAnswer, LookUpAccess, LookUpPlatformAccess, PlatformAccessAnswer};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{deps::Deps, people::grants::store, permissions};

/// One query. Platform staff may name any tenant and gets what its role allows; other users what their active
/// membership's role allows.
pub async fn look_up(
    _caller: Internal,
    call: InternalJson<LookUpAccess>,
    deps: Data<Deps>,
) -> Result<InternalReply<AccessAnswer>, Problem> {
    let found = deps.db.in_system(async |tx| store::access(tx, &call.0).await.map_err(Problem::from)).await?;
    let Some(row) = found else { return Ok(InternalReply(AccessAnswer { tenant: None, grant: None })) };
    row.into_answer().map(InternalReply)
}

/// Everything the role allows, wherever that is.
pub async fn look_up_platform(
    _caller: Internal,
    call: InternalJson<LookUpPlatformAccess>,
) -> Result<InternalReply<PlatformAccessAnswer>, Problem> {
    let permissions = permissions::platform_permissions(call.0.platform_role);
    Ok(InternalReply(PlatformAccessAnswer {
        permissions: permissions.into_iter().map(str::to_owned).collect(),
    }))
}
