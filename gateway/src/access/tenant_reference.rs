//! Tenant references in a request: header, host name, or path. Pure.

use contracts::{TenantId, internal::tenants::TenantRef};
use uuid::Uuid;

/// What the caller said about the tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// In `X-Tenant-Id`.
    pub by_header: Option<TenantRef>,
    /// By the host name, where that is not the platform's own.
    pub by_host: Option<TenantRef>,
}

/// A name that no tenant can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchName;

/// A uuid or a client-provided id.
///
/// # Errors
/// When it can be neither.
pub fn by_header(text: &str) -> Result<TenantRef, NoSuchName> {
    let text = text.trim();
    if let Some(id) = by_path(text) {
        return Ok(TenantRef::Id(id));
    }
    let mut bytes = text.bytes();
    let first_is_sane = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let rest_is_sane =
        bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    if first_is_sane && rest_is_sane && (2..=63).contains(&text.len()) {
        Ok(TenantRef::ClientId(text.to_owned()))
    } else {
        Err(NoSuchName)
    }
}

/// A uuid in its usual form with dashes.
pub fn by_path(segment: &str) -> Option<TenantId> {
    if segment.len() == 36 { Uuid::try_parse(segment).ok().map(TenantId) } else { None }
}

/// Host names of the platform itself, which name no tenant.
#[derive(Clone, Debug)]
pub struct OwnHosts(Vec<String>);

impl OwnHosts {
    /// The host of the public address; `localhost` and all IP addresses are ours, too.
    pub fn of(public_url: &url::Url) -> Self {
        let public = public_url.host_str().map(str::to_ascii_lowercase);
        Self(public.into_iter().chain(["localhost".to_owned()]).collect())
    }

    /// The tenant's host name, without the port, if the `Host` header names another than ours.
    pub fn tenant_host(&self, header: &str) -> Option<TenantRef> {
        let name = without_port(header);
        let is_address = name.starts_with('[') || name.parse::<std::net::Ipv4Addr>().is_ok();
        let is_builtin_path = || self.0.iter().any(|own| own.eq_ignore_ascii_case(name));
        if name.is_empty() || is_address || is_builtin_path() {
            return None;
        }
        Some(TenantRef::Host(name.to_ascii_lowercase()))
    }
}

/// Whether a `Host` header is one: a name or address and perhaps a port.
pub fn is_host(header: &str) -> bool {
    let plain =
        |text: &str, more: &[u8]| text.bytes().all(|b| b.is_ascii_alphanumeric() || more.contains(&b));
    let port_is_sane =
        |port: &str| !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit());
    let (name, port) = match header.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (header, None),
    };
    let name_is_sane = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.len() <= 253 && plain(name, b"-._"),
    };
    name_is_sane && port.is_none_or(port_is_sane)
}

fn without_port(header: &str) -> &str {
    let name = match header.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => name,
        _ => header,
    };
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_a_uuid_or_a_client_id() {
        let id = "0190c3b4-0000-7000-8000-000000000001";
        assert_eq!(by_header(id), Ok(TenantRef::Id(TenantId(id.parse().unwrap()))));
        assert_eq!(by_header("acme"), Ok(TenantRef::ClientId("acme".into())));
        assert_eq!(by_header(" a-b_1 "), Ok(TenantRef::ClientId("a-b_1".into())));
        for text in ["", "a", "Acme", "-acme", "ac me", "acme/..", "ä", &"a".repeat(64)] {
            assert_eq!(by_header(text), Err(NoSuchName), "{text}");
        }
    }

    #[test]
    fn a_path_names_a_tenant_by_a_dashed_uuid_only() {
        assert!(by_path("0190c3b4-0000-7000-8000-000000000001").is_some());
        assert!(by_path("0190c3b4000070008000000000000001").is_none());
        assert!(by_path("{0190c3b4-0000-7000-8000-00000000000}").is_none());
        assert!(by_path("acme").is_none());
    }

    #[test]
    fn our_own_hosts_and_addresses_name_no_tenant() {
        let own = OwnHosts::of(&"https://app.example.org".parse().unwrap());
        for host in [
            "app.example.org",
            "APP.example.org:443",
            "localhost:8000",
            "127.0.0.1:8000",
            "[::1]:8000",
            "10.1.2.3",
            "",
        ] {
            assert_eq!(own.tenant_host(host), None, "{host}");
        }
        let tenant = Some(TenantRef::Host("acme.localhost".into()));
        assert_eq!(own.tenant_host("acme.localhost:8000"), tenant);
        assert_eq!(own.tenant_host("ACME.localhost."), tenant);
    }

    #[test]
    fn a_host_header_is_a_name_or_an_address_and_a_port() {
        for host in ["a", "a.example.org", "a:8000", "[::1]", "[::1]:8000", "10.0.0.1:1"] {
            assert!(is_host(host), "{host}");
        }
        for host in ["", ":80", "a:", "a:x", "a/b", "a b", "a@b", "[::1", "[x]:1", "a:123456", "ä"] {
            assert!(!is_host(host), "{host}");
        }
    }
}
