//! Password policy: 8 to 128 characters, and none of the common ones.
//!
//! No rules about digits or capitals: they make passwords predictable rather than strong (NIST SP 800-63B, 5.1.1).

use std::{collections::HashSet, ops::RangeInclusive, sync::LazyLock};

use contracts::problem::FieldError;
use secrecy::{ExposeSecret, SecretString};

/// How many characters a password has.
pub const LENGTH: RangeInclusive<usize> = 8..=128;

/// Lower-case, one per line.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("common.txt").lines().map(str::trim).filter(|line| !line.is_empty()).collect()
});

/// A password that may be set.
pub struct NewPassword(SecretString);

impl NewPassword {
    /// Takes `text`, or says what is wrong with it as a fault of `field`.
    ///
    /// # Errors
    /// `too_short`, `too_long` or `password_too_common`.
    pub fn parse(text: &str, field: &str) -> Result<Self, FieldError> {
        let length = text.chars().count();
        let fault = |code, message: String| Err(FieldError::new(field, code, message));
        if length < *LENGTH.start() {
            return fault("too_short", format!("must be at least {} characters long", LENGTH.start()));
        }
        if length > *LENGTH.end() {
            return fault("too_long", format!("must be at most {} characters long", LENGTH.end()));
        }
        if is_common(text) {
            return fault("password_too_common", "is one of the passwords that are tried first".to_owned());
        }
        Ok(Self(SecretString::from(text)))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

fn is_common(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    // One character over and over is as common as any in the list.
    COMMON.contains(lower.as_str()) || characters.all(|character| Some(character) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        NewPassword::parse(text, "password").map_or_else(|fault| fault.code, |_| "taken".to_owned())
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(code("ünïcödé"), "too_short");
        assert_eq!(code("ünïcödéé"), "taken");
        assert_eq!(code(&"xy".repeat(64)), "taken");
        assert_eq!(code(&"xy".repeat(65)), "too_long");
    }

    #[test]
    fn a_common_password_is_refused_whatever_its_case() {
        for common in ["password", "PassWord1", "12345678", "Qwertyuiop", "zzzzzzzzzz"] {
            assert_eq!(code(common), "password_too_common", "{common}");
        }
    }

    #[test]
    fn the_list_holds_hundreds_of_passwords_that_the_length_alone_would_take() {
        assert!(COMMON.len() >= 300, "{}", COMMON.len());
        for word in COMMON.iter() {
            assert!(LENGTH.contains(&word.chars().count()), "{word} is refused for its length already");
            assert_eq!(*word, word.to_lowercase(), "{word} can never be met");
        }
    }
}
