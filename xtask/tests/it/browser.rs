//! A private platform and an HTTP client of it.

use std::{
    thread,
    time::{Duration, Instant},
};

use devstack::{Options, Platform, engines::throwaway::scratch_directory};
use serde_json::{Value, json};
use ureq::{Agent, Body, RequestBuilder, http::Response, typestate::WithBody};

/// Platform of a test, removed at its end.
pub fn platform() -> Platform {
    start(|options| options)
}

/// The same with raised limits, for tests with many requests.
pub fn tireless_platform() -> Platform {
    start(Options::with_raised_limits)
}

fn start(adapted: impl FnOnce(Options) -> Options) -> Platform {
    let dir = scratch_directory("e2e");
    // `cargo xtask test` has built the binaries; a build within its run would wait for cargo's lock.
    let options = Options { ephemeral: true, build: false, ..adapted(Options::at(dir)) };
    Platform::start(&options).unwrap()
}

/// A client of the gateway.
#[derive(Clone)]
pub struct Browser {
    agent: Agent,
    base: String,
    headers: Vec<(String, String)>,
}

/// Complete answer.
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Body as JSON.
    pub body: Value,
    /// Headers.
    pub headers: Vec<(String, String)>,
}

impl Answer {
    /// The body, when the status is as expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }
}

impl Browser {
    /// Anonymous.
    pub fn new(platform: &Platform) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(15)));
        Self { agent: config.build().into(), base: platform.base_url(), headers: Vec::new() }
    }

    /// The demo's form, with its key.
    pub fn form(platform: &Platform) -> Self {
        Self::new(platform).with("X-API-Key", &platform.demo().unwrap().api_key)
    }

    /// The demo tenant's admin, signed in.
    pub fn tenant_admin(platform: &Platform) -> Self {
        let demo = platform.demo().unwrap();
        let anonymous = Self::new(platform);
        let credentials = json!({"email": demo.tenant_admin.email, "password": demo.tenant_admin.password});
        let session = anonymous.post("/api/v2/auth/login", &credentials).expect(200);
        let bearer = format!("Bearer {}", session["access_token"].as_str().unwrap());
        anonymous.with("Authorization", &bearer).with("X-Tenant-Id", &demo.tenant.client_id)
    }

    /// Sends this header too.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        read(request.call().unwrap())
    }

    /// POST with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).unwrap()
    }

    /// POST that may get no answer at all.
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        Ok(read(request.send_json(body)?))
    }

    /// PUT with a JSON body.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.written(self.agent.put(format!("{}{path}", self.base)), body)
    }

    /// PATCH with a JSON body.
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.written(self.agent.patch(format!("{}{path}", self.base)), body)
    }

    fn written(&self, mut request: RequestBuilder<WithBody>, body: &Value) -> Answer {
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        read(request.send_json(body).unwrap())
    }

    /// POST of a body of any type.
    pub fn post_raw(&self, path: &str, media_type: &str, body: &[u8]) -> Answer {
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("Content-Type", media_type);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        read(request.send(body).unwrap())
    }

    /// POST as an HTML form does.
    pub fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        read(request.send_form(fields.iter().copied()).unwrap())
    }
}

fn read(mut response: Response<Body>) -> Answer {
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let text = response.body_mut().read_to_string().unwrap_or_default();
    Answer {
        status: response.status().as_u16(),
        body: serde_json::from_str(&text).unwrap_or_default(),
        headers,
    }
}

/// Polls until there is an answer; fails after `longest`.
#[track_caller]
pub fn eventually<T>(what: &str, longest: Duration, ask: impl Fn() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < longest, "{what}: not within {longest:?}");
        pause(Duration::from_millis(50));
    }
}

/// Waits.
#[expect(clippy::disallowed_methods, reason = "a plain thread may sleep")]
pub fn pause(duration: Duration) {
    thread::sleep(duration);
}
