//! Sends a link by which another password is chosen.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Accepted, Json, Public},
    values,
};

use crate::{
    credentials::verifications::{
        api::{NameAddress, OnItsWayView},
        equalize_timing,
    },
    deps::Deps,
    tokens::{self, Purpose},
    users,
};

/// 202 after the same time, whether there is such an account or not; 429 for those who ask too often, alike.
pub async fn forgot(
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
        if user.may_sign_in() && !is_pending {
            tokens::send_one_time_token(tx, &deps, &user, Purpose::ResetPassword).await?;
        }
        Ok::<_, Problem>(())
    });
    equalize_timing(sending).await?;
    Ok(Accepted(OnItsWayView::new()))
}
