//! Adds a waterfall.

use actix_web::web::Data;
use contracts::permissions::{EnrichmentRead, WaterfallsManage};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Shown, Shows},
};

use super::check_steps;
use crate::{
    deps::Deps,
    waterfalls::{
        ENTITY,
        api::{WaterfallView, WriteWaterfall},
        domain::WaterfallFields,
        store,
    },
};

/// A new default one takes that from the one before.
pub async fn create(
    caller: Allowed<WaterfallsManage, Shows<EnrichmentRead>>,
    body: Json<WriteWaterfall>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<WaterfallView>>>, Problem> {
    let write = body.into_inner();
    let fields = WaterfallFields::parse(write.clone())?;
    deps.db
        .once(caller.tenant(), async |tx| {
            check_steps(tx, &write).await?;
            let mut changes = Vec::new();
            if fields.is_default {
                for (before, after) in store::take_default(tx, fields.enrichment_type, None).await? {
                    changes.extend(Change::updated(ENTITY, after.id, &before, &after, &[]));
                }
            }
            let waterfall = store::insert(tx, &fields, Some(caller.user().0)).await?;
            changes.push(Change::created(ENTITY, waterfall.id, &waterfall));
            outbox::record(tx, changes).await?;
            Ok(Created::shown(&caller, "/api/v2/enrichment/waterfalls", waterfall))
        })
        .await
}
