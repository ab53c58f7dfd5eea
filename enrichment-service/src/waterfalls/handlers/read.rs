//! Reads a waterfall.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentRead;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{deps::Deps, waterfalls::api::WaterfallView};

/// One with its version.
pub async fn read(
    caller: Allowed<EnrichmentRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<WaterfallView>, Problem> {
    let waterfall = WaterfallView::look_up(&deps.db, caller.tenant(), *id, &Visibility::All).await?;
    let version = waterfall.version;
    Ok(Body::versioned(waterfall, version))
}
