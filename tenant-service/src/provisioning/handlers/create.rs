//! Creates a tenant on behalf of platform staff.

use std::time::Duration;

use actix_web::web::Data;
use contracts::{TenantId, permissions::TenantsCreate};
use platform::{
    Problem,
    http::{Answer, Created, Json, PlatformAllowed, SignedIn},
};

use crate::{
    deps::Deps,
    provisioning::{
        founding::{self, Founded},
        saga,
    },
    tenancy::{self, CreateTenant, NewTenant, TenantView},
};

/// How long a caller is kept waiting for the services; what is not done by then goes on without them.
const PATIENCE: Duration = Duration::from_secs(8);

/// Answers 201 when every service has made room for the tenant. Until then it is served nothing; 503 says that its
/// provisioning goes on, and the same request again waits for it.
pub async fn create(
    caller: PlatformAllowed<TenantsCreate>,
    body: Json<CreateTenant>,
    deps: Data<Deps>,
) -> Result<Answer<Created<TenantView>>, Problem> {
    if let Some(answer) = deps.answered_before(answers_of(&caller)).await? {
        return Ok(answer);
    }
    let new_tenant = NewTenant::parse(body.into_inner(), caller.user().0)?;
    let tenant = TenantId(match founding::start(&deps, &new_tenant).await? {
        Founded::Made(tenant) | Founded::Unfinished(tenant) => tenant.id,
        Founded::Finished(tenant) => {
            return Err(founding::client_id_taken().with("tenant_id", tenant.id.to_string()));
        }
    });
    if !saga::settle(&deps, tenant, PATIENCE).await? {
        return Err(still_provisioning(tenant));
    }
    deps.db
        .once(answers_of(&caller), async |tx| {
            let tenant = tenancy::find_tenant(tx, tenant.0).await?;
            let version = tenant.version;
            Ok(Created::at(format!("/api/v2/tenants/{}", tenant.id), tenant).version(version))
        })
        .await
}

/// Before there is a tenant, answers of idempotent requests are kept under the person who made them.
fn answers_of(caller: &SignedIn) -> TenantId {
    TenantId(caller.user().0)
}

fn still_provisioning(tenant: TenantId) -> Problem {
    let detail = "The tenant is being made; that goes on without you. Send the request again to wait for it.";
    let code = "tenant_provisioning";
    Problem {
        code,
        detail: detail.into(),
        retry_after: Some(2),
        ..Problem::unavailable("a service has not answered")
    }
    .with("tenant_id", tenant.to_string())
}
