//! Handlers for a customer's own profile.

use actix_web::web::Data;
use contracts::UserId;
use platform::{
    Problem,
    db::GlobalTx,
    http::{Body, IfMatch, MergePatch, NoContent, SignedIn},
    images::{self, ImageReply, ImageUpload},
};

use super::{
    PICTURE_SIDE,
    api::{ProfileView, WriteProfile},
    domain::{Profile, not_a_customer},
    store,
};
use crate::{
    deps::Deps,
    users::{self, User, domain::AccountType},
};

/// The person, their row locked, if they are a customer.
async fn customer(tx: &mut GlobalTx<'_>, id: UserId) -> Result<User, Problem> {
    let user = users::store::lock(tx, id).await?.ok_or_else(Problem::not_found)?;
    if user.account_type == AccountType::Customer { Ok(user) } else { Err(not_a_customer()) }
}

fn shown(view: ProfileView) -> Body<ProfileView> {
    let version = view.version;
    Body::versioned(view, version)
}

/// One's own profile; empty at first.
pub async fn read(caller: SignedIn, deps: Data<Deps>) -> Result<Body<ProfileView>, Problem> {
    deps.db
        .in_global(async |tx| {
            let user = customer(tx, caller.user()).await?;
            let profile = store::find_or_make(tx, user.id).await?;
            Ok(shown(ProfileView::of(user, profile)))
        })
        .await
}

/// Changes one's own profile.
pub async fn update(
    caller: SignedIn,
    if_match: IfMatch,
    patch: MergePatch<WriteProfile>,
    deps: Data<Deps>,
) -> Result<Body<ProfileView>, Problem> {
    deps.db
        .in_global(async |tx| {
            let user = customer(tx, caller.user()).await?;
            let current = store::find_or_make(tx, user.id).await?;
            if_match.check(current.version)?;
            let id = user.id;
            let profile = Profile::parse(patch.apply(&ProfileView::of(user, current))?)?;
            let row = store::update(tx, id, &profile).await?;
            let user = users::store::find(tx, id).await?.ok_or_else(Problem::not_found)?;
            Ok(shown(ProfileView::of(user, row)))
        })
        .await
}

/// Sets one's own picture. It is decoded before anything is looked up, and not in a transaction.
pub async fn set_picture(
    caller: SignedIn,
    if_match: IfMatch,
    file: ImageUpload,
    deps: Data<Deps>,
) -> Result<Body<ProfileView>, Problem> {
    let picture = images::clean(file.0, PICTURE_SIDE).await?;
    deps.db
        .in_global(async |tx| {
            let user = customer(tx, caller.user()).await?;
            if_match.check(store::find_or_make(tx, user.id).await?.version)?;
            let row = store::set_picture(tx, user.id, Some(&picture)).await?;
            Ok(shown(ProfileView::of(user, row)))
        })
        .await
}

/// Removes it; there may be none.
pub async fn remove_picture(caller: SignedIn, deps: Data<Deps>) -> Result<NoContent, Problem> {
    deps.db
        .in_global(async |tx| {
            let user = customer(tx, caller.user()).await?;
            store::find_or_make(tx, user.id).await?;
            store::set_picture(tx, user.id, None).await?;
            Ok::<_, Problem>(NoContent)
        })
        .await
}

/// One's own picture as a file; 404 when there is none.
pub async fn picture(caller: SignedIn, deps: Data<Deps>) -> Result<ImageReply, Problem> {
    let found =
        deps.db.in_global(async |tx| store::picture(tx, caller.user()).await.map_err(Problem::from)).await?;
    let (media_type, file) = found.ok_or_else(Problem::not_found)?;
    Ok(ImageReply::private(&media_type, file))
}
