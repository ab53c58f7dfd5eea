//! What the gateway adds to a small answer.

use anyhow::Result;

use super::{Contestant, Goal, Job, Plan, compare};
use crate::bench::nginx::Nginx;
use crate::bench::stage::Stage;
use crate::bench::wrk::Lua;

const SCRIPT: &str = include_str!("../scripts/get.lua");
const OPEN: &str = "/api/v2/auth/hello";
const SIGNED_IN: &str = "/api/v2/auth/hello_with_auth";

/// Under load: how many in a second.
pub(in crate::bench) fn throughput(stage: &Stage<'_>, plan: Plan, connections: usize) -> Result<Job> {
    let (mut job, has_nginx) = hello(stage, plan, "gateway, small answer", connections, true)?;
    if has_nginx {
        job.goals.push(Goal::at_least("ratio to nginx", 0.8, job.ratio_to(3)));
    }
    Ok(job)
}

/// One request after another: how much later each is answered.
pub(in crate::bench) fn latency(stage: &Stage<'_>, plan: Plan) -> Result<Job> {
    let (mut job, _) = hello(stage, plan, "gateway, one at a time", 1, false)?;
    let p50 = |line: usize| job.lines.get(line).map_or(0.0, |line| line.measure.p50_us as f64);
    let added = p50(0) - p50(1);
    job.goals.push(Goal::at_most("µs added at p50", 150.0, added));
    Ok(job)
}

fn hello(
    stage: &Stage<'_>,
    plan: Plan,
    name: &str,
    connections: usize,
    signed_in: bool,
) -> Result<(Job, bool)> {
    let upstream = stage.platform.service_url("auth-service");
    let nginx = match &stage.tools.nginx {
        Some(binary) => Some(Nginx::start(binary, &stage.dir, &upstream, stage.cancel)?),
        None => None,
    };
    let wrk = stage.wrk();
    let open = wrk.script("open.lua", &[("headers", Lua::Table(&[]))], SCRIPT)?;
    let headers = stage.headers();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let known = wrk.script("known.lua", &[("headers", Lua::Table(&headers))], SCRIPT)?;

    let (script, binding) = (&open, &wrk);
    let by = |url: String| move |seconds| binding.run(script, &url, connections, seconds);
    let mut contestants = vec![
        Contestant {
            name: "hello through the gateway",
            run: Box::new(by(format!("{}{OPEN}", stage.platform.base_url()))),
        },
        Contestant { name: "hello from the service itself", run: Box::new(by(format!("{upstream}{OPEN}"))) },
    ];
    if signed_in {
        let url = format!("{}{SIGNED_IN}", stage.platform.base_url());
        contestants.push(Contestant {
            name: "hello through the gateway, signed in",
            run: Box::new(move |seconds| binding.run(&known, &url, connections, seconds)),
        });
    }
    let mut others = Vec::new();
    if let Some(nginx) = &nginx {
        others.push(("nginx", nginx.pid()));
        let run = Box::new(by(format!("{}{OPEN}", nginx.url())));
        contestants.push(Contestant { name: "hello through nginx", run });
    }
    let lines = compare(stage, plan, &contestants, &others)?;
    let job = Job { name: name.to_owned(), connections, lines, goals: vec![], notes: vec![] };
    Ok((job, nginx.is_some()))
}
