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
    /// Address under which the platform is reached, without a closing slash; links in mails begin with it.
    pub public_url: String,
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
        if url.is_none() {
            settings.fault(format!("PUBLIC_URL: {public_url:?} is not a web address"));
        }
        let public_host = url.and_then(|url| url.domain().map(str::to_lowercase));
        Self { base, encryption, public_url: public_url.trim_end_matches('/').to_owned(), public_host }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public_host(url: &'static str) -> Option<String> {
        let mut settings = Settings::from_lookup(move |name| (name == "PUBLIC_URL").then(|| url.to_owned()));
        Config::read(&mut settings).public_host
    }

    #[test]
    fn tenants_get_names_below_a_name_but_not_below_an_address() {
        assert_eq!(public_host("https://Leads.example.com"), Some("leads.example.com".into()));
        assert_eq!(public_host("http://127.0.0.1:8000"), None);
        assert_eq!(public_host("http://[::1]:8000"), None);
    }
}
