//! Switches the second factor off, for a code.

use actix_web::web::Data;
use platform::{
    Problem,
    db::GlobalTx,
    http::{Json, NoContent, SignedIn},
};

use super::{tell, with_code};
use crate::{
    credentials::second_factors::{api::GiveCode, store},
    deps::Deps,
    sessions,
    users::User,
};

/// A recovery code will do: the app may be lost.
pub async fn disable(caller: SignedIn, body: Json<GiveCode>, deps: Data<Deps>) -> Result<NoContent, Problem> {
    let GiveCode { code } = body.into_inner();
    let removing = async |tx: &mut GlobalTx<'_>, user: &User| {
        store::remove(tx, user.id).await?;
        sessions::mark_second_factor(tx, user.id, None, false).await?;
        tell(tx, &deps, user, false).await
    };
    with_code(&deps, caller.user(), &code, removing).await?;
    Ok(NoContent)
}
