//! Tokens: the keys that sign them, access tokens, what voids them, and tokens that are mailed and good once.

mod access_tokens;
mod one_time_tokens;
mod revocations;
mod secrets;
mod signing_keys;

pub use access_tokens::{
    Issuer, SessionFacts, keep_current as keep_signing_key_current,
    take_up_newer as take_up_newer_signing_key,
};
pub use one_time_tokens::{
    Purpose, check as check_one_time_token,
    domain::unknown as unknown_one_time_token,
    send as send_one_time_token, spend as spend_one_time_token,
    store::{
        forget_expired as forget_expired_one_time_tokens, spend_all as spend_one_time_tokens,
        spend_every as spend_every_one_time_token,
    },
};
pub use revocations::{
    announce as announce_revocations,
    domain::NewRevocation,
    store::{
        forget_expired as forget_expired_revocations, issued_at, record as record_revocations, void_before,
    },
};
pub use secrets::{Fingerprint, Secret, fingerprint};
pub use signing_keys::{
    active as active_signing_key, domain::NewSigningKey, replace as replace_signing_key,
    reseal as reseal_signing_keys, store::forget_retired as forget_retired_signing_keys,
};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    revocations::routes().and(signing_keys::routes())
}
