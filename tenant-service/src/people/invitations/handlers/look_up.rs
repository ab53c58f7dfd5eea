//! Shows what an invitation's link leads to.

use actix_web::web::Data;
use contracts::internal::users::{FindUser, UserSummary};
use platform::{
    Problem,
    http::{Body, Public, Query},
};

use crate::{
    deps::Deps,
    people::invitations::{
        api::{InvitationPreview, LookUpInvitation, Requirement},
        authority,
        domain::Token,
        store::{self, Acceptable, Presented},
    },
    tenancy::{self, TenantView, check_served},
};

/// The holder of the link may see it. An invitation that can no longer be accepted is 410, an unknown one 404. Whether
/// an account with the address exists is shown only to the holder of the mailed link.
pub async fn look_up(
    _caller: Public,
    query: Query<LookUpInvitation>,
    deps: Data<Deps>,
) -> Result<Body<InvitationPreview>, Problem> {
    let token = Token::parse(&query.0.token).ok_or_else(Problem::not_found)?;
    let Found { invitation: found, tenant, .. } = find(&deps, &token).await?;
    let requires = match found.presented {
        Presented::Mailed => {
            let known = deps.peers.call(&FindUser { email: found.view.email.clone() }).await?;
            let is_proven = known.is_some_and(|person| person.email_verified);
            if is_proven { Requirement::Nothing } else { Requirement::Password }
        }
        Presented::Answered | Presented::Replaced => Requirement::SignIn,
    };
    Ok(Body::new(InvitationPreview {
        email: found.view.email,
        role: found.view.role,
        status: found.view.status,
        requires,
        expires_at: found.view.expires_at,
        tenant_id: tenant.id,
        client_id: tenant.client_id,
        tenant_name: tenant.name,
    }))
}

/// An invitation that can be accepted now.
pub(super) struct Found {
    /// It.
    pub(super) invitation: Acceptable,
    /// What auth-service says of its giver, if that is a person.
    pub(super) giver: Option<UserSummary>,
    tenant: TenantView,
}

/// The invitation of a token.
///
/// # Errors
/// 404 for what never was a token, 410 for what is over, 403 while the tenant is not served.
pub(super) async fn find(deps: &Deps, token: &Token) -> Result<Found, Problem> {
    let (invitation, tenant) = deps
        .db
        .in_tenant(token.tenant(), async |tx| {
            let invitation = store::by_token(tx, &token.hash()).await?.ok_or_else(Problem::not_found)?;
            invitation.check_open()?;
            let tenant = tenancy::find_tenant(tx, token.tenant().0).await?;
            check_served(&tenant.status)?;
            Ok::<_, Problem>((invitation, tenant))
        })
        .await?;
    let giver = match invitation.giver.person() {
        Some(person) => deps.people.ask(person).await?,
        None => None,
    };
    deps.db
        .in_tenant(token.tenant(), async |tx| {
            authority::check(tx, invitation.giver, giver.as_ref(), invitation.role_id).await
        })
        .await?;
    Ok(Found { invitation, giver, tenant })
}
