//! Requests to user-given addresses, their limits and answers.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use url::Url;

use super::EgressError;

const MAX_BYTES: usize = 2 << 20;
const DEADLINE: Duration = Duration::from_secs(10);
const MAX_REDIRECTS: u32 = 3;

/// A request and its bounds: 2 MiB, 10 seconds and 3 redirects unless said otherwise.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) method: Method,
    pub(super) address: String,
    pub(super) headers: Result<HeaderMap, EgressError>,
    pub(super) body: Bytes,
    pub(super) max_bytes: usize,
    pub(super) deadline: Duration,
    pub(super) max_redirects: u32,
}

impl Request {
    /// Fetches an address.
    pub fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url.into(), Bytes::new())
    }

    /// Posts to an address.
    pub fn post(url: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self::new(Method::POST, url.into(), body.into())
    }

    fn new(method: Method, address: String, body: Bytes) -> Self {
        Self {
            method,
            address,
            headers: Ok(HeaderMap::new()),
            body,
            max_bytes: MAX_BYTES,
            deadline: DEADLINE,
            max_redirects: MAX_REDIRECTS,
        }
    }

    /// Adds a header, in place of one of the same name. One that HTTP cannot carry fails the sending.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let parsed = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
        match (&mut self.headers, parsed) {
            (Ok(headers), (Ok(name), Ok(value))) => {
                headers.insert(name, value);
            }
            (Ok(_), _) => self.headers = Err(EgressError::BadHeader(name.to_owned())),
            (Err(_), _) => {}
        }
        self
    }

    /// Largest body taken, in bytes, after decompression.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// How long everything may take together: look-up, connection, redirects and body.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How many redirects are followed; with 0, a redirect is an answer like any other.
    pub fn max_redirects(mut self, redirects: u32) -> Self {
        self.max_redirects = redirects;
        self
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Status.
    pub status: StatusCode,
    /// Where it came from, after redirects.
    pub final_url: Url,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, decompressed.
    pub body: Bytes,
}

impl Response {
    /// A header when it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
