//! Finds or makes the person with an e-mail address, for an invitation.

use actix_web::web::Data;
use contracts::{
    identity::PlatformRole,
    internal::users::{EnsureUser, Revocation, UserSummary},
    problem::FieldError,
};
use platform::{
    Problem,
    db::GlobalTx,
    http::{Internal, InternalJson, body::InternalReply},
    values,
};

use crate::{
    deps::Deps,
    passwords::NewPassword,
    registrations,
    revocations::{self, domain::NewRevocation},
    sessions,
    users::{
        User,
        domain::{self, AccountType, NewUser},
        store,
    },
};

/// A password is set only for somebody who has none or never proved that the address is theirs; the caller made sure
/// that it is. Whoever registered with somebody else's address before is locked out by that.
pub async fn ensure(
    _caller: Internal,
    call: InternalJson<EnsureUser>,
    deps: Data<Deps>,
) -> Result<InternalReply<UserSummary>, Problem> {
    let InternalJson(call) = call;
    let invalid_email = || FieldError::new("email", "invalid_email", "is not an e-mail address");
    let email = values::email(&call.email).ok_or_else(|| Problem::invalid(vec![invalid_email()]))?;
    let password = call.password.map(|text| NewPassword::parse(&text, "password")).transpose();
    let password_hash = match password.map_err(|fault| Problem::invalid(vec![fault]))? {
        Some(password) => Some(deps.passwords.hash(&password).await?),
        None => None,
    };
    let new = NewUser {
        email,
        email_verified: password_hash.is_some(),
        password_hash,
        first_name: domain::name(call.first_name),
        last_name: domain::name(call.last_name),
        account_type: AccountType::Company,
        platform_role: PlatformRole::None,
    };
    let (user, revoked) = deps.db.in_global(async |tx| find_or_make(&deps, tx, &new).await).await?;
    revocations::announce(&deps.redis, revoked).await;
    Ok(InternalReply(UserSummary::from(&user)))
}

async fn find_or_make(
    deps: &Deps,
    tx: &mut GlobalTx<'_>,
    new: &NewUser,
) -> Result<(User, Vec<Revocation>), Problem> {
    if let Some(made) = store::insert(tx, new).await? {
        return Ok((made, Vec::new()));
    }
    let gone = || Problem::unavailable("the person with that address was deleted just now");
    let found = store::find_by_email(tx, &new.email).await?.ok_or_else(gone)?;
    let user = store::lock(tx, found.id).await?.ok_or_else(gone)?;
    if registrations::store::find(tx, user.id).await?.is_some() {
        return Err(registrations::domain::pending());
    }
    match &new.password_hash {
        Some(hash) if user.password_hash.is_none() || user.email_verified_at.is_none() => {
            let had_password = user.password_hash.is_some();
            let first_name = user.first_name.or_else(|| new.first_name.clone());
            let last_name = user.last_name.or_else(|| new.last_name.clone());
            let user = store::equip(tx, user.id, hash, first_name.as_deref(), last_name.as_deref()).await?;
            if !had_password {
                return Ok((user, Vec::new()));
            }
            sessions::store::revoke_all(tx, user.id).await?;
            let void = NewRevocation::of_person(user.id, deps.lives.revocable);
            let revoked = revocations::store::record(tx, &[void]).await?;
            Ok((user, revoked))
        }
        _ => Ok((user, Vec::new())),
    }
}
