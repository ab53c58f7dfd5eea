//! Lists invitations.

use actix_web::web::Data;
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    people::invitations::{api::InvitationView, store},
};

/// All of the tenant's, whatever became of them.
pub async fn list(
    caller: Allowed<TenantUsersRead>,
    list: List<InvitationView>,
    deps: Data<Deps>,
) -> Result<Rows<InvitationView>, Problem> {
    let (total, rows) = deps.db.in_tenant(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
