//! Ends a key: revoked it is refused by name, deleted it is unknown.

use actix_web::web::{Data, Path};
use contracts::permissions::{ApiKeysDelete, ApiKeysRead, ApiKeysUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, NoContent, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::api_keys::{ENTITY, api::ApiKeyView, changes, store},
};

/// For good. Revoking twice changes nothing.
pub async fn revoke(
    caller: Allowed<ApiKeysUpdate, Shows<ApiKeysRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<ApiKeyView>>>, Problem> {
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id).await?;
            let after =
                if before.revoked_at.is_none() { store::revoke(tx, *id).await? } else { before.clone() };
            outbox::record(tx, Change::updated(ENTITY, *id, &before, &after, &["revoked_at"])).await?;
            Ok(Body::shown(&caller, after))
        })
        .await?;
    changes::announce(&deps, caller.tenant()).await;
    Ok(answer)
}

/// Its submissions stay.
pub async fn archive(
    caller: Allowed<ApiKeysDelete>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let key = store::lock(tx, *id).await?;
            if_match.check(key.version)?;
            store::archive(tx, *id).await?;
            outbox::record(tx, vec![Change::deleted(ENTITY, *id, &key)]).await?;
            Ok::<_, Problem>(())
        })
        .await?;
    changes::announce(&deps, caller.tenant()).await;
    Ok(NoContent)
}
