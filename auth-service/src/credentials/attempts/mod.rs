//! Limits on password guesses and on requests that hash a password or send a mail. A guesser cannot lock the owner of
//! an account out.
//!
//! Three things are counted: wrong passwords of an account from an address, of an account from anywhere, and from an
//! address; and the same three, apart from those, of requests that hash or mail. The first limits one guesser and affects no
//! other address. The other two limit many guessers and guessing at many accounts; they do not apply to a user at an address from
//! which that user signed in before. An attempt from an unknown address is counted for its account alone. Counts are in
//! PostgreSQL and hold for all processes, with or without Redis. An address that was refused a registration is remembered for a
//! moment, so that its next one costs nothing.

pub mod domain;
mod guard;
mod spent;
pub mod store;

pub use domain::Tries;
pub use guard::{Attempt, Guard};
