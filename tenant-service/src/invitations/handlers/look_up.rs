//! Shows what an invitation's link leads to.

use actix_web::web::Data;
use platform::{
    Problem,
    http::{Body, Public, Query},
};

use crate::{
    deps::Deps,
    invitations::{
        api::{InvitationPreview, LookUpInvitation},
        domain::Token,
        store,
    },
    tenants::{self, domain::check_served},
};

/// Whoever holds the link may see it. What can no longer be accepted is 410, what never was an invitation 404.
pub async fn look_up(
    _caller: Public,
    query: Query<LookUpInvitation>,
    deps: Data<Deps>,
) -> Result<Body<InvitationPreview>, Problem> {
    let token = Token::parse(&query.0.token).ok_or_else(Problem::not_found)?;
    deps.db
        .in_tenant(token.tenant(), async |tx| {
            let found = store::by_token(tx, &token.hash()).await?.ok_or_else(Problem::not_found)?;
            found.check_open()?;
            let tenant = tenants::store::find(tx, token.tenant().0).await?;
            check_served(&tenant.status)?;
            Ok(Body::new(InvitationPreview {
                email: found.view.email,
                role: found.view.role,
                status: found.view.status,
                expires_at: found.view.expires_at,
                tenant_id: tenant.id,
                client_id: tenant.client_id,
                tenant_name: tenant.name,
            }))
        })
        .await
}
