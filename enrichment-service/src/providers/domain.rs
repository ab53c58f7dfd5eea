//! Validation of providers: what each kind needs, and where its credentials may go.

use chrono::{DateTime, Utc};
use contracts::problem::FieldError;
use diesel::{AsChangeset, Insertable};
use platform::{Problem, egress::Egress, text_enum, values};
use serde_json::{Map, Value, json};
use url::Url;
use uuid::Uuid;

use super::api::{ProviderView, WriteProvider};
use crate::{
    adapters::{
        dialect::Dialect,
        http::config::{HttpConfig, origin_of},
        vendors::{apollo, hunter, pdl},
    },
    money::{self, Amount},
    schema::enrichment_providers,
};

text_enum! {
    /// The kind of a provider.
    ProviderKind {
        /// The company's own website; built in.
        Website = "website",
        /// Any HTTP API, by configuration.
        Http = "http",
        /// Apollo.
        Apollo = "apollo",
        /// People Data Labs.
        Pdl = "pdl",
        /// Hunter.
        Hunter = "hunter",
        /// A model behind OpenAI-compatible chat completions.
        Model = "model",
    }
}

text_enum! {
    /// Whether a provider is asked.
    #[derive(Default)]
    ProviderStatus {
        /// It is.
        #[default]
        Ok = "ok",
        /// It is not: it has nothing left to spend.
        Paused = "paused",
        /// It is not: its credentials are not accepted.
        ReauthRequired = "reauth_required",
        /// It rests after too many failures.
        Open = "open",
    }
}

/// Most bytes of credentials and of a configuration.
const MOST_CREDENTIALS: usize = 16 * 1024;
const MOST_CONFIG: usize = 64 * 1024;

/// The fields of a provider that people write, in the form in which they are stored.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = enrichment_providers, treat_none_as_null = true)]
pub struct ProviderFields {
    /// Its kind.
    pub kind: ProviderKind,
    name: String,
    base_url: Option<String>,
    config: Value,
    enabled: bool,
    max_per_second: Option<f64>,
    max_concurrency: Option<i32>,
    timeout_ms: Option<i32>,
    monthly_budget: Option<Amount>,
    price_per_call: Option<Amount>,
    price_per_hit: Option<Amount>,
    price_in: Option<Amount>,
    price_out: Option<Amount>,
}

/// The change of the credentials.
#[derive(Clone, Debug, PartialEq)]
pub enum CredentialsChange {
    /// They stay.
    Keep,
    /// They are removed.
    Remove,
    /// These take their place.
    Set(Map<String, Value>),
}

/// The checks of a provider's base address and configuration.
pub struct Surroundings<'a> {
    /// The client that will reach it.
    pub egress: &'a Egress,
    /// Where the platform itself is reached.
    pub public_url: &'a Url,
}

impl ProviderFields {
    /// Refuses what could never be asked.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn parse(
        write: WriteProvider,
        around: &Surroundings<'_>,
    ) -> Result<(Self, CredentialsChange), Problem> {
        let mut faults = Vec::new();
        let config = write.config.unwrap_or_else(|| json!({}));
        let base_url = base_url(write.kind, write.base_url.as_deref(), around, &mut faults);
        check_config(write.kind, &config, around, &mut faults);
        let credentials = credentials(write.credentials, write.kind, &mut faults);
        let fields = Self {
            kind: write.kind,
            name: values::composed(write.name.trim()).into_owned(),
            base_url,
            config,
            enabled: write.enabled,
            max_per_second: write.max_per_second,
            max_concurrency: write.max_concurrency,
            timeout_ms: write.timeout_ms,
            monthly_budget: money::read(write.monthly_budget.as_ref(), "monthly_budget", &mut faults),
            price_per_call: money::read(write.price_per_call.as_ref(), "price_per_call", &mut faults),
            price_per_hit: money::read(write.price_per_hit.as_ref(), "price_per_hit", &mut faults),
            price_in: money::read(write.price_in.as_ref(), "price_in", &mut faults),
            price_out: money::read(write.price_out.as_ref(), "price_out", &mut faults),
        };
        if faults.is_empty() { Ok((fields, credentials)) } else { Err(Problem::invalid(faults)) }
    }

    /// Whether something else is asked, or of someone else.
    pub fn differs_from(&self, before: &ProviderView) -> bool {
        self.base_url != before.base_url || self.config != before.config
    }

    /// Scheme, host and port that credentials are sent to.
    pub fn origin(&self) -> Option<String> {
        origin(self.kind, self.base_url.as_deref(), &self.config)
    }
}

/// Scheme, host and port that the credentials of such a provider are sent to.
pub fn origin(kind: ProviderKind, base_url: Option<&str>, config: &Value) -> Option<String> {
    let usual = match kind {
        ProviderKind::Apollo => Some(apollo::BASE),
        ProviderKind::Pdl => Some(pdl::BASE),
        ProviderKind::Hunter => Some(hunter::BASE),
        ProviderKind::Http => return HttpConfig::parse(config).ok().and_then(|config| config.origin()),
        ProviderKind::Website | ProviderKind::Model => None,
    };
    origin_of(base_url.or(usual)?)
}

/// 400 `credentials_required` where stored credentials would go elsewhere than where they were entered for.
///
/// # Errors
/// As said.
pub fn check_destination(
    before: Option<&str>,
    after: Option<&str>,
    change: &CredentialsChange,
) -> Result<(), Problem> {
    if before == after || !matches!(change, CredentialsChange::Keep) {
        return Ok(());
    }
    let message = "must be given again: they were entered for another scheme, host or port";
    let mut problem = Problem::invalid(vec![FieldError::new("credentials", "credentials_required", message)]);
    problem.code = "credentials_required";
    Err(problem)
}

fn base_url(
    kind: ProviderKind,
    written: Option<&str>,
    around: &Surroundings<'_>,
    faults: &mut Vec<FieldError>,
) -> Option<String> {
    let mut fault = |code: &str, message: &str| faults.push(FieldError::new("base_url", code, message));
    let Some(written) = written.map(str::trim).filter(|text| !text.is_empty()) else {
        if kind == ProviderKind::Model {
            fault("required", "is required for this kind");
        }
        return None;
    };
    if matches!(kind, ProviderKind::Website | ProviderKind::Http) {
        fault("not_allowed", "is of no use to this kind");
        return None;
    }
    let Some(url) = values::web_url(written) else {
        fault("invalid_url", "is not a web address");
        return None;
    };
    if url.query().is_some() || url.fragment().is_some() {
        fault("invalid_url", "must have neither a query nor a fragment");
    }
    if let Err(message) = reachable(&url, around) {
        fault("invalid_url", &message);
    }
    Some(url.as_str().trim_end_matches('/').to_owned())
}

fn reachable(url: &Url, around: &Surroundings<'_>) -> Result<(), String> {
    around.egress.check(url).map_err(|error| error.to_string())?;
    if is_own(url, around.public_url) {
        return Err("is an address of the platform itself".to_owned());
    }
    Ok(())
}

/// Whether an address leads back to the platform.
pub fn is_own(url: &Url, public_url: &Url) -> bool {
    let (Some(host), Some(own)) = (url.host_str(), public_url.host_str()) else { return false };
    let is_name = public_url.domain().is_some();
    let is_below = is_name && host.strip_suffix(own).is_some_and(|rest| rest.ends_with('.'));
    (host == own && url.port_or_known_default() == public_url.port_or_known_default()) || is_below
}

fn check_config(kind: ProviderKind, config: &Value, around: &Surroundings<'_>, faults: &mut Vec<FieldError>) {
    let mut fault =
        |place: &str, message: String| faults.push(FieldError::new(place, "invalid_config", message));
    let Some(members) = config.as_object() else {
        return fault("config", "must be an object".to_owned());
    };
    if config.to_string().len() > MOST_CONFIG {
        return fault("config", format!("must be at most {MOST_CONFIG} bytes"));
    }
    let allowed: &[&str] = match kind {
        ProviderKind::Http => {
            match HttpConfig::parse(config) {
                Ok(read) => {
                    let origin = read.origin().and_then(|origin| Url::parse(&origin).ok());
                    if let Some(Err(message)) = origin.map(|url| reachable(&url, around)) {
                        fault("config.url", message);
                    }
                }
                Err(found) => faults.extend(found),
            }
            return;
        }
        ProviderKind::Website => &["max_pages"],
        ProviderKind::Model => &["model", "response_format", "uses_max_tokens", "dialect"],
        ProviderKind::Apollo | ProviderKind::Pdl | ProviderKind::Hunter => &["dialect"],
    };
    for (name, value) in members {
        let place = format!("config.{name}");
        if !allowed.contains(&name.as_str()) {
            fault(&place, format!("is not known; known are: {}", allowed.join(", ")));
            continue;
        }
        if let Err(message) = check_member(name, value) {
            fault(&place, message);
        }
    }
}

fn check_member(name: &str, value: &Value) -> Result<(), String> {
    let sound = match name {
        "max_pages" => value.as_u64().is_some_and(|pages| (1..=5).contains(&pages)),
        "response_format" | "uses_max_tokens" => value.is_boolean(),
        "dialect" => {
            return serde_json::from_value::<Dialect>(value.clone())
                .map(drop)
                .map_err(|error| error.to_string());
        }
        _ => value.as_str().is_some_and(|text| (1..=200).contains(&text.len())),
    };
    if sound { Ok(()) } else { Err("has a value that it cannot have".to_owned()) }
}

fn credentials(
    written: Option<Option<Map<String, Value>>>,
    kind: ProviderKind,
    faults: &mut Vec<FieldError>,
) -> CredentialsChange {
    let members = match written {
        None => return CredentialsChange::Keep,
        Some(None) => return CredentialsChange::Remove,
        Some(Some(members)) => members,
    };
    let mut fault =
        |message: &str| faults.push(FieldError::new("credentials", "invalid_credentials", message));
    if kind == ProviderKind::Website {
        fault("are of no use to a website");
    }
    if members.is_empty() || members.len() > 20 || json!(members).to_string().len() > MOST_CREDENTIALS {
        fault("must be 1 to 20 secrets by name");
    }
    let is_sound = |text: &str| !text.trim().is_empty() && !text.chars().any(char::is_control);
    if !members.values().all(|value| value.as_str().is_some_and(is_sound)) {
        fault("must be texts without line breaks");
    }
    CredentialsChange::Set(members)
}

/// A provider as those see it who ask it.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Id.
    pub id: Uuid,
    /// Kind.
    pub kind: ProviderKind,
    /// Name.
    pub name: String,
    /// Base address.
    pub base_url: Option<String>,
    /// Credentials, sealed.
    pub credentials: Option<Vec<u8>>,
    /// Configuration.
    pub config: Value,
    /// Whether it is asked.
    pub enabled: bool,
    /// Calls per second, at most.
    pub max_per_second: Option<f64>,
    /// Calls at once, at most.
    pub max_concurrency: Option<i32>,
    /// Time limit of one call, in milliseconds.
    pub timeout_ms: Option<i32>,
    /// Most that is spent in a month.
    pub monthly_budget: Option<Amount>,
    /// Price of a call.
    pub price_per_call: Amount,
    /// Price of a hit, beside that.
    pub price_per_hit: Amount,
    /// Price of a million tokens read.
    pub price_in: Amount,
    /// Price of a million tokens written.
    pub price_out: Amount,
    /// Whether it is asked now.
    pub status: ProviderStatus,
    /// Until when it rests.
    pub open_until: Option<DateTime<Utc>>,
    /// Which setup this is.
    pub setup_version: i32,
}

impl Provider {
    /// As provenance names it.
    pub fn named(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "kind": self.kind.word() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_platform_are_its_own() {
        let public: Url = "https://leads.example".parse().unwrap();
        for (address, own) in [
            ("https://leads.example/x", true),
            ("https://acme.leads.example/", true),
            ("https://notleads.example/", false),
            ("https://leads.example:8443/", false),
            ("https://api.vendor.example/", false),
        ] {
            assert_eq!(is_own(&address.parse().unwrap(), &public), own, "{address}");
        }
    }

    #[test]
    fn stored_credentials_stay_with_the_origin_that_they_were_entered_for() {
        let (one, other) = (Some("https://a.example"), Some("https://b.example"));
        assert!(check_destination(one, one, &CredentialsChange::Keep).is_ok());
        assert!(check_destination(one, other, &CredentialsChange::Remove).is_ok());
        let refused = check_destination(one, other, &CredentialsChange::Keep).unwrap_err();
        assert_eq!((refused.status.as_u16(), refused.code), (400, "credentials_required"));
    }
}
