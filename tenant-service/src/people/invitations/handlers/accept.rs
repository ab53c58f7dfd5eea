//! Accepts an invitation.

use actix_web::web::Data;
use contracts::{UserId, internal::users::ClaimAccount, problem::ProblemBody};
use platform::{
    Problem,
    client::CallError,
    db::TenantTx,
    http::{Answer, Body, Json, Page, Public, Visitor},
    values,
};

use super::look_up::{self, Found};
use crate::{
    deps::Deps,
    people::{
        invitations::{
            api::{AcceptInvitation, AcceptedInvitation},
            authority,
            domain::{Token, address_unproven, already_member, not_for_you, sign_in_required, user_inactive},
            events,
            store::{self, Acceptable, Presented},
        },
        memberships::{
            self,
            api::Membership,
            joining::{self, Joining},
            seats,
        },
        proven_people,
    },
    tenancy::{self, check_served},
};

const PAGE: Page = Page::new("Accept an invitation", include_str!("accept.html"));

/// The page of the link.
pub async fn page(_caller: Public) -> Result<Page, Problem> {
    Ok(PAGE)
}

/// A mailed token proves the address: with it a password is set where the address was not proven before. Any other token
/// requires a session of the account with the invited, proven address. A signed-in user must be the one who is
/// invited. The token is spent in the transaction that makes the membership, once.
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
    let Found { invitation, giver, .. } = look_up::find(&deps, &token).await?;
    let user = identify(&deps, caller.user(), body, &invitation).await?;
    let answer = deps
        .db
        .once(token.tenant(), async |tx| {
            memberships::store::serialise(tx).await?;
            let invitation = store::by_token(tx, &token.hash()).await?.ok_or_else(Problem::not_found)?;
            invitation.check_open()?;
            let tenant = tenancy::find_tenant(tx, token.tenant().0).await?;
            check_served(&tenant.status)?;
            authority::check(tx, invitation.giver, giver.as_ref(), invitation.role_id).await?;
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
    // The teams of all members above have a new member.
    deps.forget_access(token.tenant(), None).await;
    deps.forget_access(token.tenant(), user).await;
    deps.tenant_changed.notify_one();
    Ok(answer)
}

/// Identifies the invited person; the account or the token proves the address.
async fn identify(
    deps: &Deps,
    signed_in: Option<UserId>,
    body: AcceptInvitation,
    invitation: &Acceptable,
) -> Result<UserId, Problem> {
    if let Some(user) = signed_in {
        let unknown = || Problem::unavailable("auth-service does not describe who is signed in");
        let person = deps.people.ask(user).await?.ok_or_else(unknown)?;
        if values::email_or_text(&person.email) != values::email_or_text(&invitation.view.email) {
            return Err(not_for_you());
        }
        if person.email_verified {
            return if person.active { Ok(user) } else { Err(user_inactive()) };
        }
    }
    match (invitation.presented, signed_in) {
        (Presented::Mailed, _) => claim(deps, body, invitation).await,
        (Presented::Answered | Presented::Replaced, Some(_)) => Err(address_unproven()),
        (Presented::Answered | Presented::Replaced, None) => Err(sign_in_required()),
    }
}

/// The person with the invited address, which the mailed token proves.
async fn claim(deps: &Deps, body: AcceptInvitation, invitation: &Acceptable) -> Result<UserId, Problem> {
    let call = ClaimAccount {
        email: invitation.view.email.clone(),
        first_name: body.first_name.or_else(|| invitation.first_name.clone()),
        last_name: body.last_name.or_else(|| invitation.last_name.clone()),
        password: body.password,
    };
    match deps.peers.call(&call).await {
        Ok(person) => Ok(person.id),
        Err(CallError::Refused(_, problem)) => Err(refused(*problem)),
        Err(error @ CallError::Away(..)) => Err(error.into()),
    }
}

/// What auth-service has against the account or the password is for the caller to know.
fn refused(problem: ProblemBody) -> Problem {
    match problem.status {
        400 => Problem::invalid(problem.errors),
        403 => user_inactive(),
        status => Problem::internal(format!("auth-service answered {status} {}", problem.code)),
    }
}

async fn admit(tx: &mut TenantTx<'_>, invitation: &Acceptable, user: UserId) -> Result<Membership, Problem> {
    if memberships::store::of_user(tx, user).await?.is_some() {
        return Err(already_member());
    }
    seats::check(tx, seats::Counting::Taken).await?;
    let joining = Joining {
        user,
        role: invitation.role_id,
        department: invitation.view.department.as_deref(),
        reports_to: invitation.view.reports_to,
        invited_by: invitation.view.invited_by,
    };
    let member = joining::join(tx, &joining).await?;
    proven_people::store::insert(tx, user).await?;
    proven_people::store::judge_tenant(tx).await?;
    Ok(member)
}
