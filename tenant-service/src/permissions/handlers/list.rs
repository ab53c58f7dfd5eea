//! Lists permissions.

use actix_web::web::Data;
use contracts::permissions::RolesRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    permissions::{api::PermissionView, store},
};

/// Every route that demands one.
pub async fn list(
    caller: Allowed<RolesRead>,
    list: List<PermissionView>,
    deps: Data<Deps>,
) -> Result<Rows<PermissionView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
