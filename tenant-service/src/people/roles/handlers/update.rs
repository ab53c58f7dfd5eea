//! Replaces and changes a role.

use actix_web::web::{Data, Path};
use contracts::permissions::{RolesManage, RolesRead};
use platform::{
    Problem,
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, Shows, access::TenantCaller},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        invitations,
        roles::{
            api::{RoleView, WriteRole},
            domain::{RoleFields, check_own},
            escalation::{self, Reach},
            events, store,
        },
    },
};

/// PUT: what is left out becomes empty.
pub async fn replace(
    caller: Allowed<RolesManage, Shows<RolesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteRole>,
    deps: Data<Deps>,
) -> Result<Body<Shown<RoleView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<RolesManage, Shows<RolesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteRole>,
    deps: Data<Deps>,
) -> Result<Body<Shown<RoleView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&RoleView) -> Result<WriteRole, Problem>,
) -> Result<Body<Shown<RoleView>>, Problem> {
    let after = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            check_own(store::find(tx, id).await?.is_system)?;
            let before = store::lock(tx, id).await?;
            if_match.check(before.version)?;
            let fields = RoleFields::parse(write(&before)?)?;
            escalation::check(tx, caller, &[Reach::of(&before), Reach::written(&fields)]).await?;
            let after = store::update(tx, id, &fields).await?;
            events::updated(tx, &before, &after).await?;
            invitations::authority::withdraw_ended(tx).await?;
            Ok::<_, Problem>(after)
        })
        .await?;
    // Cached access contains its name and scope.
    deps.forget_access(caller.tenant(), None).await;
    Ok(Body::shown(caller, after))
}
