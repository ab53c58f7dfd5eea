//! Lists and reads submissions.

use actix_web::web::{Data, Path};
use contracts::permissions::IngestsRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Fields, List, list::Rows},
};
use uuid::Uuid;

use crate::{deps::Deps, intake::ingests::api::IngestEntryView, people::following_merges_in};

/// Those the caller may see.
pub async fn list(
    caller: Allowed<IngestsRead>,
    list: List<IngestEntryView>,
    deps: Data<Deps>,
) -> Result<Rows<IngestEntryView>, Problem> {
    let visibility = caller.visibility();
    let list = following_merges_in(&deps.db, caller.tenant(), list, &["lead_id"]).await?;
    let (total, rows) = deps
        .db
        .in_tenant(caller.tenant(), async |tx| IngestEntryView::page(tx, &list, &visibility).await)
        .await?;
    Ok(list.answer(total, rows))
}

/// One with all that was sent.
pub async fn read(
    caller: Allowed<IngestsRead>,
    id: Path<Uuid>,
    fields: Fields<IngestEntryView>,
    deps: Data<Deps>,
) -> Result<Body<IngestEntryView>, Problem> {
    let visibility = caller.visibility();
    let entry = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            IngestEntryView::find(tx, *id, &visibility).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(entry).trimmed(fields.names))
}
