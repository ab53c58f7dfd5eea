//! Deliveries.

mod fairness;
mod isolation;
mod list;
mod order;
mod outcomes;
mod replay;
mod replicas;
mod send;
mod set_aside;
mod standing;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wiremock::Request;

/// Whether one of the request's signatures verifies with this secret, as a receiver would find out.
pub fn signed_with(request: &Request, secret: &str) -> bool {
    let header = |name: &str| request.headers[name].to_str().expect("text");
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    mac.update(format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).as_bytes());
    mac.update(&request.body);
    let expected = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    header("webhook-signature").split(' ').any(|signature| signature == expected)
}
