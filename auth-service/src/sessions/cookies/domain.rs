//! A browser's refresh token that is presented, and what comes of it. Pure.

use platform::Problem;

use crate::tokens::{self, Fingerprint, Secret};

/// What every token of a cookie starts with; the routes that take tokens in bodies know another beginning.
const PREFIX: &str = "lsc_";
/// Successors of one token that were given out and not presented; more are no lost answers.
pub const MOST_SUCCESSORS: i64 = 16;

/// A new token.
pub fn new_token() -> Secret {
    Secret::generate(PREFIX)
}

/// The fingerprint of a text that has the form of such a token.
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    tokens::fingerprint(PREFIX, text)
}

/// A presented token as it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    /// It, or a sibling in its place, was spent.
    pub is_spent: bool,
    /// That came about after this request had arrived.
    pub is_spent_meanwhile: bool,
    /// Its session has ended.
    pub is_revoked: bool,
    /// It is too old, or its session is.
    pub is_expired: bool,
    /// Successors that were given out.
    pub successors: i64,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another successor.
    Continues,
    /// Another request was first; the browser has its cookie.
    LostRace,
    /// Two hold it: the session ends.
    Reused,
    /// So many answers are not lost: the session ends.
    TooMany,
    /// The session is over.
    Over,
}

impl Presented {
    /// What comes of it.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self { is_revoked: true, .. } => Verdict::Over,
            Self { is_spent: true, is_spent_meanwhile: true, .. } => Verdict::LostRace,
            Self { is_spent: true, .. } => Verdict::Reused,
            Self { is_expired: true, .. } => Verdict::Over,
            Self { successors: MOST_SUCCESSORS.., .. } => Verdict::TooMany,
            Self { .. } => Verdict::Continues,
        }
    }
}

/// There is no session to continue; alike whatever the reason.
pub fn no_session() -> Problem {
    Problem::unauthorized("no_session", "There is no session here. Sign in.")
}

/// A race that another request won.
pub fn lost_race() -> Problem {
    Problem::unauthorized("token_superseded", "Another request continued the session. Send the newer cookie.")
}

/// Answered only after a correct password.
pub fn staff_elsewhere() -> Problem {
    Problem::forbidden(
        "staff_sign_in_elsewhere",
        "Staff of the platform signs in at the platform's own address.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Presented = Presented {
        is_spent: false,
        is_spent_meanwhile: false,
        is_revoked: false,
        is_expired: false,
        successors: 0,
    };

    #[test]
    fn a_token_goes_on_until_a_successor_took_its_place() {
        assert_eq!(GOOD.verdict(), Verdict::Continues);
        assert_eq!(Presented { successors: MOST_SUCCESSORS - 1, ..GOOD }.verdict(), Verdict::Continues);
        assert_eq!(Presented { is_spent: true, ..GOOD }.verdict(), Verdict::Reused);
    }

    #[test]
    fn a_request_that_was_under_way_ends_nothing() {
        let meanwhile = Presented { is_spent: true, is_spent_meanwhile: true, ..GOOD };

        assert_eq!(meanwhile.verdict(), Verdict::LostRace);
    }

    #[test]
    fn an_ended_or_old_session_is_over_and_so_many_answers_are_not_lost() {
        assert_eq!(Presented { is_revoked: true, is_spent: true, ..GOOD }.verdict(), Verdict::Over);
        assert_eq!(Presented { is_expired: true, ..GOOD }.verdict(), Verdict::Over);
        assert_eq!(Presented { successors: MOST_SUCCESSORS, ..GOOD }.verdict(), Verdict::TooMany);
    }

    #[test]
    fn tokens_of_bodies_are_none_of_cookies() {
        assert!(fingerprint(&new_token().text).is_some());
        assert!(fingerprint(&crate::sessions::domain::new_refresh_token().text).is_none());
        assert!(crate::sessions::domain::fingerprint(&new_token().text).is_none());
    }
}
