//! Lists accounts.

use actix_web::web::Data;
use contracts::permissions::AccountsRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    accounts::{api::AccountView, store},
    deps::Deps,
};

/// Those the caller may see.
pub async fn list(
    caller: Allowed<AccountsRead>,
    list: List<AccountView>,
    deps: Data<Deps>,
) -> Result<Rows<AccountView>, Problem> {
    let visibility = caller.visibility();
    let (total, rows) =
        deps.db.read(caller.tenant(), async |tx| store::page(tx, &list, &visibility).await).await?;
    Ok(list.answer(total, rows))
}
