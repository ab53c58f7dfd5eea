//! Lists and reads runs.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    db::Stored,
    http::{Allowed, Body, List, list::Rows},
};
use uuid::Uuid;

use crate::{deps::Deps, runs::api::RunView};

/// Those that the caller may see: those who see records of their own see the runs that they started.
pub async fn list(
    caller: Allowed<EnrichmentRead>,
    list: List<RunView>,
    deps: Data<Deps>,
) -> Result<Rows<RunView>, Problem> {
    let (total, rows) = RunView::look_up_page(&deps.db, caller.tenant(), &list, &caller.visibility()).await?;
    Ok(list.answer(total, rows))
}

/// One with its counts.
pub async fn read(
    caller: Allowed<EnrichmentRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<RunView>, Problem> {
    let run = RunView::look_up(&deps.db, caller.tenant(), *id, &caller.visibility()).await?;
    let version = run.version;
    Ok(Body::versioned(run, version))
}
