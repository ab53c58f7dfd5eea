//! Credentials: what users show to sign in, how often they may try, and proof of their addresses.

mod attempts;
mod browsers;
mod identities;
mod passwords;
mod proofs;
mod second_factors;
mod sign_in;
mod verifications;

pub use attempts::{Attempt, Guard, Tries, store::forget_expired as forget_expired_attempts};
pub use identities::{Issuers, config::TrustedIssuer};
pub use passwords::{NewPassword, Passwords, Reserved};
pub use proofs::{
    Evidence, HandedOver, hand_over, unproven,
    worker::{TellProof, run as run_proof_worker},
};
pub use second_factors::{
    domain::{code_at, step_at},
    store::{forget_expired as forget_expired_challenges, reseal as reseal_second_factors},
};

use platform::http::Routes;

/// The routes of the context, slice by slice.
pub fn routes() -> Routes {
    identities::routes()
        .and(browsers::routes())
        .and(passwords::routes())
        .and(second_factors::routes())
        .and(sign_in::routes())
        .and(verifications::routes())
}
