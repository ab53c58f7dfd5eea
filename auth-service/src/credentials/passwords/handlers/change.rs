//! Changes a person's own password.

use actix_web::web::Data;
use contracts::problem::FieldError;
use platform::{
    Problem,
    http::{Json, NoContent, SignedIn},
};
use uuid::Uuid;

use crate::{
    credentials::{
        passwords::{api::ChangePassword, policy::NewPassword},
        second_factors,
    },
    deps::Deps,
    mails::{self, EmailTemplate, NewMail},
    security_events::{self, SecurityEvent},
    sessions,
    tokens::{self, NewRevocation},
    users,
};

/// Ends all sessions of the person but the one that asks.
pub async fn change(
    caller: SignedIn,
    body: Json<ChangePassword>,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let ChangePassword { current_password, new_password } = body.into_inner();
    let new =
        NewPassword::parse(&new_password, "new_password").map_err(|fault| Problem::invalid(vec![fault]))?;
    // Guessing on an unlocked device is limited like guessing at sign-in.
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
    let Some(kept) = &user.password_hash else { return Err(no_password()) };
    if !deps.passwords.verify(&current_password, Some(kept)).await? {
        attempt.failed(&deps.db, Some(user.id), "wrong_password").await?;
        return Err(wrong_password());
    }
    let hash = deps.passwords.hash(&new).await?;
    let revoked = deps
        .db
        .in_global(async |tx| {
            // Taken only while the password is still the one that was checked.
            if !users::replace_password(tx, user.id, kept, &hash).await? {
                return Err(wrong_password());
            }
            attempt.succeeded(tx).await?;
            security_events::record(tx, Some(user.id), &SecurityEvent::PasswordChanged { with: "password" })
                .await?;
            let template = EmailTemplate::PasswordChanged { first_name: user.first_name.clone() };
            let mail =
                NewMail { id: Uuid::now_v7(), user: Some(user.id), to: &user.email, template: &template };
            mails::queue(tx, &deps, &mail).await?;
            second_factors::store::end_challenges(tx, user.id).await?;
            let ended = sessions::revoke_others(tx, user.id, caller.session()).await?;
            let void: Vec<_> = ended
                .into_iter()
                .map(|session| NewRevocation::of_session(session, deps.lives.revocable))
                .collect();
            Ok(tokens::record_revocations(tx, &void).await?)
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    Ok(NoContent)
}

fn wrong_password() -> Problem {
    Problem::invalid(vec![FieldError::new(
        "current_password",
        "wrong_password",
        "is not the password so far",
    )])
}

fn no_password() -> Problem {
    Problem::unprocessable("no_password", "This account has no password: it signs in with another service.")
}
