//! Tenant states that services have to be notified of, in the database.

use chrono::{DateTime, Utc};
use contracts::{
    Service, TenantId,
    internal::{moves::Isolation, tenants::TenantStatus},
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::Cacheable;
use platform::db::{GlobalTx, SystemTx, TenantTx};
use serde_json::Value;
use uuid::Uuid;

use crate::{schema::tenants::dsl, tenancy::TenantView};

/// A tenant with services to notify of its state.
#[derive(Clone, Debug, QueryableByName)]
pub struct Job {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    /// Its client-provided id.
    #[diesel(sql_type = Text)]
    pub client_id: String,
    #[diesel(sql_type = Text)]
    status: String,
    /// Which state of it this is.
    #[diesel(sql_type = BigInt)]
    pub revision: i64,
    #[diesel(sql_type = Text)]
    isolation: String,
    /// Whether none of its admins has a proven address.
    #[diesel(sql_type = Bool)]
    pub is_unproven: bool,
    #[diesel(sql_type = Array<Text>)]
    provisioned_services: Vec<String>,
    /// Who shall become its first admin.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub founding_admin: Option<Value>,
}

impl Job {
    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.id)
    }

    /// The state to publish; none for an unknown value in the row.
    pub fn status(&self) -> Option<TenantStatus> {
        TenantStatus::parse(&self.status)
    }

    /// How its rows are kept apart.
    pub fn isolation(&self) -> Isolation {
        Isolation::parse(&self.isolation).unwrap_or_default()
    }

    /// The job for the state after provisioning, which no service has acknowledged yet.
    pub fn activated(self) -> Self {
        Self {
            status: TenantStatus::Active.name().to_owned(),
            revision: self.revision + 1,
            provisioned_services: Vec::new(),
            founding_admin: None,
            ..self
        }
    }

    /// The services among `services` that have not acknowledged it.
    pub fn uninformed(&self, services: &[Service]) -> Vec<Service> {
        services
            .iter()
            .copied()
            .filter(|service| !self.provisioned_services.iter().any(|known| known == service.name()))
            .collect()
    }
}

/// Makes a failed job due at once on request. A claimed one is left alone.
pub async fn hurry(tx: &mut SystemTx<'_>, tenant: TenantId) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE tenants SET next_attempt_at = now() WHERE id = $1 AND next_attempt_at > now() AND last_error IS NOT NULL",
    )
    .bind::<SqlUuid, _>(tenant.0)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Notes that these services know of this revision.
pub async fn confirm(tx: &mut SystemTx<'_>, job: &Job, services: &[Service]) -> QueryResult<usize> {
    let names: Vec<&str> = services.iter().map(|service| service.name()).collect();
    diesel::sql_query(
        "UPDATE tenants SET provisioned_services = \
         ARRAY(SELECT DISTINCT s FROM unnest(provisioned_services || $3) s ORDER BY s) WHERE id = $1 AND revision = $2",
    )
    .bind::<SqlUuid, _>(job.id)
    .bind::<BigInt, _>(job.revision)
    .bind::<Array<Text>, _>(names).cached().execute(&mut **tx)
    .await
}

/// The first admin is a member now.
pub async fn admin_found(tx: &mut TenantTx<'_>) -> QueryResult<usize> {
    let tenant = tx.tenant().0;
    diesel::update(dsl::tenants.filter(dsl::id.eq(tenant)))
        .set(dsl::founding_admin.eq(None::<Value>))
        .execute(&mut **tx)
        .await
}

/// Makes a provisioned tenant active, as it was and as it is; none when its state changed meanwhile. The lease goes on,
/// because the services have to be notified of this, too.
pub async fn activate(tx: &mut TenantTx<'_>, job: &Job) -> QueryResult<Option<(TenantView, TenantView)>> {
    let is_this = dsl::id.eq(job.id);
    let before = dsl::tenants
        .filter(is_this)
        .filter(dsl::revision.eq(job.revision))
        .filter(dsl::deleted_at.is_null())
        .select(TenantView::as_select())
        .for_update()
        .first(&mut **tx)
        .await
        .optional()?;
    let Some(before) = before else { return Ok(None) };
    let after = diesel::update(dsl::tenants.filter(is_this))
        .set((
            dsl::status.eq(TenantStatus::Active.name()),
            dsl::revision.eq(dsl::revision + 1),
            dsl::provisioned_services.eq(Vec::<String>::new()),
            dsl::attempts.eq(0),
            dsl::last_error.eq(None::<String>),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .returning(TenantView::as_returning())
        .get_result(&mut **tx)
        .await?;
    Ok(Some((before, after)))
}

/// Whether every service knows of the tenant's present state.
pub async fn is_settled(tx: &mut GlobalTx<'_>, tenant: TenantId) -> QueryResult<bool> {
    let due: Option<DateTime<Utc>> =
        dsl::tenants.filter(dsl::id.eq(tenant.0)).select(dsl::next_attempt_at).first(&mut **tx).await?;
    Ok(due.is_none())
}
