//! Gives an account to a person who presented a token that was mailed to its address.

use actix_web::web::Data;
use contracts::{
    identity::PlatformRole,
    internal::users::{ClaimAccount, UserSummary},
    problem::FieldError,
};
use platform::{
    Problem,
    db::GlobalTx,
    http::{Internal, InternalJson, body::InternalReply},
    values,
};

use crate::{
    credentials::{self, Evidence, HandedOver, NewPassword},
    deps::Deps,
    sessions::user_inactive,
    tokens,
    users::{self, AccountType, NewUser, User},
};

/// An account with a proven address does not change. Any other is handed over with the given password.
pub async fn claim(
    _caller: Internal,
    call: InternalJson<ClaimAccount>,
    deps: Data<Deps>,
) -> Result<InternalReply<UserSummary>, Problem> {
    let InternalJson(call) = call;
    let invalid_email = || FieldError::new("email", "invalid_email", "is not an e-mail address");
    let email = values::email(&call.email).ok_or_else(|| Problem::invalid(vec![invalid_email()]))?;
    // Looked at first, so that no password is hashed for nothing.
    let known = deps
        .db
        .in_global(async |tx| match users::find_by_email(tx, &email).await? {
            Some(user) => claimable(tx, user).await.map(Some),
            None => Ok(None),
        })
        .await?;
    if let Some(user) = known.filter(User::is_proven) {
        return Ok(InternalReply(UserSummary::from(&user)));
    }
    let password = call.password.ok_or_else(|| Problem::invalid(vec![password_required()]))?;
    let password =
        NewPassword::parse(&password, "password").map_err(|fault| Problem::invalid(vec![fault]))?;
    let new = NewUser {
        email,
        email_verified: true,
        password_hash: Some(deps.passwords.hash(&password).await?),
        first_name: users::person_name(call.first_name),
        last_name: users::person_name(call.last_name),
        account_type: AccountType::Company,
        platform_role: PlatformRole::None,
    };
    let (user, revoked) = deps
        .db
        .in_global(async |tx| {
            let (user, handed_over) = make_or_take(&deps, tx, &new).await?;
            let revoked = match handed_over {
                Some(handed_over) => handed_over.record(tx).await?,
                None => Vec::new(),
            };
            Ok::<_, Problem>((user, revoked))
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    Ok(InternalReply(UserSummary::from(&user)))
}

/// The person, if their account can be claimed at all.
async fn claimable(tx: &mut GlobalTx<'_>, user: User) -> Result<User, Problem> {
    if users::is_registering(tx, user.id).await? {
        return Err(users::registration_pending());
    }
    if user.may_sign_in() { Ok(user) } else { Err(user_inactive()) }
}

async fn make_or_take(
    deps: &Deps,
    tx: &mut GlobalTx<'_>,
    new: &NewUser,
) -> Result<(User, Option<HandedOver>), Problem> {
    if let Some(made) = users::insert(tx, new).await? {
        return Ok((made, None));
    }
    let gone = || Problem::unavailable("the person with that address was deleted just now");
    let found = users::find_by_email(tx, &new.email).await?.ok_or_else(gone)?;
    let user = users::lock(tx, found.id).await?.ok_or_else(gone)?;
    let user = claimable(tx, user).await?;
    if user.is_proven() {
        return Ok((user, None));
    }
    let handed_over =
        credentials::hand_over(tx, user.id, Evidence::MailedToken, deps.lives.revocable).await?;
    users::set_password(tx, user.id, new.password_hash.as_deref().unwrap_or_default()).await?;
    // Names given now replace those of the unproven registration.
    let first_name = new.first_name.clone().or(user.first_name);
    let last_name = new.last_name.clone().or(user.last_name);
    let user = users::rename(tx, user.id, first_name.as_deref(), last_name.as_deref()).await?;
    Ok((user, Some(handed_over)))
}

fn password_required() -> FieldError {
    FieldError::new("password", "required", "is required for an address that was not confirmed before")
}
