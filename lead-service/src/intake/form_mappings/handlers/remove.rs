//! Removes a key's form mapping.

use actix_web::web::{Data, Path};
use contracts::permissions::ApiKeysUpdate;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, IfMatch, NoContent},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::{
        api_keys,
        form_mappings::{ENTITY, store},
    },
};

/// Its submissions are read by the names of their fields from now on.
pub async fn remove(
    caller: Allowed<ApiKeysUpdate>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let key = api_keys::store::lock(tx, *id).await?;
            let mapping = store::find(tx, key.id).await?.ok_or_else(Problem::not_found)?;
            if_match.check(mapping.version)?;
            store::remove(tx, key.id).await?;
            outbox::record(tx, vec![Change::deleted(ENTITY, key.id, &mapping)]).await?;
            Ok::<_, Problem>(())
        })
        .await?;
    api_keys::changes::announce(&deps, caller.tenant()).await;
    Ok(NoContent)
}
