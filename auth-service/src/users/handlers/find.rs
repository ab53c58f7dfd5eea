//! Tells another service whether there is somebody with an address.

use actix_web::web::Data;
use contracts::internal::users::{FindUser, FoundUser, UserSummary};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{deps::Deps, identities, users::store};

/// None when there is nobody.
pub async fn find(
    _caller: Internal,
    call: InternalJson<FindUser>,
    deps: Data<Deps>,
) -> Result<InternalReply<Option<FoundUser>>, Problem> {
    let email = call.0.email.trim().to_lowercase();
    let found = deps
        .db
        .in_global(async |tx| {
            let Some(user) = store::find_by_email(tx, &email).await? else { return Ok(None) };
            Ok::<_, Problem>(Some(FoundUser {
                can_sign_in: user.password_hash.is_some() || identities::store::has_any(tx, user.id).await?,
                user: UserSummary::from(&user),
            }))
        })
        .await?;
    Ok(InternalReply(found))
}
