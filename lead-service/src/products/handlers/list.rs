//! Lists products.

use actix_web::web::Data;
use contracts::permissions::ProductsRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    products::{api::ProductView, store},
};

/// Everybody who may read products sees all of the tenant's.
pub async fn list(
    caller: Allowed<ProductsRead>,
    list: List<ProductView>,
    deps: Data<Deps>,
) -> Result<Rows<ProductView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
