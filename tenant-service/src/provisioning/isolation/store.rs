//! Moves in the database.

use chrono::{DateTime, Utc};
use contracts::{
    Service, TenantId,
    internal::moves::{Isolation, MoveTenant},
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, QueryableByName, SelectableHelper,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use platform::db::{Cacheable, SystemTx, TenantTx, placement};
use uuid::Uuid;

use super::{api::MoveView, domain::Stage};
use crate::{
    schema::{isolation_moves::dsl, tenants},
    tenancy::TenantView,
};

/// Lease of a claimed move in seconds; longer than a round of calls takes.
const LEASE_SECONDS: i32 = 30;

/// A claimed move.
#[derive(Clone, Debug, QueryableByName)]
pub struct Job {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    tenant_id: Uuid,
    #[diesel(sql_type = Text)]
    client_id: String,
    #[diesel(sql_type = BigInt)]
    ordinal: i64,
    #[diesel(sql_type = Text)]
    origin: String,
    #[diesel(sql_type = Text)]
    target: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    step: String,
    #[diesel(sql_type = Array<Text>)]
    services_done: Vec<String>,
    /// Tries in a row that failed.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

impl Job {
    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.tenant_id)
    }

    /// How far it is; none when the row says something unheard of.
    pub fn stage(&self) -> Option<Stage> {
        Stage::parse(&self.status, &self.step)
    }

    /// What the services are to do; none when it has ended.
    pub fn order(&self) -> Option<MoveTenant> {
        let (to, step, is_back) = match self.stage()? {
            Stage::Forward(step) => (&self.target, step, 0),
            Stage::Back(step) => (&self.origin, step, 1),
            Stage::Succeeded | Stage::RolledBack => return None,
        };
        Some(MoveTenant {
            tenant_id: self.tenant(),
            client_id: self.client_id.clone(),
            to: Isolation::parse(to)?,
            step,
            order: self.ordinal * 2 + is_back,
        })
    }

    /// Whether the service has taken this step.
    pub fn is_done(&self, service: Service) -> bool {
        self.services_done.iter().any(|done| done == service.name())
    }

    /// The same move at another stage, which no service has acknowledged yet.
    pub fn at(self, stage: Stage) -> Self {
        let (status, step) = stage.names();
        let (status, step) = (status.to_owned(), step.to_owned());
        Self { status, step, services_done: Vec::new(), attempts: 0, ..self }
    }

    /// These services have taken the step.
    pub fn done(&mut self, services: &[Service]) {
        self.services_done.extend(services.iter().map(|service| service.name().to_owned()));
    }
}

/// Adds a move of the tenant.
pub async fn insert(
    tx: &mut TenantTx<'_>,
    tenant: &TenantView,
    to: Isolation,
    by: Uuid,
) -> QueryResult<MoveView> {
    let before: Option<i64> = dsl::isolation_moves
        .filter(dsl::tenant_id.eq(tenant.id))
        .select(diesel::dsl::max(dsl::ordinal))
        .first(&mut **tx)
        .await?;
    diesel::insert_into(dsl::isolation_moves)
        .values((
            dsl::id.eq(Uuid::now_v7()),
            dsl::tenant_id.eq(tenant.id),
            dsl::ordinal.eq(before.unwrap_or_default() + 1),
            dsl::origin.eq(&tenant.isolation),
            dsl::target.eq(to.name()),
            dsl::next_attempt_at.eq(diesel::dsl::now),
            dsl::created_by.eq(by),
        ))
        .returning(MoveView::as_returning())
        .get_result(&mut **tx)
        .await
}

/// Reads one of the tenant's moves.
pub async fn find(tx: &mut TenantTx<'_>, id: Uuid) -> QueryResult<MoveView> {
    dsl::isolation_moves.filter(dsl::id.eq(id)).select(MoveView::as_select()).first(&mut **tx).await
}

/// Reads the tenant's latest move.
pub async fn latest(tx: &mut TenantTx<'_>) -> QueryResult<Option<MoveView>> {
    let tenant = tx.tenant().0;
    dsl::isolation_moves
        .filter(dsl::tenant_id.eq(tenant))
        .order(dsl::ordinal.desc())
        .select(MoveView::as_select())
        .first(&mut **tx)
        .await
        .optional()
}

/// Takes the moves that are due, `only` that tenant's when one is named.
pub async fn claim(tx: &mut SystemTx<'_>, only: Option<TenantId>, limit: i64) -> QueryResult<Vec<Job>> {
    diesel::sql_query(
        "UPDATE isolation_moves m SET next_attempt_at = now() + make_interval(secs => $3) FROM tenants t \
         WHERE t.id = m.tenant_id AND m.id IN (\
         SELECT id FROM isolation_moves WHERE next_attempt_at <= now() AND ($1 IS NULL OR tenant_id = $1) \
         ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED) \
         RETURNING m.id, m.tenant_id, t.client_id, m.ordinal, m.origin, m.target, m.status, m.step, \
         m.services_done, m.attempts",
    )
    .bind::<Nullable<SqlUuid>, _>(only.map(|tenant| tenant.0))
    .bind::<BigInt, _>(limit)
    .bind::<Integer, _>(LEASE_SECONDS)
    .cached()
    .load(&mut **tx)
    .await
}

/// Notes which services have taken the step, and keeps the move. Gives whether it is still at this stage.
pub async fn keep(tx: &mut SystemTx<'_>, job: &Job) -> QueryResult<bool> {
    let kept = diesel::sql_query(
        "UPDATE isolation_moves SET services_done = $4, next_attempt_at = now() + make_interval(secs => $5), \
         updated_at = CASE WHEN services_done = $4 THEN updated_at ELSE now() END \
         WHERE id = $1 AND status = $2 AND step = $3",
    )
    .bind::<SqlUuid, _>(job.id)
    .bind::<Text, _>(&job.status)
    .bind::<Text, _>(&job.step)
    .bind::<Array<Text>, _>(&job.services_done)
    .bind::<Integer, _>(LEASE_SECONDS)
    .cached()
    .execute(&mut **tx)
    .await?;
    Ok(kept == 1)
}

/// To be tried again: after half a second at first, after a quarter of a minute at last, a fifth of it more or less.
pub async fn postpone(tx: &mut SystemTx<'_>, job: &Job, reason: &str) -> QueryResult<usize> {
    diesel::sql_query(
        "UPDATE isolation_moves SET attempts = attempts + 1, last_error = $4, next_attempt_at = now() + make_interval(\
         secs => least(15, 0.5 * power(2, least(attempts, 10))) * (0.8 + 0.4 * random())) \
         WHERE id = $1 AND status = $2 AND step = $3",
    )
    .bind::<SqlUuid, _>(job.id)
    .bind::<Text, _>(&job.status)
    .bind::<Text, _>(&job.step)
    .bind::<Text, _>(reason)
    .cached()
    .execute(&mut **tx)
    .await
}

/// Advances the move to another stage, unless another process did. Returns whether it is at that stage now.
pub async fn advance(
    tx: &mut TenantTx<'_>,
    job: &Job,
    stage: Stage,
    reason: Option<&str>,
) -> QueryResult<bool> {
    let (status, step) = stage.names();
    let now = Utc::now();
    let ended: Option<DateTime<Utc>> = stage.is_end().then_some(now);
    // The lease is kept: the same process goes on with the move.
    let due = (!stage.is_end()).then(|| now + chrono::Duration::seconds(LEASE_SECONDS.into()));
    let is_this = dsl::id.eq(job.id);
    let changed = diesel::update(dsl::isolation_moves.filter(is_this))
        .filter(dsl::status.eq(&job.status))
        .filter(dsl::step.eq(&job.step))
        .set((
            dsl::status.eq(status),
            dsl::step.eq(step),
            dsl::services_done.eq(Vec::<String>::new()),
            dsl::next_attempt_at.eq(due),
            dsl::attempts.eq(0),
            dsl::last_error.eq(None::<String>),
            dsl::updated_at.eq(now),
            dsl::finished_at.eq(ended),
            reason.map(|reason| dsl::reason.eq(reason)),
        ))
        .execute(&mut **tx)
        .await?;
    Ok(changed == 1)
}

/// Writes where the tenant is served from now on. Gives the tenant as it was and as it is.
pub async fn arrive(tx: &mut TenantTx<'_>, job: &Job) -> QueryResult<(TenantView, TenantView)> {
    let is_this = tenants::id.eq(job.tenant_id);
    let before =
        tenants::table.filter(is_this).select(TenantView::as_select()).for_update().first(&mut **tx).await?;
    let schema = (job.target == Isolation::Schema.name()).then(|| placement::schema_name(&job.client_id));
    let after = diesel::update(tenants::table.filter(is_this))
        .set((
            tenants::isolation.eq(&job.target),
            tenants::schema_name.eq(schema),
            tenants::version.eq(tenants::version + 1),
            tenants::updated_at.eq(Utc::now()),
        ))
        .returning(TenantView::as_returning())
        .get_result(&mut **tx)
        .await?;
    Ok((before, after))
}
