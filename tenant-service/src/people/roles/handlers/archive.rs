//! Deletes a role.

use actix_web::web::{Data, Path};
use contracts::permissions::RolesManage;
use platform::{
    Problem,
    http::{Allowed, IfMatch, NoContent},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        memberships,
        roles::{
            domain::check_own,
            escalation::{self, Reach},
            events, store,
        },
    },
};

/// A role with holders is 409.
pub async fn archive(
    caller: Allowed<RolesManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            // The role cannot be assigned while it is archived.
            memberships::store::serialise(tx).await?;
            check_own(store::find(tx, *id).await?.is_system)?;
            let role = store::lock(tx, *id).await?;
            if_match.check(role.version)?;
            escalation::check(tx, &caller, &[Reach::of(&role)]).await?;
            if store::is_held(tx, *id).await? {
                return Err(Problem::conflict("role_in_use", "Somebody holds this role."));
            }
            store::archive(tx, *id).await?;
            events::deleted(tx, &role).await?;
            Ok(NoContent)
        })
        .await
}
