//! The one client for addresses that users gave: it reaches the public internet and nothing of ours.
//!
//! What a name resolves to is checked where it is dialled, so that no second look-up can answer differently; addresses
//! written as numbers, and every redirect, are checked before dialling. Size and time are bounded, and no proxy of the
//! environment is asked. The allow-list of the configuration is the only exception.

mod error;
mod guard;
mod request;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use ipnet::IpNet;
use reqwest::{
    Method, StatusCode,
    header::{self, HeaderMap},
};
use url::{Host, Url};

pub use error::EgressError;
use guard::Guard;
pub use request::{Request, Response};

use crate::config::Settings;

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// Which addresses may be reached beside public ones.
#[derive(Clone, Debug, Default)]
pub struct EgressConfig {
    /// Ranges that are reached although they are not public.
    pub allow: Vec<IpNet>,
}

impl EgressConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let about =
            "address ranges that user-given addresses may lead to although they are not public, as CIDR";
        Self { allow: settings.list("EGRESS_ALLOW", about) }
    }
}

/// Fetches from and posts to addresses that users gave.
#[derive(Clone, Debug)]
pub struct Egress {
    guard: Arc<Guard>,
    http: reqwest::Client,
}

/// One step on the way of a request: redirects lead to the next.
struct Hop {
    url: Url,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
}

impl Egress {
    /// A client with this allow-list.
    ///
    /// # Errors
    /// When the HTTP client cannot be made, such as for want of trusted certificates.
    pub fn new(config: &EgressConfig) -> anyhow::Result<Self> {
        let guard = Arc::new(Guard::new(config.allow.clone()));
        let http = reqwest::Client::builder()
            .no_proxy()
            .dns_resolver(Arc::clone(&guard))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // A kept connection would be used without looking at where its name leads now.
            .pool_max_idle_per_host(0)
            .tcp_nodelay(true)
            .connect_timeout(CONNECT_DEADLINE)
            .user_agent(concat!("Leadstream/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { guard, http })
    }

    /// Sends a request and reads its answer, whatever its status.
    ///
    /// # Errors
    /// [`EgressError`] when there is no whole answer within the request's bounds.
    pub async fn send(&self, request: Request) -> Result<Response, EgressError> {
        let deadline = request.deadline;
        tokio::time::timeout(deadline, self.follow(request))
            .await
            .unwrap_or(Err(EgressError::Timeout(deadline)))
    }

    async fn follow(&self, request: Request) -> Result<Response, EgressError> {
        let Request { method, address, headers, body, max_bytes, max_redirects, .. } = request;
        let url = Url::parse(address.trim()).map_err(|_| EgressError::BadAddress(address))?;
        let mut hop = Hop { url, method, headers: headers?, body };
        let mut redirects = 0;
        loop {
            let answer = self.dial(&hop).await?;
            let target = (max_redirects > 0).then(|| redirect_target(&hop.url, &answer)).flatten();
            let Some(target) = target else {
                return read(answer, hop.url, max_bytes).await;
            };
            if redirects == max_redirects {
                return Err(EgressError::TooManyRedirects(max_redirects));
            }
            redirects += 1;
            hop = hop.redirected(target?, answer.status());
        }
    }

    async fn dial(&self, hop: &Hop) -> Result<reqwest::Response, EgressError> {
        self.check(&hop.url)?;
        self.http
            .request(hop.method.clone(), hop.url.clone())
            .headers(hop.headers.clone())
            .body(hop.body.clone())
            .send()
            .await
            .map_err(|error| EgressError::of_transport(&error, &hop.url))
    }

    /// What can be said of an address before dialling, such as when it is first given: its scheme, no password, and
    /// what it leads to when it is written in numbers. An address in numbers never gets to the resolver.
    ///
    /// # Errors
    /// [`EgressError::BadAddress`] and [`EgressError::Blocked`]: no request to it would ever be sent.
    pub fn check(&self, url: &Url) -> Result<(), EgressError> {
        let has_password = !url.username().is_empty() || url.password().is_some();
        if !matches!(url.scheme(), "http" | "https") || has_password {
            return Err(EgressError::BadAddress(shown(url)));
        }
        let checked = match url.host() {
            Some(Host::Ipv4(address)) => self.guard.check(address.into()),
            Some(Host::Ipv6(address)) => self.guard.check(address.into()),
            Some(Host::Domain(_)) => Ok(()),
            None => return Err(EgressError::BadAddress(shown(url))),
        };
        checked.map_err(|reason| EgressError::Blocked { host: error::host(url), reason })
    }
}

impl Hop {
    fn redirected(self, target: Url, status: StatusCode) -> Self {
        let mut headers = self.headers;
        if target.origin() != self.url.origin() {
            headers = harmless(&headers);
        }
        let keeps_method = matches!(status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
        if keeps_method {
            return Self { url: target, method: self.method, headers, body: self.body };
        }
        headers.remove(header::CONTENT_TYPE);
        Self { url: target, method: Method::GET, headers, body: Bytes::new() }
    }
}

/// The headers that another host may see: what we take, not who we are.
fn harmless(headers: &HeaderMap) -> HeaderMap {
    let kept = [header::ACCEPT, header::ACCEPT_LANGUAGE, header::USER_AGENT, header::CONTENT_TYPE];
    kept.into_iter().filter_map(|name| Some((name.clone(), headers.get(&name)?.clone()))).collect()
}

/// Where the answer sends us; none when it does not.
fn redirect_target(from: &Url, answer: &reqwest::Response) -> Option<Result<Url, EgressError>> {
    let is_redirect = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = answer.headers().get(header::LOCATION).filter(|_| is_redirect)?;
    let text = String::from_utf8_lossy(location.as_bytes());
    Some(from.join(&text).map_err(|_| EgressError::BadAddress(text.into_owned())))
}

async fn read(mut answer: reqwest::Response, url: Url, max_bytes: usize) -> Result<Response, EgressError> {
    let announced =
        answer.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    if announced > max_bytes {
        return Err(EgressError::TooLarge(max_bytes));
    }
    let mut body = BytesMut::with_capacity(announced);
    while let Some(chunk) = answer.chunk().await.map_err(|error| EgressError::of_transport(&error, &url))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(EgressError::TooLarge(max_bytes));
        }
        body.extend_from_slice(&chunk);
    }
    let headers = std::mem::take(answer.headers_mut());
    Ok(Response { status: answer.status(), final_url: url, headers, body: body.freeze() })
}

/// The address without a password, for a message.
fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    if shown.set_username("").is_err() || shown.set_password(None).is_err() {
        return format!("{}:…", url.scheme());
    }
    shown.into()
}
