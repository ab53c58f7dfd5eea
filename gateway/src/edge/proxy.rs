//! Sends an admitted request to its service and the answer back, both as they stream.

use std::{io, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodyStream, BoxBody, SizedStream},
    dev::Payload,
    http::{Method, StatusCode, header},
};
use bytes::{Bytes, BytesMut};
use contracts::identity::Caller;
use futures::{StreamExt, stream};
use platform::Problem;
use tokio::time::{Instant, timeout};

use super::{context::ProxyContext, headers::Keeps, streams::Listening, upstream_request::UpstreamRequest};
use crate::{
    routes::operation::{AccessRequirement, Operation},
    state::Worker,
    upstream::{
        body::{self, Body},
        connection,
        fault::{Fault, UploadFault},
        head::Head,
        pool::Lease,
        upload::{Length, Upload},
    },
};

/// A body limit this large, and its multiples, may take the configured time to arrive.
const LIMIT_PER_DEADLINE: u64 = 1 << 20;

/// One admitted request.
pub struct Admitted<'r> {
    /// The worker it runs on.
    pub worker: &'r Worker,
    /// What is known about it.
    pub ctx: &'r ProxyContext,
    /// What it is for.
    pub operation: &'r Operation,
    /// The request as it came.
    pub request: &'r HttpRequest,
    /// Its canonical path.
    pub path: &'r str,
}

impl Admitted<'_> {
    /// The service's answer, and the rate per second that it says the caller's credential has spent.
    ///
    /// # Errors
    /// What kept us from getting one.
    pub async fn forward(
        &self,
        payload: &mut Payload,
        caller: Caller,
    ) -> Result<(HttpResponse<BoxBody>, Option<u32>), Problem> {
        let service = self.operation.service;
        let outcome = self.ask(payload, caller).await;
        if let Some(breaker) = self.worker.gateway.breakers.of(service) {
            match &outcome {
                Ok(_) => breaker.succeeded(),
                Err(fault) if fault.is_failure() => breaker.failed(),
                Err(_) => {}
            }
        }
        let (head, lease) = outcome.map_err(|fault| fault.problem(service))?;
        if let Some(build) = &head.build {
            self.worker.gateway.routes.seen_build(service, build.as_bytes());
        }
        let spent = head.rate.filter(|_| head.status == StatusCode::TOO_MANY_REQUESTS);
        Ok((self.answer(head, lease)?, spent))
    }

    async fn ask(&self, payload: &mut Payload, caller: Caller) -> Result<(Head, Lease), Fault> {
        let gateway = &self.worker.gateway;
        let config = &gateway.config;
        let limit =
            self.operation.body_limit.unwrap_or(u64::try_from(config.http.body_limit).unwrap_or(u64::MAX));
        let allowance = self.body_allowance(limit);
        let mut upload = self.upload(payload, limit, allowance).map_err(Fault::Upload)?;
        let service = self.operation.service;
        if gateway.breakers.of(service).is_some_and(|breaker| !breaker.lets_through()) {
            return Err(Fault::Open);
        }
        let pool = self.worker.pool(service).ok_or(Fault::Open)?;
        let method = self.request.method();
        let forwarded = UpstreamRequest {
            request: self.request,
            service,
            authority: &pool.authority,
            method: if method == Method::HEAD { "GET" } else { method.as_str() },
            path: self.path,
            body: upload.as_ref().map(Upload::length),
            keeps: Keeps {
                authorization: self.operation.demand == AccessRequirement::Signed,
                cookie: self.operation.takes_cookie,
            },
            own_host: self.operation.takes_cookie.then(|| {
                let host = self.ctx.client.host.as_deref().unwrap_or_default();
                gateway.own_hosts.tenant_host(host).is_none()
            }),
        };
        let mut out = forwarded.write(self.ctx, &gateway.keys, caller);
        let has_more = match &mut upload {
            Some(upload) => connection::gather(&mut out, upload).await.map_err(Fault::Upload)?,
            None => false,
        };
        let deadline = config.http.request_deadline;
        if let (Some(rest), true) = (&mut upload, has_more) {
            let asking = async {
                // What is sent piece by piece cannot be sent again on another connection.
                let mut lease = pool.lease(true).await?;
                let head = connection::ask_with_rest(&mut lease, out, rest).await?;
                Ok((head, lease))
            };
            return timeout(deadline + allowance, asking).await.unwrap_or(Err(Fault::Late));
        }
        let may_repeat = upload.is_none() && matches!(*method, Method::GET | Method::HEAD);
        let asking = self.ask_whole(&out, may_repeat);
        timeout(deadline, asking).await.unwrap_or(Err(Fault::Late))
    }

    async fn ask_whole(&self, out: &BytesMut, may_repeat: bool) -> Result<(Head, Lease), Fault> {
        let pool = self.worker.pool(self.operation.service).ok_or(Fault::Open)?;
        let attempt = async |fresh: bool| {
            let mut lease = pool.lease(fresh).await?;
            let head = connection::ask(&mut lease, out).await?;
            Ok((head, lease))
        };
        match attempt(false).await {
            Err(Fault::Stale) if may_repeat => attempt(true).await,
            // The service may have processed the request.
            Err(Fault::Stale) => Err(Fault::Broken(io::ErrorKind::ConnectionReset.into())),
            outcome => outcome,
        }
    }

    fn upload<'p>(
        &self,
        payload: &'p mut Payload,
        limit: u64,
        allowance: Duration,
    ) -> Result<Option<Upload<'p>>, UploadFault> {
        let headers = self.request.headers();
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let length = match announced {
            Some(length) => Length::Sized(length),
            None if headers.contains_key(header::TRANSFER_ENCODING) => Length::Chunked,
            None => return Ok(None),
        };
        Upload::new(payload, length, limit, Instant::now() + allowance).map(Some)
    }

    /// Large bodies may take longer to arrive.
    fn body_allowance(&self, limit: u64) -> Duration {
        let portions = u32::try_from(limit.div_ceil(LIMIT_PER_DEADLINE).max(1)).unwrap_or(u32::MAX);
        self.worker.gateway.config.http.body_deadline.saturating_mul(portions).min(Duration::from_secs(3_600))
    }

    fn answer(&self, head: Head, mut lease: Lease) -> Result<HttpResponse<BoxBody>, Problem> {
        let Head { status, mut headers, framing, keep_alive, .. } = head;
        if !self.operation.takes_cookie {
            headers.remove(header::SET_COOKIE);
        }
        let is_head = *self.request.method() == Method::HEAD;
        let is_event_stream = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/event-stream"));
        let listening = if is_event_stream && !is_head {
            lease.leave_place();
            Some(Listening::begin(&self.worker.gateway, self.ctx)?)
        } else {
            None
        };
        let body =
            body::receive(lease, framing, keep_alive, self.worker.gateway.config.upstream.idle_timeout);
        let mut response = HttpResponse::new(status);
        *response.headers_mut() = headers;
        if is_head {
            return Ok(response.set_body(without_content(&body)));
        }
        Ok(response.set_body(match (body, listening) {
            (Body::Whole(bytes), _) => BoxBody::new(bytes),
            (Body::Streamed(Some(length), stream), _) => BoxBody::new(SizedStream::new(length, stream)),
            (Body::Streamed(None, stream), Some(listening)) => {
                BoxBody::new(BodyStream::new(stream.take_until(Box::pin(listening.over()))))
            }
            (Body::Streamed(None, stream), None) => BoxBody::new(BodyStream::new(stream)),
        }))
    }
}

/// A body of the same announced length of which nothing is sent, for HEAD.
fn without_content(body: &Body) -> BoxBody {
    let nothing = stream::empty::<io::Result<Bytes>>();
    match body {
        Body::Whole(bytes) => {
            BoxBody::new(SizedStream::new(u64::try_from(bytes.len()).unwrap_or_default(), nothing))
        }
        Body::Streamed(Some(length), _) => BoxBody::new(SizedStream::new(*length, nothing)),
        Body::Streamed(None, _) => BoxBody::new(BodyStream::new(nothing)),
    }
}
