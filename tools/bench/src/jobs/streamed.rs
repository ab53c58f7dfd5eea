//! Overhead of the gateway on a large answer, which is streamed. The upstream is nginx, which does next to
//! nothing for it, so that what is compared is the hop alone.

use anyhow::Result;

use super::{Contestant, Goal, Job, Plan, compare};
use crate::nginx::Nginx;
use crate::stage::{LARGE_PATH, Stage};
use crate::wrk::Lua;

const SCRIPT: &str = include_str!("../scripts/get.lua");
const CONNECTIONS: usize = 64;

/// Nothing where there is no nginx.
pub(super) fn run(stage: &Stage<'_>, plan: Plan) -> Result<Vec<Job>> {
    let (Some(binary), Some(upstream)) = (&stage.tools.nginx, &stage.upstream) else { return Ok(Vec::new()) };
    let plain = Nginx::before(&upstream.url(), binary, &stage.dir, stage.cancel)?;
    let wrk = stage.wrk();
    let headers = stage.headers()?;
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let script = wrk.script("large.lua", &[("headers", Lua::Table(&headers))], SCRIPT)?;
    let from = |base_url: String| {
        let (wrk, script, url) = (&wrk, &script, format!("{base_url}{LARGE_PATH}"));
        Box::new(move |seconds| wrk.run(script, &url, CONNECTIONS, seconds))
    };
    let contestants = [
        Contestant { name: "64 KiB through the gateway, signed in", run: from(stage.platform.base_url()) },
        Contestant { name: "64 KiB through nginx", run: from(plain.url()) },
        Contestant { name: "64 KiB from the upstream itself", run: from(upstream.url()) },
    ];
    let others = [("nginx", plain.pid()), ("upstream", upstream.pid())];
    let mut job = Job::new("gateway, 64 KiB", CONNECTIONS, compare(stage, plan, &contestants, &others)?);
    job.goals.push(Goal::at_least("ratio to nginx", 1.0, job.ratio_to(1)));
    Ok(vec![job])
}
