//! Speaks HTTP/1.1 to the services: pooled connections per worker, bodies streamed both ways, every wait with a deadline.
//!
//! Written for this one job: the head goes out as it was put together, answers are parsed once, an answer that has
//! arrived whole is handed on without a stream.

pub mod body;
pub mod breaker;
pub mod chunked;
pub mod connection;
pub mod fault;
pub mod head;
pub mod pool;
pub mod upload;
