//! Validation of tenants' host names, and the proof that a host name belongs to a tenant.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use diesel::{Queryable, Selectable};
use platform::Problem;
use uuid::Uuid;

use super::api::{Challenge, DomainStatus, DomainView, WriteDomain};
use crate::schema::domains;

/// Most names a tenant can have.
pub const MOST: usize = 50;
/// Below this domain every tenant is reachable by its client id.
const LOCAL: &str = "localhost";
/// The label below which the record of the proof is.
const RECORD_LABEL: &str = "_leadstream";
/// Where the file of the proof is.
const FILE_PATH: &str = "/.well-known/leadstream.txt";

/// The names that are the platform's.
#[derive(Clone, Debug, Default)]
pub struct OwnHosts {
    /// Below these, each tenant is given its client id.
    pub given: Vec<String>,
    /// No tenant can have these, or names below them.
    pub kept: Vec<String>,
}

/// A host name in the form in which it is stored.
#[derive(Clone, Debug)]
pub struct NewDomain {
    /// The name, in lower case.
    pub host: String,
    /// Whether links lead there.
    pub is_primary: bool,
    /// Whether it is the platform's to give, and needs no proof.
    pub is_given: bool,
}

/// A host name as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = domains, check_for_backend(diesel::pg::Pg))]
pub struct Domain {
    /// Id.
    pub id: Uuid,
    /// Owner.
    pub tenant_id: Uuid,
    /// The name.
    pub host: String,
    /// Whether links lead there.
    pub is_primary: bool,
    /// What its proof shows.
    pub token: String,
    /// When it was proven.
    pub verified_at: Option<DateTime<Utc>>,
    /// Grows with each change.
    pub version: i32,
    /// Who added it.
    pub created_by: Option<Uuid>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl OwnHosts {
    /// Of a platform that is reached at `public`, with a front end at `front_end`, where these are names.
    pub fn of(public: Option<&str>, front_end: Option<&str>) -> Self {
        let name = |text: &str| text.trim_end_matches('.').to_ascii_lowercase();
        let mut given: Vec<String> = public.into_iter().chain([LOCAL]).map(name).collect();
        given.dedup();
        Self { given, kept: front_end.into_iter().map(name).collect() }
    }

    /// Whether a name is the platform's to give to this tenant.
    ///
    /// # Errors
    /// 422 `host_reserved` for names that are the platform's own, and those that it gives to other tenants.
    fn gives(&self, host: &str, client_id: &str) -> Result<bool, Problem> {
        for given in &self.given {
            let below = host.strip_suffix(given.as_str()).and_then(|rest| rest.strip_suffix('.'));
            if below == Some(client_id) {
                return Ok(true);
            }
            if host == given || below.is_some() {
                return Err(reserved());
            }
        }
        let is_kept = |kept: &String| {
            host.strip_suffix(kept.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if self.kept.iter().any(is_kept) { Err(reserved()) } else { Ok(false) }
    }
}

impl NewDomain {
    /// The name that `write` means.
    ///
    /// # Errors
    /// 400 when it is none; 422 `host_reserved` for the platform's own and those it gives to other tenants.
    pub fn parse(write: &WriteDomain, client_id: &str, own: &OwnHosts) -> Result<Self, Problem> {
        let host = host(&write.host).ok_or_else(|| {
            let message = "is no host name, such as crm.acme.com, without scheme and port";
            Problem::invalid(vec![FieldError::new("host", "invalid_host", message)])
        })?;
        let is_given = own.gives(&host, client_id)?;
        Ok(Self { host, is_primary: write.is_primary, is_given })
    }

    /// 422 for a primary name that leads nowhere yet.
    ///
    /// # Errors
    /// `host_not_verified`.
    pub fn check_primary(&self, is_verified: bool) -> Result<(), Problem> {
        if !self.is_primary || is_verified {
            return Ok(());
        }
        let errors = vec![FieldError::new("is_primary", "host_not_verified", "needs a verified host name")];
        let detail = "This host name is not verified. Verify it, then make it the primary one.";
        Err(Problem { errors, ..Problem::unprocessable("host_not_verified", detail) })
    }
}

impl Domain {
    /// As it is shown.
    pub fn view(self, own: &OwnHosts) -> DomainView {
        let challenge = (!self.is_below(&own.given)).then(|| self.challenge());
        DomainView {
            id: self.id,
            host: self.host,
            is_primary: self.is_primary,
            status: if self.verified_at.is_some() { DomainStatus::Verified } else { DomainStatus::Pending },
            verified_at: self.verified_at,
            challenge,
            version: self.version,
            created_by: self.created_by,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    fn is_below(&self, names: &[String]) -> bool {
        let below =
            |name: &String| self.host.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'));
        names.iter().any(below)
    }

    /// How its tenant proves it.
    pub fn challenge(&self) -> Challenge {
        let value = format!("leadstream-verification={}", self.token);
        Challenge {
            record_name: format!("{RECORD_LABEL}.{}", self.host),
            record_type: "TXT",
            record_value: value.clone(),
            file_url: format!("https://{}{FILE_PATH}", self.host),
            file_path: FILE_PATH.to_owned(),
            file_content: value,
        }
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
///
/// # Errors
/// `primary_domain`.
pub fn check_primary_stays(before: &Domain, is_primary: bool) -> Result<(), Problem> {
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

/// 409: another tenant has proven the name, and still can.
pub fn taken() -> Problem {
    let errors = vec![FieldError::new("host", "host_taken", "is verified for another tenant")];
    let detail = "Another tenant has verified this host name, and its proof is still there.";
    Problem { errors, ..Problem::conflict("host_taken", detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(host: &str) -> Result<(String, bool), &'static str> {
        let write = WriteDomain { host: host.into(), is_primary: false };
        let own = OwnHosts::of(Some("Leads.example.com"), Some("app.leads.example"));
        let parsed = NewDomain::parse(&write, "acme", &own);
        parsed.map(|new| (new.host, new.is_given)).map_err(|problem| problem.code)
    }

    #[test]
    fn a_host_is_a_name_in_lower_case_without_scheme_port_or_path() {
        assert_eq!(parse(" CRM.Acme.com. "), Ok(("crm.acme.com".into(), false)));
        assert_eq!(parse("xn--bcher-kva.example"), Ok(("xn--bcher-kva.example".into(), false)));
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
        for given in ["acme.leads.example.com", "acme.localhost"] {
            assert_eq!(parse(given), Ok((given.to_owned(), true)));
        }
        for reserved in [
            "leads.example.com",
            "LEADS.example.com.",
            "bolt.leads.example.com",
            "bolt.localhost",
            "x.acme.localhost",
            "api.leads.example.com",
            "app.leads.example",
            "x.app.leads.example",
        ] {
            assert_eq!(parse(reserved), Err("host_reserved"), "{reserved}");
        }
        for other in ["example.com", "myleads.example.com", "leads.example", "acme.leads.example"] {
            assert_eq!(parse(other), Ok((other.to_owned(), false)), "{other}");
        }
    }

    #[test]
    fn only_a_verified_name_is_the_primary_one() {
        let new = |is_primary| NewDomain { host: "a.example".into(), is_primary, is_given: false };
        assert_eq!(new(true).check_primary(false).unwrap_err().code, "host_not_verified");
        assert!(new(true).check_primary(true).is_ok() && new(false).check_primary(false).is_ok());
    }

    #[test]
    fn a_challenge_names_the_host_and_its_token() {
        let now = Utc::now();
        let domain = Domain {
            id: Uuid::nil(),
            tenant_id: Uuid::nil(),
            host: "crm.acme.com".into(),
            is_primary: false,
            token: "t1".into(),
            verified_at: None,
            version: 1,
            created_by: None,
            created_at: now,
            updated_at: now,
        };
        let challenge = domain.challenge();
        assert_eq!(
            [challenge.record_name.as_str(), &challenge.record_value, &challenge.file_url],
            [
                "_leadstream.crm.acme.com",
                "leadstream-verification=t1",
                "https://crm.acme.com/.well-known/leadstream.txt"
            ]
        );
        let view = domain.view(&OwnHosts::default());
        assert_eq!((view.status, view.challenge), (DomainStatus::Pending, Some(challenge)));
    }
}
