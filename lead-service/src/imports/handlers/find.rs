//! Lists imports and reads one.

use actix_web::web::{Data, Path};
use contracts::permissions::ImportsRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, Fields, List, access::TenantCaller, list::Rows},
};
use uuid::Uuid;

use super::of_files;
use crate::{deps::Deps, imports::api::ImportView};

/// Those the caller may see.
pub async fn list(
    caller: Allowed<ImportsRead>,
    list: List<ImportView>,
    deps: Data<Deps>,
) -> Result<Rows<ImportView>, Problem> {
    let visibility = caller.visibility();
    let (total, rows) =
        deps.db.in_tenant(caller.tenant(), async |tx| ImportView::page(tx, &list, &visibility).await).await?;
    Ok(list.answer(total, rows.into_iter().map(|import| shown(&caller, import)).collect()))
}

/// An import of which the caller does not see the rows has no address of those with errors.
fn shown(caller: &TenantCaller, import: ImportView) -> ImportView {
    let sees_rows = of_files(caller).covers(&[Some(import.created_by)]);
    ImportView { error_file: import.error_file.filter(|_| sees_rows), ..import }
}

/// One, with how far it is.
pub async fn read(
    caller: Allowed<ImportsRead>,
    id: Path<Uuid>,
    fields: Fields<ImportView>,
    deps: Data<Deps>,
) -> Result<Body<ImportView>, Problem> {
    let visibility = caller.visibility();
    let import = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            ImportView::find(tx, *id, &visibility).await.map_err(Problem::from)
        })
        .await?;
    Ok(Body::new(shown(&caller, import)).trimmed(fields.names))
}
