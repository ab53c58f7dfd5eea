//! Sets another password with a link that came by mail.

use actix_web::web::Data;
use contracts::problem::FieldError;
use platform::{
    Problem,
    http::{Json, NoContent, Page, Public},
};
use uuid::Uuid;

use crate::{
    credentials::{
        attempts,
        passwords::{api::ResetPassword, policy::NewPassword},
        proofs::{self, Evidence},
        second_factors,
    },
    deps::Deps,
    mails::{self, EmailTemplate, NewMail},
    security_events::{self, SecurityEvent},
    sessions,
    tokens::{self, NewRevocation, Purpose},
    users,
};

const PAGE: Page = Page::new("Choose a new password", include_str!("reset.html"));

/// The page of the link.
pub async fn page(_caller: Public) -> Result<Page, Problem> {
    Ok(PAGE)
}

/// Ends all sessions of the person. The link proves the address: an account that was unproven until now is handed over.
pub async fn reset(
    caller: Public,
    body: Json<ResetPassword>,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let ResetPassword { token, new_password, password } = body.into_inner();
    let (text, field) = match (new_password, password) {
        (Some(text), None) => (text, "new_password"),
        (None, Some(text)) => (text, "password"),
        (given, _) => return Err(Problem::invalid(vec![one_of_two(given.is_some())])),
    };
    let new = NewPassword::parse(&text, field).map_err(|fault| Problem::invalid(vec![fault]))?;
    // Looked at before, one request with a link after the other, so that no request hashes in vain.
    let request = deps.guard.request(&format!("reset {token}"), caller.client_address()).await?;
    let owner = deps
        .db
        .in_global(async |tx| {
            let owner = tokens::check_one_time_token(tx, &token, Purpose::ResetPassword).await?;
            let user = users::find(tx, owner).await?.filter(users::User::may_sign_in);
            let user = user.ok_or_else(sessions::user_inactive)?;
            request.admit(tx, Some(&user)).await?;
            Ok::<_, Problem>(owner)
        })
        .await?;
    let hash = deps.passwords.hash(&new).await?;
    let (revoked, is_news) = deps
        .db
        .in_global(async |tx| {
            let user = users::lock(tx, owner).await?;
            tokens::spend_one_time_token(tx, &token, Purpose::ResetPassword).await?;
            let user = user.filter(users::User::may_sign_in).ok_or_else(sessions::user_inactive)?;
            tokens::spend_one_time_tokens(tx, user.id, Purpose::ResetPassword).await?;
            // All sessions end below, whether the address was proven before or is by this.
            let handed_over = if user.is_proven() {
                None
            } else {
                Some(proofs::hand_over(tx, user.id, Evidence::MailedToken, deps.lives.revocable).await?)
            };
            users::set_password(tx, user.id, &hash).await?;
            let event = SecurityEvent::PasswordChanged { with: "mailed_link" };
            security_events::record(tx, Some(user.id), &event).await?;
            let subjects = attempts::domain::Subjects::of(&user.email, caller.client_address());
            attempts::store::forget_account(tx, &subjects).await?;
            let template = EmailTemplate::PasswordChanged { first_name: user.first_name.clone() };
            let mail =
                NewMail { id: Uuid::now_v7(), user: Some(user.id), to: &user.email, template: &template };
            mails::queue(tx, &deps, &mail).await?;
            second_factors::store::end_challenges(tx, user.id).await?;
            sessions::revoke_all(tx, user.id).await?;
            let is_news = handed_over.is_some();
            let void = NewRevocation::of_person(user.id, deps.lives.revocable);
            let mut revoked = tokens::record_revocations(tx, &[void]).await?;
            if let Some(handed_over) = handed_over {
                revoked.extend(handed_over.record(tx).await?);
            }
            Ok::<_, Problem>((revoked, is_news))
        })
        .await?;
    tokens::announce_revocations(&deps.redis, revoked).await;
    if is_news {
        proofs::tell(&deps, owner).await;
    }
    Ok(NoContent)
}

fn one_of_two(both: bool) -> FieldError {
    if both {
        FieldError::new("password", "ambiguous", "means the same as new_password: give one of them")
    } else {
        FieldError::new("new_password", "required", "is required")
    }
}
