//! One try at bringing a tenant to rest: its first admin, room in every service, then the news that it is active.

use std::time::Duration;

use actix_web::web::Data;
use contracts::{
    Service, TenantId,
    internal::{
        tenants::{ProvisionTenant, Provisioned, TenantStatus},
        users::FindUser,
    },
};
use platform::{
    Problem,
    client::CallError,
    http::context::{self, RequestContext},
    jobs::{self, Done, Failure},
    values,
};
use tokio::time::{Instant, sleep, timeout_at};

use super::{
    founding,
    store::{self, Job},
};
use crate::{
    deps::Deps,
    tenancy::{self, FoundingAdmin},
};

/// The services that keep tenant data and must know of every tenant.
pub const INFORMED: [Service; 3] = [Service::Lead, Service::Enrichment, Service::Integration];

const LOOK: Duration = Duration::from_millis(100);

/// Waits up to `patience` until every service knows of the tenant's state, trying by itself at once and whenever a try is
/// due. Gives whether they do; if not, the worker goes on.
///
/// # Errors
/// When the database is away.
pub async fn settle(deps: &Data<Deps>, tenant: TenantId, patience: Duration) -> Result<bool, Problem> {
    let deadline = Instant::now() + patience;
    deps.db.in_system(async |tx| store::hurry(tx, tenant).await.map_err(Problem::from)).await?;
    loop {
        if let Some(claimed) = jobs::claim_one::<Job>(deps, tenant.0).await? {
            // A task of its own, so that a caller who leaves does not cut it off half-way.
            let (deps, context) = (deps.clone(), context::current());
            let run = async move { jobs::run::<Job>(&deps, claimed).await };
            let context = context.unwrap_or_else(|| RequestContext::background(None));
            if timeout_at(deadline, actix_web::rt::spawn(context::within(context, run))).await.is_err() {
                return Ok(false);
            }
        }
        if deps.db.in_global(async |tx| store::is_settled(tx, tenant).await.map_err(Problem::from)).await? {
            return Ok(true);
        }
        if Instant::now() + LOOK > deadline {
            return Ok(false);
        }
        sleep(LOOK).await;
    }
}

/// One try.
pub(super) async fn run(deps: &Deps, mut job: Job) -> Result<Done, Failure> {
    loop {
        let (informed, admitted) = futures::join!(inform(deps, &job), admit_founder(deps, &job));
        let failures: Vec<String> = informed?.into_iter().chain(admitted?).collect();
        if !failures.is_empty() {
            return Err(Failure::passing(failures.join("; ")));
        }
        if job.status() != Some(TenantStatus::Provisioning) {
            return Ok(Done::Finished);
        }
        let activated = deps
            .db
            .in_tenant(job.tenant(), async |tx| {
                let Some((before, after)) = store::activate(tx, &job).await? else { return Ok(false) };
                tenancy::tenant_updated(tx, &before, &after).await?;
                Ok::<_, Problem>(true)
            })
            .await?;
        if !activated {
            // Its state changed meanwhile, which has made it due again.
            return Ok(Done::Settled);
        }
        tracing::info!(tenant.id = %job.tenant(), "a tenant is active");
        deps.forget_access(job.tenant(), None).await;
        job = job.activated();
    }
}

/// Notifies the services that have not acknowledged the state. Stores acknowledgements and returns failures.
async fn inform(deps: &Deps, job: &Job) -> Result<Vec<String>, Problem> {
    let Some(status) = job.status() else {
        return Ok(vec!["the tenant's status is unknown to this version".to_owned()]);
    };
    let news = ProvisionTenant {
        tenant_id: job.tenant(),
        client_id: job.client_id.clone(),
        status,
        revision: job.revision,
        isolation: job.isolation(),
        is_unproven: job.is_unproven,
    };
    let path = news.path();
    let calls = job.uninformed(&INFORMED).into_iter().map(|service| {
        let (news, path) = (&news, &path);
        async move { (service, deps.peers.put::<Provisioned>(service, path, news).await) }
    });
    let (mut informed, mut failures) = (Vec::new(), Vec::new());
    for (service, outcome) in futures::future::join_all(calls).await {
        match outcome {
            Ok(Provisioned {}) => informed.push(service),
            Err(error) => failures.push(error.to_string()),
        }
    }
    if !informed.is_empty() {
        deps.db.in_system(async |tx| store::confirm(tx, job, &informed).await.map_err(Problem::from)).await?;
        // One replica of each was notified; the others still cache keys with the previous state.
        deps.forget_api_keys(job.tenant()).await;
    }
    Ok(failures)
}

/// Lets the tenant's first admin in, or invites them. Gives what went wrong.
async fn admit_founder(deps: &Deps, job: &Job) -> Result<Option<String>, Problem> {
    let Some(stored) = job.founding_admin.clone() else { return Ok(None) };
    let mut wanted: FoundingAdmin =
        serde_json::from_value(stored).map_err(|fault| Problem::internal(fault.to_string()))?;
    // As an earlier release stored it.
    wanted.email = values::email_or_text(&wanted.email);
    let known = match deps.peers.call(&FindUser { email: wanted.email.clone() }).await {
        Ok(known) => known,
        Err(error @ (CallError::Away(..) | CallError::Refused(..))) => return Ok(Some(error.to_string())),
    };
    deps.db
        .in_tenant(job.tenant(), async |tx| founding::admit(deps, tx, &wanted, known.as_ref()).await)
        .await?;
    deps.mail_queued.notify_one();
    if let Some(person) = known {
        deps.forget_access(job.tenant(), person.id).await;
    }
    Ok(None)
}
