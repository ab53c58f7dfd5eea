//! Lists the audit.

use actix_web::web::Data;
use contracts::permissions::AuditRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use super::{api::AuditEntryView, store};
use crate::deps::Deps;

/// Lists the tenant's audit log, independent of the caller's data scope. Actions of its members elsewhere, such as
/// sign-ins, are not included.
pub async fn list(
    caller: Allowed<AuditRead>,
    list: List<AuditEntryView>,
    deps: Data<Deps>,
) -> Result<Rows<AuditEntryView>, Problem> {
    let (total, rows) = deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
