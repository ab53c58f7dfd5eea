//! Calls to the other processes: typed, signed, traced, with a deadline; idempotent ones are tried again.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use contracts::{Service, identity::IDENTITY_HEADER, internal::InternalCall, problem::ProblemBody};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    auth::identity::IdentityKeys, config::PeersConfig, http::context, http::leaving::KEPT_IDLE,
    http::problem::Problem, http::server::BUILD_HEADER,
};

const DEADLINE: Duration = Duration::from_secs(5);
const TRIES: u32 = 3;

/// Calls other services as this one.
#[derive(Clone)]
pub struct Peers {
    inner: Arc<Inner>,
}

struct Inner {
    from: Service,
    addresses: PeersConfig,
    keys: IdentityKeys,
    http: reqwest::Client,
}

/// A document that a service gave.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The service's build, if it says so: its routes are as its document says while this stays the same.
    pub build: Option<String>,
    /// The document.
    pub bytes: Bytes,
}

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No answer in time, or a 5xx.
    #[error("{0} is away: {1}")]
    Away(Service, String),
    /// The answer was a problem the caller must deal with.
    #[error("{0} answered {status} {code}", status = .1.status, code = .1.code)]
    Refused(Service, Box<ProblemBody>),
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Away(..) => Self::unavailable(error.to_string()),
            CallError::Refused(..) => Self::internal(error.to_string()),
        }
    }
}

impl Peers {
    /// Calls as `from`.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(from: Service, addresses: PeersConfig, keys: IdentityKeys) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(1))
            .timeout(DEADLINE)
            .pool_idle_timeout(KEPT_IDLE)
            .build()?;
        Ok(Self { inner: Arc::new(Inner { from, addresses, keys, http }) })
    }

    /// Makes a typed call.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn call<C: InternalCall>(&self, call: &C) -> Result<C::Answer, CallError> {
        self.send(C::SERVICE, C::METHOD, &call.path(), call).await
    }

    /// Sends a request to any service's path.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn send<A: DeserializeOwned>(
        &self,
        to: Service,
        method: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, CallError> {
        let mut pause = Duration::from_millis(50);
        let mut tries = 0;
        loop {
            tries += 1;
            match self.attempt(to, method, path, body).await {
                Err(CallError::Away(..)) if tries < TRIES => {
                    tokio::time::sleep(pause).await;
                    pause *= 3;
                }
                outcome => return outcome,
            }
        }
    }

    /// Reads a document of another service, such as its OpenAPI document.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn fetch(&self, from: Service, path: &str) -> Result<Fetched, CallError> {
        let (mut headers, bytes) = self.exchange::<()>(from, "GET", path, None).await?;
        let build = headers.remove(BUILD_HEADER).and_then(|value| value.to_str().ok().map(str::to_owned));
        Ok(Fetched { build, bytes })
    }

    async fn attempt<A: DeserializeOwned>(
        &self,
        to: Service,
        method: &str,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, CallError> {
        let (_, bytes) = self.exchange(to, method, path, Some(body)).await?;
        serde_json::from_slice(&bytes)
            .map_err(|error| CallError::Away(to, format!("unreadable answer: {error}")))
    }

    async fn exchange<B: Serialize>(
        &self,
        to: Service,
        method: &str,
        path: &str,
        body: Option<&B>,
    ) -> Result<(reqwest::header::HeaderMap, Bytes), CallError> {
        let away = |cause: String| CallError::Away(to, cause);
        let address =
            self.inner.addresses.address(to).ok_or_else(|| away("no address is configured".into()))?;
        let url = address.join(path).map_err(|error| away(error.to_string()))?;
        let context = context::current().unwrap_or_else(|| context::RequestContext::background(None));
        let identity =
            self.inner.keys.sign_service_call(self.inner.from, to, method, path, &context.request_id);
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap_or(reqwest::Method::POST);
        let mut request = self
            .inner
            .http
            .request(method, url)
            .header(IDENTITY_HEADER, identity)
            .header("x-request-id", &context.request_id)
            .header("traceparent", context.trace.header());
        if let Some(body) = body {
            request = request.json(body);
        }
        let mut answer = request.send().await.map_err(|error| away(error.to_string()))?;
        let status = answer.status();
        if status.is_server_error() || status == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Err(away(format!("status {status}")));
        }
        let headers = std::mem::take(answer.headers_mut());
        let bytes = answer.bytes().await.map_err(|error| away(error.to_string()))?;
        if status.is_success() {
            return Ok((headers, bytes));
        }
        match serde_json::from_slice::<ProblemBody>(&bytes) {
            Ok(problem) => Err(CallError::Refused(to, Box::new(problem))),
            Err(_) => Err(away(format!("status {status} without a problem"))),
        }
    }
}
