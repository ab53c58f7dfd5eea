//! Replaces and changes a provider.

use actix_web::web::{Data, Path};
use contracts::{permissions::EnrichmentProvidersManage, problem::FieldError};
use platform::{
    Problem,
    db::{
        Stored, Visibility,
        outbox::{self, Change},
    },
    http::{Allowed, Body, IfMatch, Json, MergePatch, Shown, WholeTenant, access::TenantCaller},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    providers::{
        ENTITY, TRACKED,
        api::{ProviderView, WriteProvider},
        credentials,
        domain::{self, CredentialsChange, ProviderFields},
        store,
    },
};

/// PUT: what is left out takes its default, but for the credentials.
pub async fn replace(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WriteProvider>,
    deps: Data<Deps>,
) -> Result<Body<Shown<ProviderView>>, Problem> {
    let write = body.into_inner();
    save(&caller, *id, if_match, &deps, |_| Ok(write)).await
}

/// PATCH: what is left out stays.
pub async fn update(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    id: Path<Uuid>,
    if_match: IfMatch,
    patch: MergePatch<WriteProvider>,
    deps: Data<Deps>,
) -> Result<Body<Shown<ProviderView>>, Problem> {
    save(&caller, *id, if_match, &deps, |current| patch.apply(current)).await
}

async fn save(
    caller: &TenantCaller,
    id: Uuid,
    if_match: IfMatch,
    deps: &Deps,
    write: impl FnOnce(&ProviderView) -> Result<WriteProvider, Problem>,
) -> Result<Body<Shown<ProviderView>>, Problem> {
    deps.db
        .in_tenant(caller.tenant(), async |tx| {
            let before = ProviderView::lock(tx, id, &Visibility::All).await?;
            if_match.check(before.version)?;
            let (fields, change) = ProviderFields::parse(write(&before)?, &deps.surroundings())?;
            if fields.kind != before.kind {
                let fault = FieldError::new("kind", "immutable", "cannot be changed");
                return Err(Problem::invalid(vec![fault]));
            }
            let origin = domain::origin(before.kind, before.base_url.as_deref(), &before.config);
            if before.has_credentials {
                domain::check_destination(origin.as_deref(), fields.origin().as_deref(), &change)?;
            }
            let sealed = match &change {
                CredentialsChange::Keep => None,
                CredentialsChange::Remove => Some(None),
                CredentialsChange::Set(secrets) => {
                    Some(Some(credentials::seal(&deps.keys, secrets, caller.tenant(), id)?))
                }
            };
            let is_new_setup = sealed.is_some() || fields.differs_from(&before);
            let after = store::update(tx, id, &fields, sealed, is_new_setup).await?;
            outbox::record(tx, Change::updated(ENTITY, id, &before, &after, TRACKED)).await?;
            Ok(Body::shown(caller, after))
        })
        .await
}
