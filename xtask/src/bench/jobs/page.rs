//! A page of 50 leads of one status, best first.

use anyhow::Result;

use super::{Contestant, Goal, Job, Plan, compare};
use crate::bench::captured::{capture, script};
use crate::bench::database::Load;
use crate::bench::stage::Stage;
use crate::bench::wrk::Lua;

const SCRIPT: &str = include_str!("../scripts/get.lua");

/// With how many leads there are in all.
pub(in crate::bench) fn counted(stage: &Stage<'_>, plan: Plan, connections: usize) -> Result<Job> {
    let mut job = page(stage, plan, connections, "read page, counted", "status=new&page_size=50")?;
    job.goals.push(Goal::at_least("ratio", 0.8, job.ratio_to(1)));
    let statement = "select count(*) from leads where tenant_id = :'tenant' and status = 'new';\n";
    let matching = stage.database()?.number(statement, &[("tenant", stage.demo.tenant.id.clone())])?;
    job.notes.push(format!("{matching} leads match and are counted for every page"));
    Ok(job)
}

/// Without, so that it is seen what the platform itself adds.
pub(in crate::bench) fn uncounted(stage: &Stage<'_>, plan: Plan, connections: usize) -> Result<Job> {
    page(stage, plan, connections, "read page, not counted", "status=new&page_size=50&count=none")
}

fn page(stage: &Stage<'_>, plan: Plan, connections: usize, name: &str, query: &str) -> Result<Job> {
    let database = stage.database()?;
    let url = format!("{}/api/v2/leads?{query}", stage.platform.base_url());
    let statements = capture(&stage.platform, &database, stage.cancel, || stage.get(&url))?;
    let captured = script("", &statements, None);
    let alone = database.script("page.sql", &captured.text)?;

    let wrk = stage.wrk();
    let headers = stage.headers();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let through = wrk.script("page.lua", &[("headers", Lua::Table(&headers))], SCRIPT)?;
    let contestants = [
        Contestant {
            name: "GET /leads through the gateway",
            run: Box::new(|seconds| wrk.run(&through, &url, connections, seconds)),
        },
        Contestant {
            name: "pgbench: the same SQL",
            run: Box::new(|seconds| {
                database.pgbench(&Load {
                    script: &alone,
                    variables: &captured.variables,
                    tenant: &stage.demo.tenant.id,
                    connections,
                    seconds,
                })
            }),
        },
    ];
    let lines = compare(stage, plan, &contestants, &[])?;
    Ok(Job { name: name.to_owned(), connections, lines, goals: vec![], notes: vec![] })
}
