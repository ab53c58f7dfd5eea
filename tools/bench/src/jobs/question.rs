//! The same request again and again, beside the SQL that it sends.

use anyhow::Result;
use serde_json::Value;

use super::{Contestant, Job, Plan, compare};
use crate::captured::{capture, script};
use crate::database::Load;
use crate::measure::Measure;
use crate::stage::Stage;
use crate::wrk::Lua;

const GET: &str = include_str!("../scripts/get.lua");
const POST: &str = include_str!("../scripts/post.lua");

/// What is asked.
pub(super) struct Question<'a> {
    /// In the table.
    pub(super) name: &'a str,
    /// Path and query.
    pub(super) path: &'a str,
    /// The body of a POST; without one it is a GET.
    pub(super) body: Option<&'a Value>,
}

impl Question<'_> {
    /// The platform's answers, and what its SQL alone would take.
    pub(super) fn compared(
        &self,
        stage: &Stage<'_>,
        plan: Plan,
        job: &str,
        connections: usize,
    ) -> Result<Job> {
        let database = stage.database()?;
        let request = || stage.ask(self.path, self.body).map(drop);
        let statements = capture(&stage.platform, &database, stage.cancel, request)?;
        let captured = script("", &statements, None);
        let alone = database.script("question.sql", &captured.text)?;
        let ours = self.asked(stage, connections)?;
        let contestants = [
            Contestant { name: self.name, run: Box::new(ours) },
            Contestant {
                name: "pgbench: the same SQL",
                run: Box::new(|seconds| {
                    database.pgbench(&Load {
                        script: &alone,
                        variables: &captured.variables,
                        tenant: &stage.demo.tenant.id,
                        is_planned_for_it: true,
                        connections,
                        seconds,
                    })
                }),
            },
        ];
        Ok(Job::new(job, connections, compare(stage, plan, &contestants, &[])?))
    }

    /// Asks the platform for so many seconds.
    pub(super) fn asked<'s>(
        &self,
        stage: &'s Stage<'_>,
        connections: usize,
    ) -> Result<impl Fn(u64) -> Result<Measure> + use<'s>> {
        let wrk = stage.wrk();
        let headers = stage.headers()?;
        let mut headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = self.body.map(Value::to_string).unwrap_or_default();
        // Several may be about to be asked in turn.
        let file = format!("{}.lua", self.name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"));
        let script = if self.body.is_some() {
            headers.push(("Content-Type", "application/json"));
            let values = [("headers", Lua::Table(&headers)), ("body", Lua::Text(&body))];
            wrk.script(&file, &values, POST)?
        } else {
            wrk.script(&file, &[("headers", Lua::Table(&headers))], GET)?
        };
        let url = format!("{}{}", stage.platform.base_url(), self.path);
        Ok(move |seconds| wrk.run(&script, &url, connections, seconds))
    }
}
