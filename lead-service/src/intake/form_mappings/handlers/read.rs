//! Reads a key's form mapping.

use actix_web::web::{Data, Path};
use contracts::permissions::ApiKeysRead;
use platform::{
    Problem,
    http::{Allowed, Body},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::{
        api_keys,
        form_mappings::{api::FormMappingView, store},
    },
};

/// 404 for a key that has none.
pub async fn read(
    caller: Allowed<ApiKeysRead>,
    id: Path<Uuid>,
    deps: Data<Deps>,
) -> Result<Body<FormMappingView>, Problem> {
    let mapping = deps
        .db
        .read(caller.tenant(), async |tx| {
            let key = api_keys::store::find(tx, *id).await?;
            store::find(tx, key.id).await?.ok_or_else(Problem::not_found)
        })
        .await?;
    let version = mapping.version;
    Ok(Body::versioned(mapping, version))
}
