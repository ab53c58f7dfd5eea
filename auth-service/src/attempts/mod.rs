//! Bounds how often passwords are guessed, and how often anybody has one hashed or a mail sent, without letting a guesser
//! keep anybody out.
//!
//! Three things are counted: wrong passwords of an account from an address, of an account from anywhere, and from an
//! address; and the same three, apart from those, of requests that hash or mail. The first bounds one guesser, and nobody elsewhere notices. The other two bound many guessers and guessing
//! at many accounts; they do not concern somebody at an address from which they signed in before. Counts are in
//! PostgreSQL and hold for all processes, with or without Redis.

pub mod domain;
mod guard;
pub mod store;

pub use domain::Tries;
pub use guard::{Attempt, Guard};
