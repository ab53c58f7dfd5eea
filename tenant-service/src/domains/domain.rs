//! What makes a host name one that a tenant can have.

use contracts::problem::FieldError;
use platform::Problem;

use super::api::{DomainView, WriteDomain};

/// Most names a tenant can have.
pub const MOST: usize = 50;
/// Below this, every tenant is reached by its client id without anybody's doing.
const LOCAL: &str = "localhost";

/// A host name in the form in which it is stored.
#[derive(Clone, Debug)]
pub struct NewDomain {
    /// The name, in lower case.
    pub host: String,
    /// Whether links lead there.
    pub is_primary: bool,
}

impl NewDomain {
    /// The name that `write` means.
    ///
    /// # Errors
    /// 400 when it is none; 422 `host_reserved` for the platform's own and those it gives to other tenants.
    pub fn parse(write: &WriteDomain, client_id: &str, public_host: Option<&str>) -> Result<Self, Problem> {
        let host = host(&write.host).ok_or_else(|| {
            let message = "is no host name, such as crm.acme.com, without scheme and port";
            Problem::invalid(vec![FieldError::new("host", "invalid_host", message)])
        })?;
        for platform in public_host.into_iter().chain([LOCAL]) {
            let below = host.strip_suffix(platform).and_then(|rest| rest.strip_suffix('.'));
            if host == platform || below.is_some_and(|label| label != client_id) {
                return Err(reserved());
            }
        }
        Ok(Self { host, is_primary: write.is_primary })
    }
}

/// A host name of at least two labels that is no address, in lower case.
fn host(text: &str) -> Option<String> {
    let host = text.trim().trim_end_matches('.').to_ascii_lowercase();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let sane = host.len() <= 253
        && host.contains('.')
        && host.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit());
    sane.then_some(host)
}

fn reserved() -> Problem {
    let errors = vec![FieldError::new("host", "host_reserved", "is the platform's to give")];
    let detail = "This host name is the platform's to give.";
    Problem { errors, ..Problem::unprocessable("host_reserved", detail) }
}

/// 422 unless links will still lead somewhere: the primary name gives way to another, not to none.
pub fn check_primary_stays(before: &DomainView, is_primary: bool) -> Result<(), Problem> {
    if before.is_primary && !is_primary {
        return Err(Problem::unprocessable(
            "primary_domain",
            "This is the primary host name. Make another one primary first.",
        ));
    }
    Ok(())
}

/// 422: there are enough.
pub fn too_many() -> Problem {
    Problem::unprocessable("too_many_domains", format!("A tenant has at most {MOST} host names."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(host: &str) -> Result<String, &'static str> {
        let write = WriteDomain { host: host.into(), is_primary: false };
        let parsed = NewDomain::parse(&write, "acme", Some("leads.example.com"));
        parsed.map(|new| new.host).map_err(|problem| problem.code)
    }

    #[test]
    fn a_host_is_a_name_in_lower_case_without_scheme_port_or_path() {
        assert_eq!(parse(" CRM.Acme.com. ").as_deref(), Ok("crm.acme.com"));
        assert_eq!(parse("xn--bcher-kva.example").as_deref(), Ok("xn--bcher-kva.example"));
        for bad in [
            "acme",
            "https://acme.com",
            "acme.com:80",
            "acme.com/x",
            "10.0.0.1",
            "-a.com",
            "a..b",
            "bücher.de",
        ] {
            assert_eq!(parse(bad), Err("validation_failed"), "{bad}");
        }
    }

    #[test]
    fn below_the_platforms_own_names_a_tenant_has_its_client_id_alone() {
        assert_eq!(parse("acme.leads.example.com").as_deref(), Ok("acme.leads.example.com"));
        assert_eq!(parse("acme.localhost").as_deref(), Ok("acme.localhost"));
        for reserved in [
            "leads.example.com",
            "bolt.leads.example.com",
            "bolt.localhost",
            "x.acme.localhost",
            "api.leads.example.com",
        ] {
            assert_eq!(parse(reserved), Err("host_reserved"), "{reserved}");
        }
        assert!(parse("example.com").is_ok() && parse("myleads.example.com").is_ok());
    }
}
