//! Sends a link by which another password is chosen.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Accepted, Json, Public},
    values,
};

use crate::{
    deps::Deps,
    one_time_tokens::{self, Purpose},
    registrations, users,
    verifications::{
        api::{NameAddress, OnItsWayView},
        equalize_timing,
    },
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
        let user = users::store::find_by_email(tx, &email).await?;
        request.admit(tx, user.as_ref()).await?;
        let Some(user) = user else { return Ok(()) };
        let is_pending = registrations::store::find(tx, user.id).await?.is_some();
        if user.may_sign_in() && !is_pending {
            one_time_tokens::send(tx, &deps, &user, Purpose::ResetPassword).await?;
        }
        Ok::<_, Problem>(())
    });
    equalize_timing(sending).await?;
    Ok(Accepted(OnItsWayView::new()))
}
