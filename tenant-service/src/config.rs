//! Configuration of tenant-service.

use contracts::Service;
use platform::{
    addresses::AddressConfig,
    command::BaseConfig,
    config::{EncryptionConfig, Settings},
};
use url::Url;

use crate::tenancy::ProofConfig;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service has.
    pub base: BaseConfig,
    /// Keys for what waits to be handed over.
    pub encryption: EncryptionConfig,
    /// Address under which the platform is reached.
    pub public_url: Url,
    /// Base address of links in mails: the platform's own, or that of another front end.
    pub links_url: Url,
    /// Host under which the platform is reached; each tenant gets a name below it. None where it is a bare address.
    pub public_host: Option<String>,
    /// Where tenants' host names are proven.
    pub proof: ProofConfig,
}

impl Config {
    /// Reads the configuration.
    pub fn read(settings: &mut Settings) -> Self {
        let base = BaseConfig::read(settings, Service::Tenant);
        let encryption = EncryptionConfig::read(settings);
        let AddressConfig { public_url, links_url } = AddressConfig::read(settings);
        let public_host = public_url.domain().map(str::to_lowercase);
        let proof = ProofConfig::read(settings);
        Self { base, encryption, public_url, links_url, public_host, proof }
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
