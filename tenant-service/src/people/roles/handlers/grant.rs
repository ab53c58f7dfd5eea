//! Says what a role may do.

use actix_web::web::{Data, Path};
use contracts::permissions::{RolesManage, RolesRead};
use platform::{
    Problem,
    http::{Allowed, Body, IfMatch, Json, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::{
        invitations,
        roles::{
            api::{RoleView, WriteGrants},
            domain::{check_own, parse_grants},
            escalation::{self, Reach},
            events, store,
        },
    },
};

/// Replaces what the role allows. Neither what is given nor what is taken may exceed what the caller holds.
pub async fn grant(
    caller: Allowed<RolesManage, Shows<RolesRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteGrants>,
    deps: Data<Deps>,
) -> Result<Body<Shown<RoleView>>, Problem> {
    let codes = parse_grants(body.into_inner())?;
    let after = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            check_own(store::find(tx, *id).await?.is_system)?;
            let before = store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            let given = Reach { permissions: codes.clone(), ..Reach::of(&before) };
            escalation::check(tx, &caller, &[Reach::of(&before), given]).await?;
            let after = store::replace_permissions(tx, *id, &codes).await?;
            events::updated(tx, &before, &after).await?;
            invitations::authority::withdraw_ended(tx).await?;
            Ok::<_, Problem>(after)
        })
        .await?;
    deps.forget_access(caller.tenant(), None).await;
    Ok(Body::shown(&caller, after))
}
