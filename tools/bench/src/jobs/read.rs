//! One lead by its id, a different one each time.

use anyhow::Result;

use super::{Contestant, Goal, Job, Plan, compare};
use crate::captured::{capture, script};
use crate::database::Load;
use crate::measure::Measure;
use crate::stage::Stage;
use crate::wrk::Lua;

const SCRIPT: &str = include_str!("../scripts/read_one.lua");

/// Over few connections and over many.
pub(super) fn run(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    [32, 64].into_iter().map(|connections| read_one(stage, plan, connections)).collect()
}

fn read_one(stage: &Stage<'_>, plan: Plan, connections: usize) -> Result<Job> {
    let database = stage.database()?;
    let example = stage.leads.example();
    let path = format!("/api/v2/leads/{example}");
    let request = || stage.ask(&path, None).map(drop);
    let statements = capture(&stage.platform, &database, stage.cancel, request)?;
    let (head, id) = stage.leads.choice();
    let captured = script(&head, &statements, Some((&example, id)));
    let alone = database.script("read_one.sql", &captured.text)?;

    let contestants = [
        Contestant { name: "GET /leads/{id} through the gateway", run: Box::new(asked(stage, connections)?) },
        Contestant {
            name: "pgbench: the same SQL",
            run: Box::new(|seconds| {
                database.pgbench(&Load {
                    script: &alone,
                    variables: &captured.variables,
                    tenant: &stage.demo.tenant.id,
                    is_planned_for_it: false,
                    connections,
                    seconds,
                })
            }),
        },
    ];
    let lines = compare(stage, plan, &contestants, &[])?;
    let mut job = Job::new("read one", connections, lines);
    job.goals.push(Goal::at_least("ratio", 0.35, job.ratio_to(1)));
    Ok(job)
}

/// Asks the platform for so many seconds.
pub(super) fn asked<'s>(
    stage: &'s Stage<'_>,
    connections: usize,
) -> Result<impl Fn(u64) -> Result<Measure> + use<'s>> {
    let (wrk, host, token) = (stage.wrk(), stage.host(), stage.token()?);
    let values = [
        ("host", Lua::Text(&host)),
        ("token", Lua::Text(&token)),
        ("tenant", Lua::Text(&stage.demo.tenant.id)),
        ("first", Lua::Number(stage.leads.first)),
        ("step", Lua::Number(stage.leads.step)),
        ("leads", Lua::Number(stage.leads.count)),
    ];
    let script = wrk.script("read_one.lua", &values, SCRIPT)?;
    let url = stage.platform.base_url();
    Ok(move |seconds| wrk.run(&script, &url, connections, seconds))
}
