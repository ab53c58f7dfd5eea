//! Reads an invitation.

use actix_web::web::{Data, Path};
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    people::invitations::{api::InvitationView, store},
};

/// One invitation with its version, without its link.
pub async fn read(
    caller: Allowed<TenantUsersRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<InvitationView>, Problem> {
    let invitation = deps
        .db
        .in_tenant(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from))
        .await?;
    let version = invitation.version;
    Ok(Body::versioned(invitation, version))
}
