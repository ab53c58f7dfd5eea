//! Reads a provider.

use actix_web::web::{Data, Path};
use contracts::permissions::EnrichmentProvidersManage;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, Body, WholeTenant},
};
use uuid::Uuid;

use crate::{deps::Deps, providers::api::ProviderView};

/// One with its version, without its credentials.
pub async fn read(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<ProviderView>, Problem> {
    let provider = ProviderView::look_up(&deps.db, caller.tenant(), *id, &Visibility::All).await?;
    let version = provider.version;
    Ok(Body::versioned(provider, version))
}
