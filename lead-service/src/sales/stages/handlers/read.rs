//! Reads a stage.

use actix_web::web::{Data, Path};
use contracts::permissions::PipelinesRead;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body, Fields},
};
use uuid::Uuid;

use super::within;
use crate::{deps::Deps, sales::stages::api::StageView};

/// One stage of the pipeline, with its version.
pub async fn read(
    caller: Allowed<PipelinesRead>,
    path: Path<(Uuid, Uuid)>,
    fields: Fields<StageView>,
    deps: Data<Deps>,
) -> Result<Body<StageView>, Problem> {
    let (pipeline, id) = path.into_inner();
    let stage = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            within(StageView::find(tx, id, &Visibility::All).await?, pipeline)
        })
        .await?;
    let version = stage.version;
    Ok(Body::versioned(stage, version).trimmed(fields.names))
}
