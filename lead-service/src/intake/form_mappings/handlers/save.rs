//! Sets a key's form mapping.

use actix_web::web::{Data, Path};
use contracts::permissions::{ApiKeysRead, ApiKeysUpdate};
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Body, IfMatch, Json, Shown, Shows},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    intake::{
        api_keys,
        form_mappings::{
            ENTITY,
            api::{FormMappingView, WriteFormMapping},
            domain::Form,
            store,
        },
    },
};

/// What is left out becomes empty. Takes hold at once.
pub async fn save(
    caller: Allowed<ApiKeysUpdate, Shows<ApiKeysRead>>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteFormMapping>,
    deps: Data<Deps>,
) -> Result<Body<Shown<FormMappingView>>, Problem> {
    let write = body.into_inner();
    let mapping = deps
        .db
        .in_tenant(caller.tenant(), async |tx| {
            let key = api_keys::store::lock(tx, *id).await?;
            let fields = Form::parse(write, key.kind)?.into();
            let before = store::find(tx, key.id).await?;
            if_match.check(before.as_ref().map_or(0, |before| before.version))?;
            let after = store::save(tx, key.id, &fields, caller.user()).await?;
            let changes = match &before {
                Some(before) => Change::updated(ENTITY, key.id, before, &after, &[]),
                None => vec![Change::created(ENTITY, key.id, &after)],
            };
            outbox::record(tx, changes).await?;
            Ok::<_, Problem>(after)
        })
        .await?;
    api_keys::changes::announce(&deps, caller.tenant()).await;
    Ok(Body::shown(&caller, mapping))
}
