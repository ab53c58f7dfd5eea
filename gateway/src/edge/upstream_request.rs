//! The head of the request that a service sees: the caller's, cleaned, with what the gateway vouches for.

use actix_web::{HttpRequest, http::header::HeaderMap};
use bytes::{BufMut, BytesMut};
use contracts::{
    Service,
    identity::{Caller, IDENTITY_HEADER, IDENTITY_LIFE_SECONDS, Identity},
};
use platform::auth::identity::IdentityKeys;

use super::{
    context::ProxyContext,
    headers::{self, Keeps},
};
use crate::upstream::upload::Length;

/// What is forwarded.
pub struct UpstreamRequest<'r> {
    /// The request as it came.
    pub request: &'r HttpRequest,
    /// The service it goes to.
    pub service: Service,
    /// What stands in `Host`.
    pub authority: &'r str,
    /// The method as the service sees it.
    pub method: &'r str,
    /// The canonical path.
    pub path: &'r str,
    /// How the body ends, if there is one.
    pub body: Option<Length>,
    /// Credentials that pass.
    pub keeps: Keeps,
    /// Whether the request came to the platform's own address; said where the operation is one of browsers' sessions.
    pub own_host: Option<bool>,
}

impl UpstreamRequest<'_> {
    /// Writes the head. The target is the validated path and the query as they came.
    pub fn write(&self, ctx: &ProxyContext, keys: &IdentityKeys, who: Caller) -> BytesMut {
        let identity = keys.sign(&Identity {
            aud: self.service,
            exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
            request_id: ctx.request_id.clone(),
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            client_address: Some(ctx.client.address.to_string()),
            who,
        });
        let mut out = BytesMut::with_capacity(identity.len() + 1_024);
        out.put_slice(self.method.as_bytes());
        out.put_u8(b' ');
        out.put_slice(self.path.as_bytes());
        if let Some(query) = self.request.uri().query() {
            out.put_u8(b'?');
            out.put_slice(query.as_bytes());
        }
        out.put_slice(b" HTTP/1.1\r\n");
        line(&mut out, "host", self.authority.as_bytes());
        self.pass(&mut out, self.request.headers());
        line(&mut out, IDENTITY_HEADER, identity.as_bytes());
        line(&mut out, "x-request-id", ctx.request_id.as_bytes());
        line(&mut out, "traceparent", ctx.trace.header().as_bytes());
        line(&mut out, "x-forwarded-for", ctx.client.address.to_string().as_bytes());
        line(&mut out, "x-forwarded-proto", if ctx.client.https { b"https" } else { b"http" });
        if let Some(host) = &ctx.client.host {
            line(&mut out, "x-forwarded-host", host.as_bytes());
        }
        if let Some(is_own) = self.own_host {
            line(&mut out, "x-leadstream-own-host", if is_own { b"1" } else { b"0" });
        }
        match self.body {
            Some(Length::Sized(length)) => line(&mut out, "content-length", length.to_string().as_bytes()),
            Some(Length::Chunked) => line(&mut out, "transfer-encoding", b"chunked"),
            None => {}
        }
        out.put_slice(b"\r\n");
        out
    }

    fn pass(&self, out: &mut BytesMut, sent: &HeaderMap) {
        let listed =
            if sent.contains_key("connection") { headers::connection_only(sent) } else { Vec::new() };
        for (name, value) in sent {
            let name = name.as_str();
            if headers::passes(name, self.keeps) && !listed.iter().any(|listed| listed == name) {
                line(out, name, value.as_bytes());
            }
        }
    }
}

fn line(out: &mut BytesMut, name: &str, value: &[u8]) {
    out.put_slice(name.as_bytes());
    out.put_slice(b": ");
    out.put_slice(value);
    out.put_slice(b"\r\n");
}
