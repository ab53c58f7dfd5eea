//! Sends a link by which another password is chosen.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Accepted, Json, Public},
};

use crate::{
    deps::Deps,
    one_time_tokens::{self, Purpose},
    registrations, users,
    verifications::{
        alike,
        api::{NameAddress, OnItsWayView},
    },
};

/// 202 after the same time, whether there is such an account or not.
pub async fn forgot(
    _caller: Public,
    body: Json<NameAddress>,
    deps: Data<Deps>,
) -> Result<Accepted<OnItsWayView>, Problem> {
    let email = body.into_inner().email.trim().to_lowercase();
    let sending = deps.db.in_global(async |tx| {
        let Some(user) = users::store::find_by_email(tx, &email).await? else { return Ok(()) };
        let is_pending = registrations::store::find(tx, user.id).await?.is_some();
        if user.may_sign_in() && !is_pending {
            one_time_tokens::send(tx, &deps, &user, Purpose::ResetPassword).await?;
        }
        Ok::<_, Problem>(())
    });
    alike(sending).await?;
    Ok(Accepted(OnItsWayView::new()))
}
