//! Lists presets.

use contracts::permissions::EnrichmentProvidersManage;
use platform::{
    Problem,
    http::{Allowed, Body},
};

use crate::providers::presets::{PresetsView, all};

/// The same for every tenant.
pub async fn presets(_caller: Allowed<EnrichmentProvidersManage>) -> Result<Body<PresetsView>, Problem> {
    Ok(Body::new(all()))
}
