//! Codes by time (RFC 6238), recovery codes, and why one is refused. Pure.

use contracts::problem::FieldError;
use hmac::{Hmac, KeyInit, Mac};
use platform::Problem;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::tokens::Fingerprint;

/// Bytes of a shared secret (RFC 4226, section 4, recommends 160 bits).
pub const SECRET_BYTES: usize = 20;
/// Number of recovery codes per account.
pub const RECOVERY_CODES: usize = 10;
/// What a challenge's token starts with.
pub const CHALLENGE_PREFIX: &str = "lsx_";
/// Seconds within which a challenge must be answered.
pub const CHALLENGE_LIFE_SECONDS: i64 = 300;
/// Wrong codes that a challenge bears.
pub const CHALLENGE_TRIES: i32 = 5;

/// Code of the problem with a wrong code.
pub const WRONG_CODE: &str = "invalid_code";

const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step of a unix time.
pub fn step_at(unix_seconds: i64) -> i64 {
    unix_seconds.div_euclid(STEP_SECONDS)
}

/// The code of a step.
pub fn code_at(secret: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last()? & 0xf);
    let bytes: [u8; 4] = digest.get(offset..offset + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(bytes) & 0x7fff_ffff;
    Some(format!("{:0width$}", number % 1_000_000, width = DIGITS))
}

/// The step of a code: the current one, or one before or after it to allow for clock drift. Steps up to `last` are
/// excluded, because a code counts once.
pub fn step_of(secret: &[u8], code: &str, now: i64, last: i64) -> Option<i64> {
    let code = code.replace([' ', '-'], "");
    let present = step_at(now);
    let steps = [present, present - 1, present + 1];
    steps.into_iter().filter(|step| *step > last).find(|step| {
        code_at(secret, *step)
            .is_some_and(|right| bool::from(subtle::ConstantTimeEq::ct_eq(right.as_bytes(), code.as_bytes())))
    })
}

/// Bytes in base32 (RFC 4648), without padding.
pub fn base32(bytes: &[u8]) -> String {
    let (mut out, mut buffer, mut bits) = (String::new(), 0_u32, 0_u32);
    let mut push = |value: u32| {
        let index = usize::try_from(value & 31).unwrap_or_default();
        out.push(char::from(BASE32.get(index).copied().unwrap_or(b'A')));
    };
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(buffer >> bits);
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(buffer << (5 - bits));
    }
    out
}

/// The address that an app reads from a QR code.
pub fn otpauth_url(secret: &[u8], email: &str) -> String {
    let label: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!(
        "otpauth://totp/Leadstream:{label}?secret={}&issuer=Leadstream&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
        base32(secret)
    )
}

/// A random recovery code, of 80 bits, in groups for people to read.
pub fn recovery_code() -> String {
    let text = base32(&rand::random::<[u8; 10]>()).to_lowercase();
    let groups: Vec<&str> = (0..4).filter_map(|n| text.get(n * 4..n * 4 + 4)).collect();
    groups.join("-")
}

/// What is kept of a recovery code, however it is typed.
pub fn recovery_fingerprint(code: &str) -> Fingerprint {
    let canonical: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(canonical.to_lowercase().as_bytes()).into()
}

/// The password was right, and a code is needed beside it.
pub fn required(challenge_token: &str) -> Problem {
    Problem::unauthorized("second_factor_required", "Give a code of your authenticator app, too.")
        .with("challenge_token", challenge_token)
        .with("expires_in", CHALLENGE_LIFE_SECONDS)
}

/// The code is wrong, or was taken before, when completing a sign-in.
pub fn wrong_code() -> Problem {
    Problem::unauthorized(WRONG_CODE, "The code is wrong or was used already.")
}

/// The same fault on the field of a form of a signed-in user.
pub fn wrong_code_in_form() -> Problem {
    Problem::invalid(vec![FieldError::new("code", "invalid_code", "is wrong or was used already")])
}

/// The challenge never was, is answered, too old, or bore too many wrong codes.
pub fn challenge_over() -> Problem {
    Problem::gone("challenge_expired", "Sign in with your password again.")
}

/// There is nothing to confirm or to switch off.
pub fn not_enrolled() -> Problem {
    Problem::conflict("second_factor_missing", "Begin with enrolling an authenticator app.")
}

/// It has to be switched off before another is enrolled.
pub fn already_on() -> Problem {
    Problem::conflict("second_factor_on", "A second factor is in use already; disable it first.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test vectors of RFC 6238, appendix B, in six digits.
    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        for (time, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code_at(SECRET, step_at(time)).unwrap(), code);
        }
    }

    #[test]
    fn a_code_is_taken_a_step_early_or_late_and_never_again() {
        let code = code_at(SECRET, step_at(1_000_000)).unwrap();

        for late in [-30, 0, 30] {
            assert_eq!(step_of(SECRET, &code, 1_000_000 + late, 0), Some(step_at(1_000_000)), "{late}");
        }
        assert_eq!(step_of(SECRET, &code, 1_000_000 + 90, 0), None);
        assert_eq!(step_of(SECRET, &code, 1_000_000, step_at(1_000_000)), None);
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(step_of(SECRET, &spaced, 1_000_000, 0), Some(step_at(1_000_000)));
    }

    #[test]
    fn base32_is_that_of_the_standard() {
        for (text, encoded) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_recovery_code_is_the_same_however_it_is_typed() {
        let code = recovery_code();

        assert_eq!(code.len(), 19);
        assert_eq!(
            recovery_fingerprint(&code),
            recovery_fingerprint(&format!(" {} ", code.to_uppercase().replace('-', " ")))
        );
        assert_ne!(recovery_fingerprint(&code), recovery_fingerprint(&recovery_code()));
    }
}
