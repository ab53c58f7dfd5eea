//! A page of 50 leads of one status, best first.

use anyhow::Result;

use super::question::Question;
use super::{Goal, Job, Plan};
use crate::stage::Stage;

const CONNECTIONS: usize = 64;

/// With how many leads there are in all, and without.
pub(super) fn run(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    Ok(vec![counted(stage, plan)?, uncounted(stage, plan)?])
}

fn counted(stage: &Stage<'_>, plan: Plan) -> Result<Job> {
    let mut job = page(stage, plan, "read page, counted", "/api/v2/leads?status=new&page_size=50")?;
    job.goals.push(Goal::at_least("ratio", 0.8, job.ratio_to(1)));
    let statement = "select count(*) from leads where tenant_id = :'tenant' and status = 'new';\n";
    let matching = stage.database()?.number(statement, &[("tenant", stage.demo.tenant.id.clone())])?;
    job.notes.push(format!("{matching} leads match and are counted for every page"));
    Ok(job)
}

/// So that it is seen what the platform itself adds.
fn uncounted(stage: &Stage<'_>, plan: Plan) -> Result<Job> {
    page(stage, plan, "read page, not counted", "/api/v2/leads?status=new&page_size=50&count=none")
}

fn page(stage: &Stage<'_>, plan: Plan, job: &str, path: &str) -> Result<Job> {
    let question = Question { name: "GET /leads through the gateway", path, body: None };
    question.compared(stage, plan, job, CONNECTIONS)
}
