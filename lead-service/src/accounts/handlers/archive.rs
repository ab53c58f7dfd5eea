//! Deletes and restores an account, its leads with it.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::AccountsDelete;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, NoContent},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    accounts::{ENTITY, TRACKED, api::AccountView, store},
    deps::{Deps, SERVICE},
};

/// Softly: it can be restored.
pub async fn archive(
    caller: Allowed<AccountsDelete>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let account = store::lock(tx, *id, &visibility).await?;
            if_match.check(account.version)?;
            store::set_deleted(tx, *id, Some(Utc::now())).await?;
            outbox::record(tx, SERVICE, vec![Change::deleted(ENTITY, *id, &account)]).await?;
            Ok(NoContent)
        })
        .await
}

/// 404 when it is not deleted.
pub async fn restore(
    caller: Allowed<AccountsDelete>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<AccountView>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            store::lock_deleted(tx, *id, &visibility).await?;
            let account = store::set_deleted(tx, *id, None).await?;
            let (before, after) = (json!({ "deleted": true }), json!({ "deleted": false }));
            outbox::record(tx, SERVICE, Change::updated(ENTITY, *id, &before, &after, TRACKED)).await?;
            let version = account.version;
            Ok(Body::versioned(account, version))
        })
        .await
}
