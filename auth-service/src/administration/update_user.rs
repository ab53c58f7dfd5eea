//! Suspends a user, lets them in again, sets their role on the platform.

use actix_web::web::{Data, Path};
use contracts::{UserId, permissions::UsersUpdate};
use platform::{
    Problem,
    http::{Body, IfMatch, MergePatch, PlatformAllowed},
};
use uuid::Uuid;

use crate::{
    credentials,
    deps::Deps,
    security_events::{self, SecurityEvent},
    sessions,
    tokens::{self, NewRevocation},
    users::{self, Consequence, Standing, UserView, WriteUser},
};

/// A role on the platform takes a proven address. What is taken away from the person is gone everywhere within seconds.
pub async fn update(
    caller: PlatformAllowed<UsersUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteUser>,
    deps: Data<Deps>,
) -> Result<Body<UserView>, Problem> {
    let id = UserId(*id);
    let (user, revoked) = deps
        .db
        .in_global(async |tx| {
            let user = users::lock(tx, id).await?.ok_or_else(Problem::not_found)?;
            if_match.check(user.version)?;
            let before = Standing { status: user.status, platform_role: user.platform_role };
            let unproven = (!user.is_proven()).then(|| credentials::unproven(&user));
            let WriteUser { status, platform_role } = patch.apply(&UserView::from(user))?;
            let standing = Standing { status, platform_role };
            if let Some(problem) = unproven.filter(|_| !platform_role.is_none()) {
                return Err(problem);
            }
            if standing != before && caller.user() == id {
                return Err(users::own_standing());
            }
            let user = users::set_standing(tx, id, standing).await?;
            let event = SecurityEvent::StandingChanged { before, after: standing };
            security_events::record(tx, Some(id), &event).await?;
            let consequence = standing.consequence(before);
            if consequence == Consequence::Sessions {
                sessions::revoke_all(tx, id).await?;
            }
            let void = (consequence != Consequence::None)
                .then(|| NewRevocation::of_person(id, deps.lives.revocable));
            let revoked = tokens::record_revocations(tx, void.as_slice()).await?;
            Ok((user, revoked))
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    let version = user.version;
    Ok(Body::versioned(user.into(), version))
}
