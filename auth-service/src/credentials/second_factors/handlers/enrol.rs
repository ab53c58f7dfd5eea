//! Begins with an authenticator app.

use actix_web::web::Data;
use contracts::problem::FieldError;
use platform::{
    Problem,
    http::{Body, Json, SignedIn},
};

use crate::{
    credentials::second_factors::{
        api::{EnrolmentView, GivePassword},
        domain::{SECRET_BYTES, already_on, base32, otpauth_url},
        store,
    },
    deps::Deps,
    users,
};

/// The factor is inactive until it is confirmed; a second call replaces the first. An account with a password requires it, so that a
/// device left unlocked is not enough to lock its owner out.
pub async fn enrol(
    caller: SignedIn,
    body: Json<GivePassword>,
    deps: Data<Deps>,
) -> Result<Body<EnrolmentView>, Problem> {
    let account = format!("session of {}", caller.user());
    let attempt = deps.guard.enter(&account, None).await?;
    let request = deps.guard.request(&account, None).await?;
    let user = deps
        .db
        .in_global(async |tx| {
            attempt.judge(tx, None).await?;
            request.admit(tx, None).await?;
            users::find(tx, caller.user()).await
        })
        .await?;
    let user = user.ok_or_else(Problem::not_found)?;
    if let Some(kept) = &user.password_hash {
        let given = body.into_inner().password.unwrap_or_default();
        if !deps.passwords.verify(&given, Some(kept)).await? {
            attempt.failed(&deps.db, Some(user.id), "wrong_password").await?;
            return Err(Problem::invalid(vec![FieldError::new(
                "password",
                "wrong_password",
                "is not the password",
            )]));
        }
    }
    let secret: [u8; SECRET_BYTES] = rand::random();
    deps.db
        .in_global(async |tx| {
            users::lock(tx, user.id).await?;
            attempt.succeeded(tx).await?;
            if store::begin(tx, &deps.sealing, user.id, &secret).await? == 0 {
                return Err(already_on());
            }
            let view =
                EnrolmentView { secret: base32(&secret), otpauth_url: otpauth_url(&secret, &user.email) };
            Ok(Body::new(view))
        })
        .await
}
