//! Confirms an address, or sends the link again.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Accepted, Body, Json, Page, Public},
    values,
};

use super::{
    api::{NameAddress, OnItsWayView, PresentToken, VerifiedView},
    equalize_timing,
};
use crate::{
    credentials::proofs,
    deps::Deps,
    tokens::{self, Purpose},
    users,
};

const PAGE: Page = Page::new("Confirm your e-mail address", include_str!("page.html"));

/// The page of the link.
pub async fn page(_caller: Public) -> Result<Page, Problem> {
    Ok(PAGE)
}

/// The token is spent with it.
pub async fn verify(
    _caller: Public,
    body: Json<PresentToken>,
    deps: Data<Deps>,
) -> Result<Body<VerifiedView>, Problem> {
    let PresentToken { token } = body.into_inner();
    let user = deps
        .db
        .in_global(async |tx| {
            let owner = tokens::check_one_time_token(tx, &token, Purpose::VerifyEmail).await?;
            let user = users::lock(tx, owner).await?.ok_or_else(tokens::unknown_one_time_token)?;
            tokens::spend_one_time_token(tx, &token, Purpose::VerifyEmail).await?;
            tokens::spend_one_time_tokens(tx, user.id, Purpose::VerifyEmail).await?;
            proofs::confirm(tx, &user).await?;
            Ok::<_, Problem>(user)
        })
        .await?;
    proofs::tell(&deps, user.id).await;
    Ok(Body::new(VerifiedView { email: user.email, email_verified: true }))
}

/// 202 after the same time, whether there is such an account, confirmed or not; 429 for those who ask too often, alike.
pub async fn resend(
    caller: Public,
    body: Json<NameAddress>,
    deps: Data<Deps>,
) -> Result<Accepted<OnItsWayView>, Problem> {
    let email = values::email_or_text(&body.into_inner().email);
    let request = deps.guard.request(&email, caller.client_address()).await?;
    let sending = deps.db.in_global(async |tx| {
        let user = users::find_by_email(tx, &email).await?;
        request.admit(tx, user.as_ref()).await?;
        let Some(user) = user else { return Ok(()) };
        let is_pending = users::is_registering(tx, user.id).await?;
        if user.may_sign_in() && !user.is_proven() && !is_pending {
            tokens::send_one_time_token(tx, &deps, &user, Purpose::VerifyEmail).await?;
        }
        Ok::<_, Problem>(())
    });
    equalize_timing(sending).await?;
    Ok(Accepted(OnItsWayView::new()))
}
