//! Lists webhook endpoints.

use actix_web::web::Data;
use contracts::permissions::WebhookEndpointsRead;
use platform::{
    Problem,
    http::{Allowed, List, list::Rows},
};

use crate::{
    deps::Deps,
    webhook_endpoints::{api::WebhookEndpointView, store},
};

/// Lists all endpoints of the tenant, independent of the data scope.
pub async fn list(
    caller: Allowed<WebhookEndpointsRead>,
    list: List<WebhookEndpointView>,
    deps: Data<Deps>,
) -> Result<Rows<WebhookEndpointView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}
