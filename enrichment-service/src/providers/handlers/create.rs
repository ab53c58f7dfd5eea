//! Adds a provider.

use actix_web::web::Data;
use contracts::permissions::EnrichmentProvidersManage;
use platform::{
    Problem,
    db::outbox::{self, Change},
    http::{Allowed, Answer, Created, Json, Shown, WholeTenant},
};
use uuid::Uuid;

use crate::{
    deps::Deps,
    providers::{
        ENTITY,
        api::{ProviderView, WriteProvider},
        credentials,
        domain::{CredentialsChange, ProviderFields},
        store,
    },
};

/// Its credentials are sealed before anything is stored.
pub async fn create(
    caller: Allowed<EnrichmentProvidersManage, WholeTenant>,
    body: Json<WriteProvider>,
    deps: Data<Deps>,
) -> Result<Answer<Created<Shown<ProviderView>>>, Problem> {
    let (fields, change) = ProviderFields::parse(body.into_inner(), &deps.surroundings())?;
    let id = Uuid::now_v7();
    let sealed = match &change {
        CredentialsChange::Set(secrets) => Some(credentials::seal(&deps.keys, secrets, caller.tenant(), id)?),
        CredentialsChange::Keep | CredentialsChange::Remove => None,
    };
    deps.db
        .once(caller.tenant(), async |tx| {
            let provider = store::insert(tx, id, &fields, sealed.as_deref(), caller.user()).await?;
            outbox::record(tx, vec![Change::created(ENTITY, id, &provider)]).await?;
            Ok(Created::shown(&caller, "/api/v2/enrichment/providers", provider))
        })
        .await
}
