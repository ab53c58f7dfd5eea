//! What tenant-service is configured with.

use platform::{
    command::BaseConfig,
    config::{EncryptionConfig, Settings},
    values,
};

use crate::deps::SERVICE;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// Keys for what waits to be handed over.
    pub encryption: EncryptionConfig,
    /// Address under which the platform is reached, without a closing slash.
    pub public_url: String,
    /// Address that links in mails begin with, without a closing slash: the platform's own, or that of somebody's front
    /// end.
    pub links_url: String,
    /// Host under which the platform is reached; each tenant gets a name below it. None where it is a bare address.
    pub public_host: Option<String>,
}

impl Config {
    /// Reads the configuration.
    pub fn read(settings: &mut Settings) -> Self {
        let base = BaseConfig::read(settings, SERVICE);
        let encryption = EncryptionConfig::read(settings);
        let public_url: String = settings.with_default(
            "PUBLIC_URL",
            "http://localhost:8000".to_owned(),
            "address under which the platform is reached; tenants get host names below it",
        );
        let url = values::web_url(&public_url);
        if !is_bare(&public_url) {
            settings
                .fault(format!("PUBLIC_URL: {public_url:?} is not a web address without query and fragment"));
        }
        let frontend_url: Option<String> = settings.optional(
            "FRONTEND_URL",
            "address of a front end of your own with the page /invitations/accept; links in mails lead there",
        );
        if let Some(text) = frontend_url.as_ref().filter(|text| !is_bare(text)) {
            settings.fault(format!("FRONTEND_URL: {text:?} is not a web address without query and fragment"));
        }
        let public_host = url.and_then(|url| url.domain().map(str::to_lowercase));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let links_url =
            frontend_url.map_or_else(|| public_url.clone(), |url| url.trim_end_matches('/').to_owned());
        Self { base, encryption, public_url, links_url, public_host }
    }
}

/// Whether it is a web address behind which a path and a query can be put.
fn is_bare(text: &str) -> bool {
    text.contains("://")
        && values::web_url(text).is_some_and(|url| url.query().is_none() && url.fragment().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public_host(url: &'static str) -> Option<String> {
        let mut settings = Settings::from_lookup(move |name| (name == "PUBLIC_URL").then(|| url.to_owned()));
        Config::read(&mut settings).public_host
    }

    #[test]
    fn links_lead_to_a_front_end_where_there_is_one() {
        let read = |frontend: &'static str| {
            let value = move |name: &str| match name {
                "PUBLIC_URL" => Some("https://api.leads.example/".to_owned()),
                "FRONTEND_URL" => Some(frontend.to_owned()),
                _ => None,
            };
            let mut settings = Settings::from_lookup(value);
            Config::read(&mut settings)
        };

        assert_eq!(read("https://app.leads.example/").links_url, "https://app.leads.example");
        assert_eq!(read("https://app.leads.example/").public_url, "https://api.leads.example");
        assert_eq!(read("").links_url, "https://api.leads.example");
        assert!(is_bare("https://app.leads.example/ui"));
        for bad in ["app.leads.example", "https://x.example/?a=b", "https://x.example/#/"] {
            assert!(!is_bare(bad), "{bad}");
        }
    }

    #[test]
    fn tenants_get_names_below_a_name_but_not_below_an_address() {
        assert_eq!(public_host("https://Leads.example.com"), Some("leads.example.com".into()));
        assert_eq!(public_host("http://127.0.0.1:8000"), None);
        assert_eq!(public_host("http://[::1]:8000"), None);
    }
}
