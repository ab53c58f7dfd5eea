//! Lists accounts of outside workers.

use actix_web::web::Data;
use contracts::permissions::ServiceAccountsManage;
use platform::{
    Problem,
    http::{List, PlatformAllowed, list::Rows},
};

use crate::{
    deps::Deps,
    service_accounts::{api::ServiceAccountView, store},
};

/// Never with a secret.
pub async fn list(
    _caller: PlatformAllowed<ServiceAccountsManage>,
    list: List<ServiceAccountView>,
    deps: Data<Deps>,
) -> Result<Rows<ServiceAccountView>, Problem> {
    let (total, rows) = deps.db.in_global(async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
