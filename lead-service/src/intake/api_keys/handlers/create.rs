//! Makes keys and gives them new texts.

use actix_web::web::{Data, Path};
use contracts::permissions::{ApiKeysCreate, ApiKeysRead, ApiKeysUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Body, Created, Json, Shown, Shows},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::api_keys::{
        ENTITY,
        api::{NewApiKeyView, WriteApiKey},
        changes,
        domain::{ApiKeyFields, KeyText},
        store,
    },
};

/// The text is made here, answered once and stored as a digest.
pub async fn create(
    caller: Allowed<ApiKeysCreate, Shows<ApiKeysRead>>,
    body: Json<WriteApiKey>,
    deps: Data<Deps>,
) -> Result<Answer<Created<NewApiKeyView>>, Problem> {
    let fields = ApiKeyFields::parse(body.into_inner())?;
    let key = KeyText::generate();
    deps.db
        .once(caller.tenant(), async |tx| {
            let view = store::insert(tx, &fields, &key, caller.user()).await?;
            outbox::record(tx, vec![Change::created(ENTITY, view.id, &view)]).await?;
            let (location, version) = (format!("/api/v2/api-keys/{}", view.id), view.version);
            let view = Shown::to(&caller, view);
            Ok(Created::at(location, NewApiKeyView { view, key: key.text }).version(version))
        })
        .await
}

/// The old text stops working at once. 409 for a key that was revoked.
pub async fn rotate(
    caller: Allowed<ApiKeysUpdate, Shows<ApiKeysRead>>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Answer<Body<NewApiKeyView>>, Problem> {
    let key = KeyText::generate();
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
            let view = store::set_text(tx, *id, &key).await?;
            let (from, to) = (json!({ "prefix": before.prefix }), json!({ "prefix": view.prefix }));
            let changes = Change::of(Change::updated(ENTITY, *id, &from, &to, &[]), &view);
            outbox::record(tx, changes).await?;
            let version = view.version;
            let view = Shown::to(&caller, view);
            Ok(Body::versioned(NewApiKeyView { view, key: key.text }, version))
        })
        .await?;
    changes::announce(&deps, caller.tenant()).await;
    Ok(answer)
}
