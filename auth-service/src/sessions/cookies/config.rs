//! Profile of the session cookie.

use std::{fmt, str::FromStr};

/// How the session cookie is set. A setting and not the request's scheme decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieProfile {
    /// `__Host-` and `Secure`; plain HTTP gets none.
    Secure,
    /// A cookie without `Secure`, for a platform on the developer's own machine.
    Development,
}

impl fmt::Display for CookieProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secure => "secure",
            Self::Development => "development",
        })
    }
}

impl FromStr for CookieProfile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "secure" => Ok(Self::Secure),
            "development" => Ok(Self::Development),
            _ => Err("must be secure or development"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read_as_it_is_written() {
        for profile in [CookieProfile::Secure, CookieProfile::Development] {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        assert!("none".parse::<CookieProfile>().is_err());
    }
}
