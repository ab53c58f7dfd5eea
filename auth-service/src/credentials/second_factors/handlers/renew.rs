//! Gives other recovery codes for a code.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Body, Json, SignedIn},
};

use super::{new_recovery_codes, with_code};
use crate::{
    credentials::second_factors::api::{GiveCode, RecoveryCodesView},
    deps::Deps,
    security_events::{self, SecurityEvent},
};

/// Those so far are void.
pub async fn renew(
    caller: SignedIn,
    body: Json<GiveCode>,
    deps: Data<Deps>,
) -> Result<Body<RecoveryCodesView>, Problem> {
    let GiveCode { code } = body.into_inner();
    let renewing = async |tx: &mut platform::db::GlobalTx<'_>, user: &crate::users::User| {
        security_events::record(tx, Some(user.id), &SecurityEvent::RecoveryCodesChanged).await?;
        new_recovery_codes(tx, user.id).await
    };
    let recovery_codes = with_code(&deps, caller.user(), &code, renewing).await?;
    Ok(Body::new(RecoveryCodesView { recovery_codes }))
}
