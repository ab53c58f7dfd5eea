//! Deletes and restores an entity.

use actix_web::web::{Data, Path};
use chrono::Utc;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, IfMatch, NoContent, Record, Shown, Shows},
};
use uuid::Uuid;

use super::{Entity, Step};
use crate::deps::Deps;

/// Softly: it can be restored.
pub async fn archive<E: Entity>(
    caller: Allowed<E::Delete, E::Cascade>,
    id: Path<Uuid>,
    if_match: IfMatch,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    let visibility = caller.visibility();
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            E::lock_leads(tx, *id, Step::Deleted).await?;
            let entity = E::lock(tx, *id, &visibility).await?;
            if_match.check(entity.version())?;
            entity.check_deletable(tx).await?;
            E::set_deleted(tx, entity.id(), Some(Utc::now())).await?;
            let mut changes = vec![Change::deleted(E::NAME, entity.id(), &entity)];
            changes.extend(entity.followers(tx, Step::Deleted, &caller).await?);
            outbox::record(tx, changes).await?;
            Ok(NoContent)
        })
        .await
}

/// A caller who may delete and restore an entity with what goes along, and is shown it if they may read it.
type Restorer<E> = Allowed<<E as Entity>::Delete, (<E as Entity>::Cascade, Shows<<E as Record>::Read>)>;

/// 404 when it is not deleted, 409 when something unique was taken meanwhile or what it hangs on is deleted itself.
pub async fn restore<E: Entity>(
    caller: Restorer<E>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<Shown<E>>>, Problem> {
    let visibility = caller.visibility();
    deps.db
        .once(caller.tenant(), async |tx| {
            E::lock_leads(tx, *id, Step::Restored).await?;
            let deleted = E::lock_deleted(tx, *id, &visibility).await?;
            deleted.check_restorable(tx).await?;
            let followers = deleted.followers(tx, Step::Restored, &caller).await?;
            let entity = E::set_deleted(tx, *id, None).await?;
            let mut changes = Change::of(Change::restored(E::NAME, *id), &entity);
            changes.extend(followers);
            outbox::record(tx, changes).await?;
            Ok(Body::shown(&caller, entity))
        })
        .await
}
