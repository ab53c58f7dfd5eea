//! Lists the customers that belong to a segment.

use actix_web::web::{Data, Path};
use contracts::permissions::CustomersRead;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, List, list::Rows},
};
use uuid::Uuid;

use crate::{
    customers::{
        api::CustomerView,
        segments::{api::SegmentView, store},
    },
    deps::Deps,
};

/// Those the caller may see; a list of customers like any other.
pub async fn members(
    caller: Allowed<CustomersRead>,
    id: Path<Uuid>,
    list: List<CustomerView>,
    deps: Data<Deps>,
) -> Result<Rows<CustomerView>, Problem> {
    let (visibility, zone) = (caller.visibility(), caller.time_zone());
    let (total, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let segment = SegmentView::find(tx, *id, &Visibility::All).await?;
            store::members(tx, &segment.criteria, &list, &visibility, zone).await
        })
        .await?;
    Ok(list.answer(total, rows))
}
