//! Public addresses: the platform's own, and the base of links in its mails.

use url::Url;

use crate::config::Settings;

/// Addresses that people see.
#[derive(Clone, Debug)]
pub struct AddressConfig {
    /// Under which the platform is reached.
    pub public_url: Url,
    /// Base of links in mails: the platform's own, or that of another front end.
    pub links_url: Url,
}

impl AddressConfig {
    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Self {
        let public_url: Url = settings.with_default(
            "PUBLIC_URL",
            localhost(),
            "address under which the platform is reached; tenants get host names below it, links in mails lead to its pages",
        );
        let frontend_url: Option<Url> = settings.optional(
            "FRONTEND_URL",
            "address of a front end of your own with the pages /verify-email, /reset-password and /invitations/accept; \
             links in mails lead there",
        );
        for (name, url) in [("PUBLIC_URL", Some(&public_url)), ("FRONTEND_URL", frontend_url.as_ref())] {
            if let Some(url) = url.filter(|url| !is_bare(url)) {
                settings
                    .fault(format!("{name}: {url} is not a web address without user, query and fragment"));
            }
        }
        Self { links_url: frontend_url.unwrap_or_else(|| public_url.clone()), public_url }
    }
}

/// The address with a path behind it that begins with a slash.
pub fn below(url: &Url, path: &str) -> String {
    format!("{}{path}", url.as_str().trim_end_matches('/'))
}

/// Whether a path and a query can be put behind it.
fn is_bare(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}

fn localhost() -> Url {
    #[expect(clippy::unwrap_used, reason = "a constant that parses")]
    "http://localhost:8000".parse().unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Faults;

    fn read(public: &'static str, frontend: &'static str) -> Result<AddressConfig, Faults> {
        let mut settings = Settings::from_lookup(move |name| match name {
            "PUBLIC_URL" => Some(public.to_owned()),
            "FRONTEND_URL" => Some(frontend.to_owned()),
            _ => None,
        });
        let addresses = AddressConfig::read(&mut settings);
        settings.finish(addresses)
    }

    #[test]
    fn links_lead_to_a_front_end_where_there_is_one() {
        let links = |frontend| below(&read("https://api.leads.example/", frontend).unwrap().links_url, "/x");

        assert_eq!(links("https://app.leads.example/ui/"), "https://app.leads.example/ui/x");
        assert_eq!(links("http://localhost:5173"), "http://localhost:5173/x");
        assert_eq!(links(""), "https://api.leads.example/x");
        let with_front_end = read("https://api.leads.example", "https://app.leads.example").unwrap();
        assert_eq!(below(&with_front_end.public_url, "/y"), "https://api.leads.example/y");
    }

    #[test]
    fn what_no_path_can_be_put_behind_is_refused() {
        for bad in [
            "app.leads.example",
            "javascript:alert(1)",
            "https://x.example/?a=b",
            "https://x.example/#/",
            "https://a:b@x.example",
        ] {
            assert!(read(bad, "").is_err() && read("https://x.example", bad).is_err(), "{bad}");
        }
    }
}
