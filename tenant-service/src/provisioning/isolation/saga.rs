//! One hold on a move: asks the services for a step until all have taken it, then for the next, there or back.

use std::time::Duration;

use actix_web::web::Data;
use contracts::{
    Service,
    internal::moves::{MoveProgress, MoveStep},
};
use platform::{
    Problem,
    client::CallError,
    http::context::{self, RequestContext},
};

use super::{
    domain::{Round, Stage, Verdict, judge},
    store::{self, Job},
};
use crate::{deps::Deps, provisioning::saga::INFORMED, tenancy};

const PAUSE: Duration = Duration::from_millis(200);

/// Runs a claimed move as a task. What goes wrong is noted on its row and in the log.
pub fn spawn(deps: Data<Deps>, job: Job) {
    let context = context::current().unwrap_or_else(|| RequestContext::background(None));
    actix_web::rt::spawn(context::within(context, async move {
        let tenant = job.tenant();
        // After an error the lease runs out and the move is taken up again.
        if let Err(problem) = run(&deps, job).await {
            tracing::warn!(%problem, tenant.id = %tenant, "a tenant's move was interrupted");
        }
    }));
}

async fn run(deps: &Deps, mut job: Job) -> Result<(), Problem> {
    while let Some(stage) = job.stage().filter(|stage| !stage.is_end()) {
        let round = ask(deps, &mut job).await;
        let is_kept =
            deps.db.in_system(async |tx| store::keep(tx, &job).await.map_err(Problem::from)).await?;
        if !is_kept {
            return Ok(());
        }
        let (next, reason) = match judge(stage, job.attempts, &round) {
            Verdict::Wait => {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            Verdict::Postpone(reason) => {
                tracing::warn!(tenant.id = %job.tenant(), reason, "a tenant's move will be tried again");
                return deps
                    .db
                    .in_system(async |tx| {
                        store::postpone(tx, &job, &reason).await.map(drop).map_err(Problem::from)
                    })
                    .await;
            }
            Verdict::Advance => (stage.next(), None),
            Verdict::TurnBack(reason) => {
                tracing::error!(tenant.id = %job.tenant(), reason, "a tenant's move is rolled back");
                (Stage::Back(MoveStep::Copy), Some(reason))
            }
        };
        if !advance(deps, &job, next, reason.as_deref()).await? {
            return Ok(());
        }
        job = job.at(next);
    }
    Ok(())
}

/// Asks the services that have not taken the step.
async fn ask(deps: &Deps, job: &mut Job) -> Round {
    let Some(order) = job.order() else {
        return Round { failures: vec!["the move is unknown to this version".into()], ..Round::default() };
    };
    let path = order.path();
    let left: Vec<Service> = INFORMED.into_iter().filter(|service| !job.is_done(*service)).collect();
    let calls = left.iter().map(|service| deps.peers.put::<MoveProgress>(*service, &path, &order));
    let answers = futures::future::join_all(calls).await;
    let mut round = Round::default();
    let mut done = Vec::new();
    for (service, answer) in left.into_iter().zip(answers) {
        match answer {
            Ok(MoveProgress { is_done: true }) => done.push(service),
            Ok(MoveProgress { is_done: false }) => round.is_waiting = true,
            Err(error @ CallError::Away(..)) => round.failures.push(error.to_string()),
            Err(CallError::Refused(service, problem)) => {
                round.refusals.push(format!("{service}: {}: {}", problem.code, problem.detail));
            }
        }
    }
    job.done(&done);
    round
}

/// Puts the move at the next stage. Once every service has switched, the tenant is where it should be.
async fn advance(deps: &Deps, job: &Job, next: Stage, reason: Option<&str>) -> Result<bool, Problem> {
    deps.db
        .in_tenant(job.tenant(), async |tx| {
            if !store::advance(tx, job, next, reason).await? {
                return Ok(false);
            }
            if next == Stage::Forward(MoveStep::Clear) {
                let (before, after) = store::arrive(tx, job).await?;
                tenancy::tenant_updated(tx, &before, &after).await?;
            }
            Ok(true)
        })
        .await
}
