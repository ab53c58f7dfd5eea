//! The scene of a job before it asks: its run, its waterfall, who is asked.

use chrono::Utc;
use contracts::internal::enrichments::EnrichmentType;
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use platform::{
    Problem,
    db::TenantTx,
    jobs::Lease,
    zones::{self, Tz},
};
use uuid::Uuid;

use super::EnrichmentJob;
use crate::{
    accounts,
    asking::{Budget, Purpose, Scope, day},
    deps::Deps,
    jobs::domain::Status,
    runs::{self, store::Running},
    schema::jobs::dsl,
    waterfalls::{self, api::WaterfallView, domain::WaterfallType, estimating::Asked},
};

/// Everything that is known when a job begins.
pub struct Scene {
    /// Its run.
    pub run: Option<Running>,
    /// The waterfall that it runs.
    pub waterfall: Option<WaterfallView>,
    /// Who is asked.
    pub steps: Vec<Asked>,
    /// Whether its run was paused meanwhile.
    pub is_held: bool,
}

/// Begins a run of a job that is still leased to it: none when it is not.
pub async fn enter(deps: &Deps, job: &EnrichmentJob, lease: &Lease) -> Result<Option<Scene>, Problem> {
    deps.db
        .in_tenant(job.tenant(), async |tx| {
            if !lease.hold::<EnrichmentJob>(tx).await? {
                return Ok(None);
            }
            let run = match job.run_id {
                Some(run) => runs::store::running(tx, run).await?,
                None => None,
            };
            let is_held = run.as_ref().is_some_and(|run| !run.status.is_running());
            let waterfall = waterfall(tx, job).await?;
            let steps = match &waterfall {
                Some(waterfall) => waterfalls::estimating::steps(tx, deps, waterfall).await?,
                // A waterfall that was named and is gone is asked of no one.
                None if job.waterfall_id.is_some() => Vec::new(),
                None if job.column_id.is_some() => Vec::new(),
                None => waterfalls::estimating::covering(tx, deps, job.kind()?).await?,
            };
            if !is_held {
                begin(tx, job, waterfall.as_ref()).await?;
            }
            Ok(Some(Scene { run, waterfall, steps, is_held }))
        })
        .await
}

async fn waterfall(tx: &mut TenantTx<'_>, job: &EnrichmentJob) -> Result<Option<WaterfallView>, Problem> {
    let kind = match job.kind()? {
        EnrichmentType::CompanyInfo => WaterfallType::CompanyInfo,
        EnrichmentType::GenerateLeads => WaterfallType::GenerateLeads,
        EnrichmentType::LeadInfo => WaterfallType::LeadInfo,
        EnrichmentType::LeadLinkedinResearch => WaterfallType::LeadLinkedinResearch,
        EnrichmentType::CustomColumn => return Ok(None),
    };
    match job.waterfall_id {
        Some(id) => Ok(waterfalls::store::find(tx, id).await?),
        None => Ok(waterfalls::store::default(tx, kind).await?),
    }
}

async fn begin(
    tx: &mut TenantTx<'_>,
    job: &EnrichmentJob,
    waterfall: Option<&WaterfallView>,
) -> Result<(), Problem> {
    diesel::update(dsl::jobs.filter(dsl::id.eq(job.id)))
        .set((
            dsl::status.eq(Status::InProgress.name()),
            dsl::waterfall_id.eq(waterfall.map(|waterfall| waterfall.id).or(job.waterfall_id)),
            dsl::waterfall_version.eq(waterfall.map(|waterfall| waterfall.version)),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(Utc::now()),
        ))
        .execute(&mut **tx)
        .await?;
    accounts::store::running(tx, job.id).await?;
    Ok(())
}

impl Scene {
    /// The tenant's zone as far as it is known here.
    pub fn zone(&self) -> Tz {
        let named = self.run.as_ref().and_then(|run| run.time_zone.as_deref());
        named.and_then(zones::named).unwrap_or(Tz::UTC)
    }

    /// Owners of the records that the starter of the run saw.
    pub fn seen_by(&self) -> Option<Vec<Uuid>> {
        self.run.as_ref().and_then(|run| run.seen_by.clone())
    }

    /// The purpose of a call of this job.
    pub fn purpose(&self, deps: &Deps, job: &EnrichmentJob) -> Purpose {
        let zone = self.zone();
        let today = day(Utc::now(), zone);
        let mut budgets = Vec::new();
        if let Some(waterfall) = &self.waterfall {
            budgets.push(Budget {
                scope: Scope::Waterfall,
                id: waterfall.id,
                period: today.clone(),
                limit: waterfall.max_cost_per_day,
            });
        }
        if let (Some(id), Some(run)) = (job.run_id, &self.run) {
            budgets.push(Budget { scope: Scope::Run, id, period: "all".to_owned(), limit: run.max_cost });
        }
        if job.started_by.is_none() && job.run_id.is_none() {
            let limit = Some(deps.anonymous_daily);
            budgets.push(Budget { scope: Scope::Anonymous, id: Uuid::nil(), period: today, limit });
        }
        Purpose {
            job_id: Some(job.id),
            run_id: job.run_id,
            waterfall_id: self.waterfall.as_ref().map(|waterfall| waterfall.id),
            subject_id: Some(job.subject_id),
            budgets,
            cache_hours: self.waterfall.as_ref().and_then(|waterfall| waterfall.cache_hours),
            force: job.force,
            zone,
            ..Purpose::of(job.tenant())
        }
    }
}
