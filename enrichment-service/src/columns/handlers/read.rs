//! Lists and reads custom columns.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body, List, list::Rows},
};
use uuid::Uuid;

use crate::{columns::api::CustomColumnView, deps::Deps};

/// All of the tenant's.
pub async fn list(
    caller: Allowed<EnrichmentRead>,
    list: List<CustomColumnView>,
    deps: Data<Deps>,
) -> Result<Rows<CustomColumnView>, Problem> {
    let (total, rows) =
        CustomColumnView::look_up_page(&deps.db, caller.tenant(), &list, &Visibility::All).await?;
    Ok(list.answer(total, rows))
}

/// One with its version.
pub async fn read(
    caller: Allowed<EnrichmentRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<CustomColumnView>, Problem> {
    let column = CustomColumnView::look_up(&deps.db, caller.tenant(), *id, &Visibility::All).await?;
    let version = column.version;
    Ok(Body::versioned(column, version))
}
