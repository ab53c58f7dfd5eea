//! Accepts an invitation.

use actix_web::web::Data;
use contracts::{
    UserId,
    internal::users::{EnsureUser, FindUser},
    problem::ProblemBody,
};
use platform::{
    Problem,
    client::CallError,
    db::TenantTx,
    http::{Answer, Body, Json, Page, Public, Visitor},
};

use crate::{
    deps::Deps,
    invitations::{
        api::{AcceptInvitation, AcceptedInvitation},
        domain::{Token, already_member, not_for_you, password_required},
        events,
        store::{self, Acceptable},
    },
    memberships::{
        self,
        api::Membership,
        joining::{self, Joining},
        seats,
    },
    tenants::{self, domain::check_served},
};

const PAGE: Page = Page::new("Accept an invitation", include_str!("accept.html"));

/// The page of the link.
pub async fn page(_caller: Public) -> Result<Page, Problem> {
    Ok(PAGE)
}

/// Holding the link shows that the address is one's own. Somebody who is signed in must be the one who is invited;
/// somebody who has nothing to sign in with chooses a password. The token is spent in the transaction that makes the
/// membership, once.
pub async fn accept(
    caller: Visitor,
    body: Json<AcceptInvitation>,
    deps: Data<Deps>,
) -> Result<Answer<Body<AcceptedInvitation>>, Problem> {
    let body = body.into_inner();
    let token = Token::parse(&body.token).ok_or_else(Problem::not_found)?;
    if let Some(answer) = deps.answered_before(token.tenant()).await? {
        return Ok(answer);
    }
    let invitation = deps
        .db
        .in_tenant(token.tenant(), async |tx| {
            let found = store::by_token(tx, &token.hash()).await?.ok_or_else(Problem::not_found)?;
            found.check_open()?;
            Ok::<_, Problem>(found)
        })
        .await?;
    let user = match caller.user() {
        Some(user) => signed_in(&deps, user, &invitation).await?,
        None => by_link(&deps, body, &invitation).await?,
    };
    let answer = deps
        .db
        .once(token.tenant(), async |tx| {
            memberships::store::serialise(tx).await?;
            let invitation = store::by_token(tx, &token.hash()).await?.ok_or_else(Problem::not_found)?;
            invitation.check_open()?;
            let tenant = tenants::store::find(tx, token.tenant().0).await?;
            check_served(&tenant.status)?;
            let member = admit(tx, &invitation, user).await?;
            let after = store::accept(tx, invitation.view.id, user.0).await?;
            events::updated(tx, &invitation.view, &after).await?;
            Ok(Body::new(AcceptedInvitation {
                invitation_id: after.id,
                user_id: user.0,
                email: after.email,
                membership_id: member.id,
                role: member.role,
                tenant_id: tenant.id,
                client_id: tenant.client_id,
                tenant_name: tenant.name,
            }))
        })
        .await?;
    // The teams of everybody above have a new member, too.
    deps.forget_access(token.tenant(), None).await;
    deps.forget_access(token.tenant(), user).await;
    Ok(answer)
}

/// The signed-in person, if the invitation is for them.
async fn signed_in(deps: &Deps, user: UserId, invitation: &Acceptable) -> Result<UserId, Problem> {
    let unknown = || Problem::unavailable("auth-service does not describe who is signed in");
    let person = deps.people.find(user).await.ok_or_else(unknown)?;
    if person.email.eq_ignore_ascii_case(&invitation.view.email) { Ok(user) } else { Err(not_for_you()) }
}

/// The person with the invited address, with an account made for them if they have none.
async fn by_link(deps: &Deps, body: AcceptInvitation, invitation: &Acceptable) -> Result<UserId, Problem> {
    let email = invitation.view.email.clone();
    if body.password.is_none() {
        let found = deps.peers.call(&FindUser { email }).await?;
        let found = found.filter(|found| found.can_sign_in).ok_or_else(password_required)?;
        return if found.user.active { Ok(found.user.id) } else { Err(inactive()) };
    }
    let call = EnsureUser {
        email,
        first_name: body.first_name.or_else(|| invitation.first_name.clone()),
        last_name: body.last_name.or_else(|| invitation.last_name.clone()),
        password: body.password,
    };
    match deps.peers.call(&call).await {
        Ok(person) if person.active => Ok(person.id),
        Ok(_) => Err(inactive()),
        Err(CallError::Refused(_, problem)) => Err(refused(*problem)),
        Err(error @ CallError::Away(..)) => Err(error.into()),
    }
}

fn inactive() -> Problem {
    Problem::forbidden("user_inactive", "This account may not sign in.")
}

/// What auth-service has against the password is the caller's to hear.
fn refused(problem: ProblemBody) -> Problem {
    match problem.status {
        400 => Problem::invalid(problem.errors),
        409 => Problem::conflict("account_pending", problem.detail),
        status => Problem::internal(format!("auth-service answered {status} {}", problem.code)),
    }
}

async fn admit(tx: &mut TenantTx<'_>, invitation: &Acceptable, user: UserId) -> Result<Membership, Problem> {
    match memberships::store::of_user(tx, user).await? {
        Some(member) if invitation.is_for_member => Ok(member),
        Some(_) => Err(already_member()),
        None => {
            seats::check(tx, seats::Counting::Taken).await?;
            let joining = Joining {
                user,
                role: invitation.role_id,
                department: invitation.view.department.as_deref(),
                reports_to: invitation.view.reports_to,
                invited_by: invitation.view.invited_by,
            };
            joining::join(tx, &joining).await
        }
    }
}
