//! Guard for the unread rest of a chunked request body.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, BoxBody, MessageBody},
    dev::Payload,
};
use bytes::Bytes;

/// An answer's body that holds on to the request's.
struct Holding {
    body: BoxBody,
    _payload: Payload,
}

/// Keeps the request payload alive until the response is sent. actix drains a dropped chunked payload for as long as the
/// client sends; holding it makes actix close the connection after the response instead.
pub fn hold(payload: Payload, body: BoxBody) -> BoxBody {
    BoxBody::new(Holding { body, _payload: payload })
}

impl MessageBody for Holding {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
