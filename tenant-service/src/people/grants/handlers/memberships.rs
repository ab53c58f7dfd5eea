//! Handler that lists a user's memberships for other services.

use actix_web::web::Data;
use contracts::internal::tenants::{ListMemberships, MembershipSummary};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use crate::{deps::Deps, people::grants::store};

/// Their active memberships in tenants that were not deleted, oldest first.
pub async fn list(
    _caller: Internal,
    call: InternalJson<ListMemberships>,
    deps: Data<Deps>,
) -> Result<InternalReply<Vec<MembershipSummary>>, Problem> {
    let user = call.0.user_id;
    let rows =
        deps.db.in_system(async |tx| store::memberships(tx, user).await.map_err(Problem::from)).await?;
    rows.into_iter().map(store::MembershipRow::into_summary).collect::<Result<_, _>>().map(InternalReply)
}
