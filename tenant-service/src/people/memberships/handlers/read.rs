//! Reads a membership.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::memberships::{api::TenantUserView, store},
};

/// One membership with its version.
pub async fn read(
    caller: Allowed<TenantUsersRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<TenantUserView>, Problem> {
    let member =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = member.version;
    Ok(Body::versioned(deps.people.name_one(member).await, version))
}
