//! Reads a role.

use actix_web::web::{Data, Path};
use contracts::permissions::RolesRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::roles::{api::RoleView, store},
};

/// One role with its version.
pub async fn read(
    caller: Allowed<RolesRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<RoleView>, Problem> {
    let role =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = role.version;
    Ok(Body::versioned(role, version))
}
