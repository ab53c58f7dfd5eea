//! Calls to the other processes: typed, signed, traced, with a deadline; those that may be repeated are tried again.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use contracts::{
    Service,
    identity::IDENTITY_HEADER,
    internal::{CallKind, InternalCall},
    problem::ProblemBody,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    auth::identity::IdentityKeys,
    config::PeersConfig,
    http::context,
    http::leaving::KEPT_IDLE,
    http::problem::Problem,
    http::server::BUILD_HEADER,
    retry::{Backoff, retry},
};

const DEADLINE: Duration = Duration::from_secs(5);
/// How often a call is sent that may be repeated.
const TRIES: u32 = 3;
const PAUSES: Backoff =
    Backoff { first: Duration::from_millis(50), factor: 3, longest: Duration::from_millis(150) };

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

    /// Makes a typed call. One that may be repeated is tried again while its service is away.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn call<C: InternalCall>(&self, call: &C) -> Result<C::Answer, CallError> {
        self.send(C::SERVICE, C::KIND, &call.path(), call).await
    }

    /// Puts a document to a path that several services have. Tried again like any idempotent call.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn put<A: DeserializeOwned>(
        &self,
        to: Service,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, CallError> {
        self.send(to, CallKind::Put, path, body).await
    }

    async fn send<A: DeserializeOwned>(
        &self,
        to: Service,
        kind: CallKind,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, CallError> {
        let tries = if kind.is_repeatable() { TRIES } else { 1 };
        let is_away = |error: &CallError| matches!(error, CallError::Away(..));
        let exchange = async || self.exchange(to, kind.method(), path, Some(body)).await;
        let (_, bytes) = retry(tries, PAUSES, is_away, exchange).await?;
        // The call was carried out: sending it again would bring the same answer.
        serde_json::from_slice(&bytes)
            .map_err(|error| CallError::Away(to, format!("unreadable answer: {error}")))
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
