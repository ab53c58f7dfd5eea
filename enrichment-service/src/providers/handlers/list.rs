//! Lists providers.

use actix_web::web::Data;
use contracts::permissions::EnrichmentProvidersManage;
use platform::{
    Problem,
    db::{Stored, Visibility},
    http::{Allowed, List, WholeTenant, list::Rows},
};

use crate::{deps::Deps, providers::api::ProviderView};

/// All of the tenant's.
pub async fn list(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    list: List<ProviderView>,
    deps: Data<Deps>,
) -> Result<Rows<ProviderView>, Problem> {
    let (total, rows) =
        ProviderView::look_up_page(&deps.db, caller.tenant(), &list, &Visibility::All).await?;
    Ok(list.answer(total, rows))
}
