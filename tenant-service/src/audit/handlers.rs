//! Lists the audit.

use actix_web::web::Data;
use contracts::permissions::AuditRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use super::{api::AuditEntryView, store};
use crate::deps::Deps;

/// All of the tenant's, whatever the caller's data scope: what was done in this tenant, and by whom. What its members do
/// elsewhere, signing in included, is not in it.
pub async fn list(
    caller: Allowed<AuditRead>,
    list: List<AuditEntryView>,
    deps: Data<Deps>,
) -> Result<Rows<AuditEntryView>, Problem> {
    let (total, rows) = deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
