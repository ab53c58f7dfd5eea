//! Configuration of trusted issuers.

use std::str::FromStr;

use platform::config::Settings;
use url::Url;

/// An issuer of accepted tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// Its `iss`.
    pub issuer: String,
    /// The `aud` that its tokens must have.
    pub audience: String,
    /// Where its keys are.
    pub jwks_url: Url,
}

impl FromStr for TrustedIssuer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('|').map(str::trim).collect();
        let [issuer, audience, keys] = parts.as_slice() else {
            return Err("is not of the form issuer|audience|address of its keys".to_owned());
        };
        let jwks_url: Url = keys.parse().map_err(|fault| format!("{keys:?}: {fault}"))?;
        let is_local =
            jwks_url.host_str().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"));
        if issuer.is_empty() || audience.is_empty() {
            return Err("names no issuer or no audience".to_owned());
        }
        if jwks_url.scheme() != "https" && !(jwks_url.scheme() == "http" && is_local) {
            return Err("its keys must be fetched by https".to_owned());
        }
        Ok(Self { issuer: (*issuer).to_owned(), audience: (*audience).to_owned(), jwks_url })
    }
}

impl TrustedIssuer {
    /// Firebase's tokens for a project.
    fn firebase(project: &str) -> Option<Self> {
        let keys =
            "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";
        Some(Self {
            issuer: format!("https://securetoken.google.com/{project}"),
            audience: project.to_owned(),
            jwks_url: keys.parse().ok()?,
        })
    }

    /// Reads the section.
    pub fn read(settings: &mut Settings) -> Vec<Self> {
        let project: Option<String> =
            settings.optional("FIREBASE_PROJECT_ID", "Firebase project whose users may sign in");
        let mut issuers: Vec<Self> = settings.list(
            "OIDC_ISSUERS",
            "further issuers whose tokens are taken, each issuer|audience|address of its keys",
        );
        issuers.extend(project.and_then(|project| Self::firebase(project.trim())));
        issuers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_has_a_name_an_audience_and_keys_that_nobody_can_swap_on_the_way() {
        let good = "https://id.example.com|leadstream|https://id.example.com/keys";
        assert_eq!(good.parse::<TrustedIssuer>().unwrap().audience, "leadstream");
        assert!("https://id.example.com|a|http://127.0.0.1:9/keys".parse::<TrustedIssuer>().is_ok());
        for bad in
            ["", "x|y", "x|y|z", "|a|https://x.example/", "x||https://x.example/", "x|a|http://x.example/"]
        {
            assert!(bad.parse::<TrustedIssuer>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_firebase_project_is_an_issuer() {
        let mut settings =
            Settings::from_lookup(|name| (name == "FIREBASE_PROJECT_ID").then(|| "acme".to_owned()));
        let [firebase] = TrustedIssuer::read(&mut settings).try_into().unwrap();
        assert_eq!(
            (firebase.issuer.as_str(), firebase.audience.as_str()),
            ("https://securetoken.google.com/acme", "acme")
        );
    }
}
