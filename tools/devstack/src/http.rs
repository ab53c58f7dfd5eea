//! The few HTTP requests that starting and seeding a platform needs, all of them to this machine.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

/// A client that never uses a proxy, follows no redirect and treats every status as an answer.
#[derive(Clone, Debug)]
pub struct Http {
    agent: Agent,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON; `null` when it isn't JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

impl Http {
    /// A client with a time limit per request.
    pub fn with_limit(limit: Duration) -> Self {
        let config = Agent::config_builder()
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(limit))
            .build();
        Self { agent: config.new_agent() }
    }

    /// Sends one request, with a JSON body when there is one.
    pub fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = match body {
            Some(json) => self
                .agent
                .run(request.header("content-type", "application/json").body(serde_json::to_vec(json)?)?),
            None => self.agent.run(request.body(())?),
        };
        let mut response = response.with_context(|| format!("{method} {url} got no answer"))?;
        let status = response.status().as_u16();
        let text = response
            .body_mut()
            .read_to_string()
            .with_context(|| format!("the answer to {method} {url} broke off"))?;
        Ok(Answer { status, text })
    }

    /// Whether `GET url` answers 200 right now.
    pub fn is_ok(&self, url: &str) -> bool {
        self.send("GET", url, &[], None).is_ok_and(|answer| answer.status == 200)
    }
}

/// Whether the service on this port says that it can serve.
pub fn is_ready(port: u16) -> bool {
    Http::with_limit(Duration::from_secs(2)).is_ok(&format!("http://127.0.0.1:{port}/health/ready"))
}
