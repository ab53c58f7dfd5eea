//! Lists roles.

use actix_web::web::Data;
use contracts::permissions::RolesRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    people::roles::{api::RoleView, store},
};

/// Lists all roles that can be assigned in the tenant.
pub async fn list(
    caller: Allowed<RolesRead>,
    list: List<RoleView>,
    deps: Data<Deps>,
) -> Result<Rows<RoleView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
