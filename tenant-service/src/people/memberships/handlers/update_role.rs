//! Gives a member another role.

use actix_web::web::{Data, Path};
use contracts::{
    UserId,
    permissions::{TenantUsersRead, TenantUsersUpdate},
};
use platform::{
    Problem,
    http::{Allowed, Body, IfMatch, Json, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        invitations,
        memberships::{
            api::{TenantUserView, UpdateRole},
            domain::{check_admin_is_left, is_acting_admin, unknown_role},
            events, store,
        },
        proven_people,
        roles::{self, escalation},
    },
};

/// Neither the old role nor the new one may exceed what the caller has; the last admin stays one.
pub async fn update_role(
    caller: Allowed<TenantUsersUpdate, Shows<TenantUsersRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<UpdateRole>,
    deps: Data<Deps>,
) -> Result<Body<Shown<TenantUserView>>, Problem> {
    let wanted = body.into_inner().role;
    let after = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            store::serialise(tx).await?;
            let before = store::find(tx, *id).await?;
            if_match.check(before.version)?;
            let role = roles::store::named(tx, wanted.trim()).await?.ok_or_else(|| unknown_role(&wanted))?;
            escalation::check_roles(tx, &caller, &[&before.role, &role.name]).await?;
            let after = store::set_role(tx, *id, role.id).await?;
            if is_acting_admin(&before) && !is_acting_admin(&after) {
                check_admin_is_left(store::other_admins(tx, *id).await?)?;
            }
            events::updated(tx, &before, &after).await?;
            invitations::authority::withdraw_ended(tx).await?;
            proven_people::store::judge_tenant(tx).await?;
            Ok::<_, Problem>(after)
        })
        .await?;
    deps.forget_access(caller.tenant(), UserId(after.user_id)).await;
    Ok(Body::shown(&caller, deps.people.name_one(after).await))
}
