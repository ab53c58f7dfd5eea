//! Handler that looks an account up by address for other services.

use actix_web::web::Data;
use contracts::internal::users::{FindUser, UserSummary};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
    values,
};

use crate::{deps::Deps, users::store};

/// None when there is no such account.
pub async fn find(
    _caller: Internal,
    call: InternalJson<FindUser>,
    deps: Data<Deps>,
) -> Result<InternalReply<Option<UserSummary>>, Problem> {
    let email = values::email_or_text(&call.0.email);
    let found = deps.db.in_global(async |tx| store::find_by_email(tx, &email).await).await?;
    Ok(InternalReply(found.as_ref().map(UserSummary::from)))
}
