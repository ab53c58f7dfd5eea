//! Deletes and restores a custom column.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::{CustomColumnsManage, EnrichmentRead};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Answer, Body, IfMatch, NoContent, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    columns::{ENTITY, api::CustomColumnView},
    deps::Deps,
};

/// Softly: it can be restored, with its values.
pub async fn archive(
    caller: Allowed<CustomColumnsManage>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let column = CustomColumnView::lock(tx, *id, &Visibility::All).await?;
            if_match.check(column.version)?;
            CustomColumnView::set_deleted(tx, *id, Some(Utc::now())).await?;
            outbox::record(tx, vec![Change::deleted(ENTITY, *id, &column)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 404 when it is not deleted.
pub async fn restore(
    caller: Allowed<CustomColumnsManage, Shows<EnrichmentRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<CustomColumnView>>>, Problem> {
    deps.db
        .once(caller.tenant(), async |tx| {
            CustomColumnView::lock_deleted(tx, *id, &Visibility::All).await?;
            let column = CustomColumnView::set_deleted(tx, *id, None).await?;
            outbox::record(tx, Change::of(Change::restored(ENTITY, *id), &column)).await?;
            Ok(Body::shown(&caller, column))
        })
        .await
}
