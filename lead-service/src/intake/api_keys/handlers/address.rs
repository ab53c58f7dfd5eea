//! Makes and revokes the address of a key.

use actix_web::web::{Data, Path};
use chrono::{TimeDelta, Utc};
use contracts::permissions::{ApiKeysRead, ApiKeysUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, NoContent, Shows},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::api_keys::{
        ENTITY,
        api::{ADDRESS_PATH, AddressView},
        changes,
        domain::AddressToken,
        store,
    },
};

/// How long the address before goes on, in hours.
const OVERLAP: TimeDelta = TimeDelta::hours(24);

/// The token is made here, answered once and stored as a digest. 409 for a key that was revoked.
pub async fn create(
    caller: Allowed<ApiKeysUpdate, Shows<ApiKeysRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Created<AddressView>>, Problem> {
    let token = AddressToken::generate();
    let origin = caller.context().origin.clone();
    let answer = deps
        .db
        .once(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id).await?;
            if before.revoked_at.is_some() {
                return Err(Problem::conflict(
                    "api_key_revoked",
                    "A revoked key stays revoked. Make a new one.",
                ));
            }
            let until = before.address_made_at.map(|_| Utc::now() + OVERLAP);
            let after = store::set_address(tx, *id, &token, until).await?;
            let made = |at| json!({ "address_made_at": at });
            let (from, to) = (made(before.address_made_at), made(after.address_made_at));
            let changes = Change::of(Change::updated(ENTITY, *id, &from, &to, &[]), &after);
            outbox::record(tx, changes).await?;
            let path = format!("{ADDRESS_PATH}{}", token.text);
            let view = AddressView {
                api_key_id: after.id,
                url: origin.map(|origin| format!("{origin}{path}")),
                path,
                token: token.text,
                previous_until: until,
            };
            Ok(Created::at(format!("/api/v2/api-keys/{}", after.id), view))
        })
        .await?;
    changes::announce(&deps, caller.tenant()).await;
    Ok(answer)
}

/// The address and the one before stop working at once; the key goes on.
pub async fn revoke(
    caller: Allowed<ApiKeysUpdate>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<NoContent, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = store::lock(tx, *id).await?;
            if before.address_made_at.is_none() {
                return Err(Problem::not_found());
            }
            let after = store::clear_address(tx, *id).await?;
            let made = |at| json!({ "address_made_at": at });
            let (from, to) = (made(before.address_made_at), made(after.address_made_at));
            let changes = Change::of(Change::updated(ENTITY, *id, &from, &to, &[]), &after);
            outbox::record(tx, changes).await?;
            Ok::<_, Problem>(())
        })
        .await?;
    changes::announce(&deps, caller.tenant()).await;
    Ok(NoContent)
}
