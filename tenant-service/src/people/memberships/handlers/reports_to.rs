//! Handler that sets or clears a member's superior.

use actix_web::web::{Data, Path};
use contracts::permissions::{TenantUsersRead, TenantUsersUpdate};
use diesel::OptionalExtension;
use platform::{
    Problem,
    http::{Allowed, Body, IfMatch, Json, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        memberships::{
            api::{TenantUserView, UpdateReportsTo},
            domain::{hierarchy_cycle, unknown_superior},
            events, hierarchy, store,
        },
        roles::escalation::{self, Placed},
    },
};

/// All members below move along. A cycle is 422 `hierarchy_cycle`.
///
/// A superior with scope `team` sees the records of members below. So the caller must have the rights of both
/// roles, and see the records that become visible.
pub async fn reports_to(
    caller: Allowed<TenantUsersUpdate, Shows<TenantUsersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<UpdateReportsTo>,
    deps: Data<Deps>,
) -> Result<Body<Shown<TenantUserView>>, Problem> {
    let above = body.into_inner().membership_id;
    let after = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            store::serialise(tx).await?;
            let before = store::find(tx, *id).await?;
            if_match.check(before.version)?;
            let unknown = || unknown_superior("membership_id");
            let superior = match above {
                Some(above) => Some(store::find(tx, above).await.optional()?.ok_or_else(unknown)?),
                None => None,
            };
            if let Some(superior) = &superior {
                if hierarchy::is_within(tx, superior.id, before.id).await? {
                    return Err(hierarchy_cycle());
                }
                hierarchy::check_depth(tx, before.id, superior.id).await?;
            }
            escalation::check_placing(tx, &caller, Placed::Member(&before), superior.as_ref()).await?;
            hierarchy::shift(tx, before.id, above).await?;
            let after = store::set_reports_to(tx, before.id, above).await?;
            events::updated(tx, &before, &after).await?;
            Ok(after)
        })
        .await?;
    // The teams of all members above change, before and after.
    deps.forget_access(caller.tenant(), None).await;
    Ok(Body::shown(&caller, deps.people.name_one(after).await))
}
