//! Lists the audit, and takes in what other services saw.

use actix_web::web::Data;
use contracts::{
    TenantId,
    internal::audit::{Concern, RecordOccurrences, RecordedOccurrences},
    permissions::AuditRead,
};
use platform::{
    Problem,
    http::{Allowed, Internal, InternalJson, List, body::InternalReply, list::Rows},
};

use super::{api::AuditEntryView, store};
use crate::deps::Deps;

/// All of the tenant's, whatever the caller's data scope.
pub async fn list(
    caller: Allowed<AuditRead>,
    list: List<AuditEntryView>,
    deps: Data<Deps>,
) -> Result<Rows<AuditEntryView>, Problem> {
    let (total, rows) = deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// What concerns a person goes to each tenant they belong to. Idempotent by the occurrence's id.
pub async fn record(
    caller: Internal,
    call: InternalJson<RecordOccurrences>,
    deps: Data<Deps>,
) -> Result<InternalReply<RecordedOccurrences>, Problem> {
    let mut recorded = 0;
    for occurrence in &call.0.occurrences {
        let tenants = match occurrence.concerns {
            Concern::Tenant { id } => vec![id.0],
            Concern::Person { id } => {
                deps.db.in_system(async |tx| store::tenants_of(tx, id).await.map_err(Problem::from)).await?
            }
        };
        let entry = [store::Entry::handed_in(occurrence, caller.from)];
        let portions = tenants.into_iter().map(|tenant| (TenantId(tenant), &entry));
        let written =
            deps.db.in_tenants(portions, async |tx, entry| Ok(store::insert(tx, entry).await?)).await?;
        recorded += written.into_iter().sum::<usize>();
    }
    Ok(InternalReply(RecordedOccurrences { recorded }))
}
