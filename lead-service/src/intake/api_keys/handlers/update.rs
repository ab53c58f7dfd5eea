//! Changes what a key may do.

use actix_web::web::{Data, Path};
use contracts::permissions::{ApiKeysRead, ApiKeysUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, MergePatch, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::api_keys::{
        ENTITY,
        api::{ApiKeyView, WriteApiKey},
        changes,
        domain::ApiKeyFields,
        store,
    },
};

/// Takes hold at once.
pub async fn update(
    caller: Allowed<ApiKeysUpdate, Shows<ApiKeysRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteApiKey>,
    deps: Data<Deps>,
) -> Result<Body<Shown<ApiKeyView>>, Problem> {
    let key = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id).await?;
            if_match.check(before.version)?;
            let fields = ApiKeyFields::parse(patch.apply(&before)?)?;
            let after = store::update(tx, *id, &fields).await?;
            outbox::record(tx, Change::updated(ENTITY, *id, &before, &after, &[])).await?;
            Ok::<_, Problem>(after)
        })
        .await?;
    changes::announce(&deps, caller.tenant()).await;
    Ok(Body::shown(&caller, key))
}
