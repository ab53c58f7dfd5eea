//! Answers lead-service.

use actix_web::web::Data;
use contracts::internal::enrichments::{AccountEnrichment, ReadAccountEnrichment};
use platform::{
    Problem,
    http::{Internal, InternalJson, body::InternalReply},
};

use super::store;
use crate::deps::Deps;

/// An unknown account has no enrichments.
pub async fn read(
    _caller: Internal,
    call: InternalJson<ReadAccountEnrichment>,
    deps: Data<Deps>,
) -> Result<InternalReply<Vec<AccountEnrichment>>, Problem> {
    let InternalJson(call) = call;
    let enrichments =
        deps.db.in_tenant(call.tenant_id, async |tx| store::of_account(tx, call.account_id).await).await?;
    Ok(InternalReply(enrichments))
}
