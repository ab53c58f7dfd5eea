//! Client ids: names that tenants choose for themselves, and under which they are reached below the platform's host.

use uuid::Uuid;

/// Names that are the platform's, or that people and machines take for its own when they stand below its host.
const RESERVED: &[&str] = &[
    // Services that a domain usually has.
    "www",
    "www1",
    "www2",
    "web",
    "ftp",
    "sftp",
    "ssh",
    "vpn",
    "dns",
    "ns",
    "ns1",
    "ns2",
    "ns3",
    "ns4",
    "mx",
    "mx1",
    "mx2",
    "proxy",
    "gateway",
    "edge",
    "cdn",
    "static",
    "assets",
    "media",
    "files",
    "images",
    "img",
    "download",
    "downloads",
    "upload",
    "uploads",
    "wpad",
    "isatap",
    "autodiscover",
    "autoconfig",
    "localhost",
    "localdomain",
    "local",
    "broadcasthost",
    // Mail, and the names that RFC 2142 sets apart.
    "mail",
    "mails",
    "email",
    "webmail",
    "smtp",
    "imap",
    "pop",
    "pop3",
    "postmaster",
    "hostmaster",
    "webmaster",
    "abuse",
    "noc",
    "security",
    "noreply",
    "no-reply",
    "mailer-daemon",
    "bounce",
    "bounces",
    "mta-sts",
    // The platform itself.
    "leadstream",
    "platform",
    "api",
    "apis",
    "api-docs",
    "app",
    "apps",
    "admin",
    "administrator",
    "admins",
    "root",
    "system",
    "sysadmin",
    "internal",
    "private",
    "public",
    "staff",
    "console",
    "dashboard",
    "portal",
    "tenant",
    "tenants",
    "status",
    "health",
    "metrics",
    "monitor",
    "monitoring",
    "grafana",
    "prometheus",
    "webhook",
    "webhooks",
    "tracking",
    "forms",
    "staging",
    "sandbox",
    "preview",
    // Where people sign in and pay.
    "auth",
    "oauth",
    "oauth2",
    "oidc",
    "saml",
    "sso",
    "login",
    "logout",
    "signin",
    "sign-in",
    "signup",
    "sign-up",
    "signout",
    "register",
    "account",
    "accounts",
    "identity",
    "id",
    "password",
    "reset-password",
    "verify",
    "verify-email",
    "invite",
    "invitations",
    "billing",
    "pay",
    "payment",
    "payments",
    "invoice",
    "invoices",
    "checkout",
    // Where they look for help.
    "support",
    "help",
    "helpdesk",
    "service-desk",
    "docs",
    "documentation",
    "legal",
    "privacy",
    "terms",
    "trust",
    // What programs take for nothing.
    "null",
    "nil",
    "none",
    "undefined",
    "true",
    "false",
];

/// Why a text cannot become a tenant's client id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientIdFault {
    /// It is not `^[a-z0-9][a-z0-9_-]{1,62}$`, or can be read as a uuid: a caller names tenants by either.
    Malformed,
    /// It is the platform's.
    Reserved,
}

impl ClientIdFault {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "invalid_client_id",
            Self::Reserved => "client_id_reserved",
        }
    }

    /// What is wrong, to follow the field's name.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Malformed => {
                "must be 2 to 63 of a-z, 0-9, _ and -, start with a letter or digit and be no uuid"
            }
            Self::Reserved => "is reserved for the platform",
        }
    }
}

/// Whether a new tenant can have this client id, as far as other tenants do not matter.
///
/// # Errors
/// Why not.
pub fn check(text: &str) -> Result<(), ClientIdFault> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_sane = (2..=63).contains(&text.len())
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|byte| is_word(byte) || matches!(byte, b'_' | b'-'))
        && Uuid::try_parse(text).is_err();
    if !is_sane {
        return Err(ClientIdFault::Malformed);
    }
    // `xn--…` and its like would be shown as other letters (RFC 5891, section 2.3.1).
    if RESERVED.contains(&text) || text.get(2..4) == Some("--") {
        return Err(ClientIdFault::Reserved);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_short_plain_and_no_uuid() {
        for good in ["ab", "acme", "0-x", "a_b-c", "demo", "apiary", "my-admin", "a--b", &"a".repeat(63)] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        let uuids = ["0190b5a2-7c3d-7e5f-8a1b-2c3d4e5f6a7b", "0190b5a27c3d7e5f8a1b2c3d4e5f6a7b"];
        for bad in ["", "a", "-ab", "_ab", "Acme", "a.b", "a b", "é1", &"a".repeat(64), uuids[0], uuids[1]] {
            assert_eq!(check(bad), Err(ClientIdFault::Malformed), "{bad}");
        }
    }

    #[test]
    fn names_of_the_platform_and_names_in_disguise_are_reserved() {
        for reserved in ["www", "api", "app", "admin", "auth", "mail", "static", "status", "xn--pypal-4ve"] {
            assert_eq!(check(reserved), Err(ClientIdFault::Reserved), "{reserved}");
        }
        for name in RESERVED {
            assert_eq!(check(name), Err(ClientIdFault::Reserved), "{name} could not be had anyway");
        }
    }
}
