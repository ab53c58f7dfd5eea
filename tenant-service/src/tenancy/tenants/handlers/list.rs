//! Lists tenants.

use actix_web::web::Data;
use contracts::permissions::TenantsList;
use platform::{
    Problem,
    http::{List, PlatformAllowed, list::Rows},
};

use crate::{
    deps::Deps,
    tenancy::tenants::{api::TenantView, store},
};

/// All of the platform's.
pub async fn list(
    _caller: PlatformAllowed<TenantsList>,
    list: List<TenantView>,
    deps: Data<Deps>,
) -> Result<Rows<TenantView>, Problem> {
    let (total, rows) = deps.db.in_global(async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
