//! Whether signing in needs a code.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Body, SignedIn},
};

use crate::{
    credentials::second_factors::{api::SecondFactorView, store},
    deps::Deps,
};

/// Of oneself.
pub async fn read(caller: SignedIn, deps: Data<Deps>) -> Result<Body<SecondFactorView>, Problem> {
    deps.db
        .in_global(async |tx| {
            let confirmed_at = store::find(tx, caller.user()).await?.and_then(|factor| factor.confirmed_at);
            let recovery_codes_left = store::recovery_codes_left(tx, caller.user()).await?;
            let enabled = confirmed_at.is_some();
            Ok::<_, Problem>(Body::new(SecondFactorView { enabled, confirmed_at, recovery_codes_left }))
        })
        .await
}
