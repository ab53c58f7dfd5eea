//! What is left of a request's body in chunks when its answer is sent.

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

/// Holds on to a request's body until its answer has been sent. Once nobody wants the rest of a body in chunks, the server reads
/// and drops it for as long as the caller goes on sending; as long as somebody does, it closes the connection with the answer.
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
