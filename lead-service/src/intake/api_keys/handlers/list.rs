//! Lists and reads API keys.

use actix_web::web::{Data, Path};
use contracts::permissions::ApiKeysRead;
use platform::{
    Problem,
    http::{Allowed, Body, List, list::Rows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::api_keys::{api::ApiKeyView, store},
};

/// The tenant's keys, never their texts.
pub async fn list(
    caller: Allowed<ApiKeysRead>,
    list: List<ApiKeyView>,
    deps: Data<Deps>,
) -> Result<Rows<ApiKeyView>, Problem> {
    let (total, rows) = deps.db.read(caller.tenant(), async |tx| store::page(tx, &list).await).await?;
    Ok(list.answer(total, rows))
}

/// One key with its version.
pub async fn read(
    caller: Allowed<ApiKeysRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<ApiKeyView>, Problem> {
    let key =
        deps.db.read(caller.tenant(), async |tx| store::find(tx, *id).await.map_err(Problem::from)).await?;
    let version = key.version;
    Ok(Body::versioned(key, version))
}
