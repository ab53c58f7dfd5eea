//! Handler that returns a record's owners.

use actix_web::web::Data;
use contracts::{
    UserId,
    internal::owners::{FindOwners, FoundOwners},
};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use super::{domain::listing, store};
use crate::deps::Deps;

/// None for a record or a kind of records that does not exist.
pub async fn find(
    _caller: Internal,
    call: InternalJson<FindOwners>,
    deps: Data<Deps>,
) -> Result<InternalReply<Option<FoundOwners>>, Problem> {
    let InternalJson(FindOwners { tenant_id, kind, id }) = call;
    let Some(listing) = listing(&kind) else { return Ok(InternalReply(None)) };
    let owners = deps
        .db
        .in_tenant(tenant_id, async |tx| store::find(tx, listing, id).await.map_err(Problem::from))
        .await?;
    let found = |owners: Vec<_>| FoundOwners { owners: owners.into_iter().map(UserId).collect() };
    Ok(InternalReply(owners.map(found)))
}
