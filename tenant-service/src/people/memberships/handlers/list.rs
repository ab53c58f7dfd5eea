//! Lists the tenant's members.

use actix_web::web::Data;
use contracts::permissions::TenantUsersRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    people::memberships::{api::TenantUserView, store},
};

/// All of them, whatever the caller's data scope.
pub async fn list(
    caller: Allowed<TenantUsersRead>,
    list: List<TenantUserView>,
    deps: Data<Deps>,
) -> Result<Rows<TenantUserView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, deps.people.name(rows).await))
}
