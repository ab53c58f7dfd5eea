//! Overhead of the gateway on a small answer.

use anyhow::Result;

use super::{Contestant, Goal, Job, Plan, compare};
use crate::identity;
use crate::nginx::Nginx;
use crate::stage::Stage;
use crate::wrk::Lua;

const SCRIPT: &str = include_str!("../scripts/get.lua");
const OPEN: &str = "/api/v2/auth/hello";
const SIGNED_IN: &str = "/api/v2/auth/hello_with_auth";

/// Under load, and one request after another.
pub(super) fn run(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    Ok(vec![throughput(stage, plan, 64)?, latency(stage, plan)?])
}

/// Under load: how many in a second.
fn throughput(stage: &Stage<'_>, plan: Plan, connections: usize) -> Result<Job> {
    let (mut job, has_nginx) = hello(stage, plan, "gateway, small answer", connections, true)?;
    if has_nginx {
        job.goals.push(Goal::at_least("ratio to nginx", 0.8, job.ratio_to(2)));
    }
    Ok(job)
}

/// One request after another: how much later each is answered.
fn latency(stage: &Stage<'_>, plan: Plan) -> Result<Job> {
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
        Some(binary) => Some(Nginx::before(&upstream, binary, &stage.dir, stage.cancel)?),
        None => None,
    };
    let wrk = stage.wrk();
    let open = wrk.script("open.lua", &[("headers", Lua::Table(&[]))], SCRIPT)?;
    let headers = stage.headers()?;
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let known = wrk.script("known.lua", &[("headers", Lua::Table(&headers))], SCRIPT)?;

    let generator = &wrk;
    let through_gateway = |script, path| {
        let url = format!("{}{path}", stage.platform.base_url());
        move |seconds| generator.run(script, &url, connections, seconds)
    };
    // The service requires a signed identity, which is valid for a minute.
    let past_gateway = |url: String| {
        move |seconds| {
            let identity = identity::anonymous(&stage.identity_secret, OPEN)?;
            let headers = [(identity::HEADER, identity.as_str())];
            let script = generator.script("signed.lua", &[("headers", Lua::Table(&headers))], SCRIPT)?;
            generator.run(&script, &format!("{url}{OPEN}"), connections, seconds)
        }
    };
    let mut contestants = vec![
        Contestant { name: "hello through the gateway", run: Box::new(through_gateway(&open, OPEN)) },
        Contestant { name: "hello from the service itself", run: Box::new(past_gateway(upstream)) },
    ];
    let mut others = Vec::new();
    if let Some(nginx) = &nginx {
        others.push(("nginx", nginx.pid()));
        contestants
            .push(Contestant { name: "hello through nginx", run: Box::new(past_gateway(nginx.url())) });
    }
    if signed_in {
        contestants.push(Contestant {
            name: "hello through the gateway, signed in",
            run: Box::new(through_gateway(&known, SIGNED_IN)),
        });
    }
    let lines = compare(stage, plan, &contestants, &others)?;
    Ok((Job::new(name, connections, lines), nginx.is_some()))
}
