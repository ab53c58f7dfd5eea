//! Confirms an authenticator app with its first code.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Body, Json, SignedIn},
};

use super::{new_recovery_codes, tell};
use crate::{
    credentials::second_factors::{
        api::{GiveCode, RecoveryCodesView},
        check::{self, Taken},
        domain::{already_on, not_enrolled, wrong_code_in_form},
        store,
    },
    deps::Deps,
    sessions, users,
};

/// From now on a code is demanded at each sign-in. The recovery codes are in this answer only.
pub async fn confirm(
    caller: SignedIn,
    body: Json<GiveCode>,
    deps: Data<Deps>,
) -> Result<Body<RecoveryCodesView>, Problem> {
    let GiveCode { code } = body.into_inner();
    deps.db
        .in_global(async |tx| {
            let user = users::lock(tx, caller.user()).await?.ok_or_else(Problem::not_found)?;
            let factor = store::find(tx, user.id).await?.ok_or_else(not_enrolled)?;
            if factor.confirmed_at.is_some() {
                return Err(already_on());
            }
            if !check::spend(tx, &deps.sealing, &user, &factor, &code, Taken::OfApp).await? {
                return Err(wrong_code_in_form());
            }
            store::confirm(tx, user.id).await?;
            // This very session gave a code; its next access token says so.
            sessions::mark_second_factor(tx, user.id, Some(caller.session()), true).await?;
            tell(tx, &deps, &user, true).await?;
            let recovery_codes = new_recovery_codes(tx, user.id).await?;
            Ok(Body::new(RecoveryCodesView { recovery_codes }))
        })
        .await
}
