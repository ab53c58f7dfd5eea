//! Provisioning of tenants in a service, changes of their state, and registration of the service's permissions.

use std::time::Duration;

use crate::db::Cacheable;
use actix_web::web;
use contracts::{
    Service, TenantId,
    internal::tenants::{Isolation, MoveProgress, MoveTenant, ProvisionTenant, Provisioned, TenantStatus},
};
use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{BigInt, Bool, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    client::{CallError, Peers},
    db::{Db, TenantTx, placement},
    http::{Internal, InternalJson, Problem, Routes, body::InternalReply},
    retry::Backoff,
    worker::{Shutdown, until_done},
};

/// What a service adds to a new tenant, and what it does when a tenant's state changes.
pub trait Provisioning: Send + Sync + 'static {
    /// The service's database.
    fn db(&self) -> &Db;

    /// Makes what a new tenant starts with. Called once, in the transaction that takes note of the tenant.
    fn furnish(&self, tx: &mut TenantTx<'_>) -> impl Future<Output = Result<(), Problem>> {
        let _nothing_by_default = tx;
        async { Ok(()) }
    }

    /// Drops what is cached about the tenant.
    fn state_changed(&self, tenant: TenantId) -> impl Future<Output = ()> {
        let _nothing_by_default = tenant;
        async {}
    }
}

/// The provisioning routes of a service with such dependencies.
pub fn routes<D: Provisioning>() -> Routes {
    Routes::tagged("internal").put(ProvisionTenant::TEMPLATE, "Provision a tenant", provision::<D>).put(
        MoveTenant::TEMPLATE,
        "Run a step of moving a tenant's rows",
        take_step::<D>,
    )
}

async fn provision<D: Provisioning>(
    _caller: Internal,
    id: web::Path<Uuid>,
    call: InternalJson<ProvisionTenant>,
    deps: web::Data<D>,
) -> Result<InternalReply<Provisioned>, Problem> {
    let InternalJson(tenant) = call;
    if tenant.tenant_id.0 != id.into_inner() {
        return Err(Problem::bad_request("tenant_mismatch", "The path and the body name different tenants."));
    }
    let db = deps.db();
    let schema = match tenant.isolation {
        Isolation::Schema if state(db, tenant.tenant_id).await?.is_none() => {
            Some(schema_of(db, &tenant).await?)
        }
        _ => None,
    };
    db.in_tenant(tenant.tenant_id, async |tx| {
        if note(tx, &tenant, schema.as_ref()).await? {
            db.enter_again(tx).await?;
            deps.furnish(tx).await?;
        }
        Ok::<_, Problem>(())
    })
    .await?;
    deps.state_changed(tenant.tenant_id).await;
    Ok(InternalReply(Provisioned {}))
}

/// Makes the schema of a tenant that starts with one of its own.
async fn schema_of(db: &Db, tenant: &ProvisionTenant) -> Result<OwnSchema, Problem> {
    let name = placement::schema_name(&tenant.client_id);
    let schemas = db.movers()?.schemas();
    let prepared = schemas.prepare(tenant.tenant_id, &name).await;
    prepared.map_err(|error| Problem::unavailable(format!("{error:#}")))?;
    Ok(OwnSchema { name, level: schemas.level() })
}

struct OwnSchema {
    name: String,
    level: i32,
}

async fn take_step<D: Provisioning>(
    _caller: Internal,
    id: web::Path<Uuid>,
    call: InternalJson<MoveTenant>,
    deps: web::Data<D>,
) -> Result<InternalReply<MoveProgress>, Problem> {
    let InternalJson(order) = call;
    if order.tenant_id.0 != id.into_inner() {
        return Err(Problem::bad_request("tenant_mismatch", "The path and the body name different tenants."));
    }
    let is_done = match deps.db().movers() {
        Ok(movers) => movers.step(order).await?,
        // Going back from a move that could not begin.
        Err(_) if order.to == Isolation::Pool && is_in_pool(deps.db(), order.tenant_id).await? => true,
        Err(problem) => return Err(problem),
    };
    Ok(InternalReply(MoveProgress { is_done }))
}

#[derive(QueryableByName)]
struct Placed {
    #[diesel(sql_type = Bool)]
    is_placed: bool,
}

async fn is_in_pool(db: &Db, tenant: TenantId) -> Result<bool, Problem> {
    db.in_tenant(tenant, async |tx| {
        let placed: Option<Placed> = diesel::sql_query(
            "SELECT schema_name IS NOT NULL AS is_placed FROM tenant_states WHERE tenant_id = $1",
        )
        .bind::<SqlUuid, _>(tenant.0)
        .cached()
        .get_result(&mut **tx)
        .await
        .optional()?;
        Ok(placed.is_none_or(|placed| !placed.is_placed))
    })
    .await
}

#[derive(QueryableByName)]
struct Revision {
    #[diesel(sql_type = BigInt)]
    revision: i64,
}

/// Takes note of the state unless a newer one is known. Gives whether the tenant was unknown.
async fn note(
    tx: &mut TenantTx<'_>,
    tenant: &ProvisionTenant,
    schema: Option<&OwnSchema>,
) -> Result<bool, Problem> {
    let known: Option<Revision> =
        diesel::sql_query("SELECT revision FROM tenant_states WHERE tenant_id = $1 FOR UPDATE")
            .bind::<SqlUuid, _>(tenant.tenant_id.0)
            .cached()
            .get_result(&mut **tx)
            .await
            .optional()?;
    if known.as_ref().is_some_and(|known| known.revision >= tenant.revision) {
        return Ok(false);
    }
    let inserted = diesel::sql_query(
        "INSERT INTO tenant_states (tenant_id, client_id, status, revision, schema_name, schema_level, is_unproven) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (tenant_id) DO UPDATE SET status = excluded.status, revision = excluded.revision, \
         is_unproven = excluded.is_unproven, updated_at = now() WHERE tenant_states.revision < excluded.revision",
    )
    .bind::<SqlUuid, _>(tenant.tenant_id.0)
    .bind::<Text, _>(&tenant.client_id)
    .bind::<Text, _>(tenant.status.name())
    .bind::<BigInt, _>(tenant.revision)
    .bind::<Nullable<Text>, _>(schema.map(|schema| schema.name.as_str()))
    .bind::<Integer, _>(schema.map_or(0, |schema| schema.level))
    .bind::<Bool, _>(tenant.is_unproven)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(known.is_none() && inserted == 1)
}

#[derive(QueryableByName)]
struct State {
    #[diesel(sql_type = Text)]
    status: String,
}

/// The state of a tenant in this service; none for an unknown tenant.
pub async fn state(db: &Db, tenant: TenantId) -> Result<Option<TenantStatus>, Problem> {
    let state: Option<State> = db
        .in_tenant(tenant, async |tx| {
            let state = diesel::sql_query("SELECT status FROM tenant_states WHERE tenant_id = $1")
                .bind::<SqlUuid, _>(tenant.0)
                .cached()
                .get_result(&mut **tx)
                .await
                .optional()?;
            Ok::<_, Problem>(state)
        })
        .await?;
    Ok(state.and_then(|state| TenantStatus::parse(&state.status)))
}

/// Registers the permissions of this service's routes with tenant-service, and retries until it succeeds.
pub async fn register_permissions(service: Service, routes: Routes, peers: Peers, shutdown: Shutdown) {
    let registration = routes.permissions(service);
    let pauses = Backoff { first: Duration::from_millis(200), factor: 2, longest: Duration::from_secs(10) };
    until_done("registration of permissions", pauses, shutdown, async || {
        let answer = peers.call(&registration).await?;
        tracing::info!(routes = answer.routes, "permissions are registered");
        Ok::<_, CallError>(())
    })
    .await;
}
