//! One's own account.

use actix_web::web::Data;
use contracts::internal::tenants::ListMemberships;
use platform::{
    Problem,
    http::{Body, IfMatch, MergePatch, SignedIn},
};

use crate::{
    deps::Deps,
    users::{
        api::{MeView, PersonView, WriteMe},
        domain, store,
    },
};

/// Who one is, with all memberships.
pub async fn read(caller: SignedIn, deps: Data<Deps>) -> Result<Body<MeView>, Problem> {
    let user = deps.db.in_global(async |tx| store::find(tx, caller.user()).await).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    let memberships = deps.peers.call(&ListMemberships { user_id: user.id }).await?;
    Ok(Body::versioned(MeView::of(&user, memberships), user.version))
}

/// Memberships are asked for first: a change that was made is not answered with a 503.
pub async fn update(
    caller: SignedIn,
    if_match: IfMatch,
    patch: MergePatch<WriteMe>,
    deps: Data<Deps>,
) -> Result<Body<MeView>, Problem> {
    let memberships = deps.peers.call(&ListMemberships { user_id: caller.user() }).await?;
    let user = deps
        .db
        .in_global(async |tx| {
            let user = store::lock(tx, caller.user()).await?.ok_or_else(Problem::not_found)?;
            if_match.check(user.version)?;
            let WriteMe { first_name, last_name } = patch.apply(&PersonView::from(&user))?;
            let (first_name, last_name) = (domain::name(first_name), domain::name(last_name));
            store::rename(tx, user.id, first_name.as_deref(), last_name.as_deref()).await
        })
        .await?;
    Ok(Body::versioned(MeView::of(&user, memberships), user.version))
}
