//! Removes a member.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantUsersUpdate;
use platform::{
    Problem,
    http::{Allowed, IfMatch, NoContent},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    memberships::{
        domain::{check_admin_is_left, is_acting_admin},
        events, hierarchy, store,
    },
    roles::escalation,
};

/// Those who reported to them report to whoever was above them. The last admin cannot be removed.
pub async fn remove(
    caller: Allowed<TenantUsersUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            store::serialise(tx).await?;
            let member = store::find(tx, *id).await?;
            if_match.check(member.version)?;
            escalation::check_roles(tx, &caller, &[&member.role]).await?;
            if is_acting_admin(&member) {
                check_admin_is_left(store::other_admins(tx, *id).await?)?;
            }
            let mut moved = Vec::new();
            for report in store::direct_reports(tx, *id).await? {
                hierarchy::shift(tx, report.id, member.reports_to).await?;
                let after = store::set_reports_to(tx, report.id, member.reports_to).await?;
                moved.push((report, after));
            }
            hierarchy::remove(tx, *id).await?;
            store::archive(tx, *id).await?;
            events::removed(tx, &member, &moved).await
        })
        .await?;
    // The teams of everybody above lost a member.
    deps.forget_access(caller.tenant(), None).await;
    Ok(NoContent)
}
