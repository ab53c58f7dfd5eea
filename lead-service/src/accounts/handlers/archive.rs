//! Deletes and restores an account, its leads with it.

use actix_web::web::{Data, Path};
use chrono::Utc;
use contracts::permissions::AccountsDelete;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, NoContent},
};
use uuid::Uuid;

use crate::{
    accounts::{ENTITY, api::AccountView, store},
    deps::{Deps, SERVICE},
    leads,
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
            let leads = leads::store::deleted_with_account(tx, *id).await?;
            let mut changes = vec![Change::deleted(ENTITY, *id, &account)];
            changes.extend(leads.iter().map(|lead| Change::deleted(leads::events::ENTITY, lead.id, lead)));
            outbox::record(tx, SERVICE, changes).await?;
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
            let leads = leads::store::deleted_with_account(tx, *id).await?;
            let account = store::set_deleted(tx, *id, None).await?;
            let mut changes = Change::restored(ENTITY, *id);
            changes.extend(leads.iter().flat_map(|lead| Change::restored(leads::events::ENTITY, lead.id)));
            outbox::record(tx, SERVICE, changes).await?;
            let version = account.version;
            Ok(Body::versioned(account, version))
        })
        .await
}
