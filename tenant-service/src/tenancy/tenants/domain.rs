//! Validation of tenants.

use contracts::{
    client_ids::{self, ClientIdFault},
    identity::PlatformRole,
    internal::{
        moves::Isolation,
        tenants::{FoundTenant, TenantStatus},
    },
    permissions::{Permission, TenantsAdminister},
    problem::FieldError,
};
use diesel::AsChangeset;
use platform::{Problem, db::placement, values};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::api::{CreateTenant, FoundingAdmin, TenantView, WriteTenant};
use crate::{
    permissions,
    schema::tenants,
    settings::{HANDOVER_AFTER_DAYS, days_fault},
    zones,
};

/// A client id that tenants can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientId(String);

impl ClientId {
    /// The client id that a new tenant asks for.
    pub fn parse(text: &str) -> Result<Self, ClientIdFault> {
        client_ids::check(text).map(|()| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A website in its shown and its comparable form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Website {
    /// The whole address.
    pub url: String,
    /// Host and path alone: scheme, `www.`, query and a closing slash make no other website.
    pub key: String,
}

impl Website {
    /// The website at this address.
    pub fn parse(text: &str) -> Option<Self> {
        let url = values::web_url(text)?;
        let host = url.host_str()?.trim_end_matches('.');
        let host = host.strip_prefix("www.").unwrap_or(host);
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let key = format!("{host}{port}{}", url.path().trim_end_matches('/'));
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let url = String::from(url);
        let url = if is_bare { url.trim_end_matches('/').to_owned() } else { url };
        (url.len() <= 255 && key.len() <= 255).then_some(Self { url, key })
    }
}

/// Who becomes the first admin.
#[derive(Clone, Debug)]
pub enum Founder {
    /// None for now.
    Unnamed,
    /// A person who has an account.
    Known(Uuid),
    /// A person known by e-mail address only.
    Named(FoundingAdmin),
}

/// A tenant about to be made.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// Its id.
    pub id: Uuid,
    /// Its client-provided id.
    pub client_id: ClientId,
    /// Its name.
    pub name: String,
    /// Its website.
    pub website: Website,
    /// How its rows are kept apart.
    pub isolation: Isolation,
    /// Its first admin.
    pub founder: Founder,
    /// Who makes it.
    pub created_by: Uuid,
}

impl NewTenant {
    /// A tenant that platform staff asks for.
    pub fn parse(create: CreateTenant, by: Uuid) -> Result<Self, Problem> {
        let founder = match create.admin {
            Some(admin) => canonical(admin).map(Founder::Named),
            None => Ok(Founder::Unnamed),
        };
        let parsed = Self::of(Uuid::now_v7(), &create.client_id, &create.name, &create.website, founder, by)?;
        Ok(Self { isolation: create.isolation.unwrap_or_default(), ..parsed })
    }

    /// The tenant of a registration.
    pub fn founded(call: &FoundTenant) -> Result<Self, Problem> {
        let admin = call.admin.0;
        let founder = Ok(Founder::Known(admin));
        Self::of(call.tenant_id.0, &call.client_id, &call.name, &call.website, founder, admin)
    }

    fn of(
        id: Uuid,
        client_id: &str,
        name: &str,
        website: &str,
        founder: Result<Founder, FieldError>,
        by: Uuid,
    ) -> Result<Self, Problem> {
        let name = name.trim();
        let mut faults = Vec::new();
        let client_id = ClientId::parse(client_id)
            .map_err(|fault| faults.push(FieldError::new("client_id", fault.code(), fault.message())));
        let website = Website::parse(website).ok_or_else(|| faults.push(invalid_website()));
        if name.is_empty() || name.chars().count() > 255 {
            faults.push(FieldError::new("name", "required", "must have 1 to 255 characters"));
        }
        let founder = founder.map_err(|fault| faults.push(fault));
        match (client_id, website, founder) {
            (Ok(client_id), Ok(website), Ok(founder)) if faults.is_empty() => {
                let (name, isolation) = (name.to_owned(), Isolation::default());
                Ok(Self { id, client_id, name, website, isolation, founder, created_by: by })
            }
            _ => Err(Problem::invalid(faults)),
        }
    }

    /// Name of the schema of its own that it starts with.
    pub fn schema_name(&self) -> Option<String> {
        (self.isolation == Isolation::Schema).then(|| placement::schema_name(self.client_id.as_str()))
    }

    /// Host names under which the tenant is reached, the primary one first.
    pub fn hosts(&self, public_host: Option<&str>) -> Vec<String> {
        let client_id = self.client_id.as_str();
        let mut hosts: Vec<String> =
            public_host.into_iter().map(|host| format!("{client_id}.{host}")).collect();
        let local = format!("{client_id}.localhost");
        if !hosts.contains(&local) {
            hosts.push(local);
        }
        hosts
    }
}

/// With the address as addresses are compared.
fn canonical(admin: FoundingAdmin) -> Result<FoundingAdmin, FieldError> {
    let invalid = || FieldError::new("admin.email", "invalid_email", "is not an e-mail address");
    let email = values::email(&admin.email).ok_or_else(invalid)?;
    Ok(FoundingAdmin { email, ..admin })
}

/// Member of a tenant's settings: the currency it does business in, ISO 4217; USD where it sets none.
const CURRENCY: &str = "currency";

fn invalid_website() -> FieldError {
    FieldError::new("website", "invalid_url", "is not a web address of at most 255 characters")
}

/// The fields that a tenant's own admins write, in the form in which they are stored.
#[derive(Clone, Debug, AsChangeset)]
#[diesel(table_name = tenants, treat_none_as_null = true)]
pub struct TenantFields {
    name: String,
    website: String,
    website_key: String,
    settings: Value,
    logo_url: Option<String>,
    industry: Option<String>,
    description: Option<String>,
    phone: Option<String>,
    employee_count: Option<i32>,
    address: Option<String>,
    city: Option<String>,
    country: Option<String>,
    timezone: Option<String>,
}

/// The fields that are the platform's to change; what is none stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlatformFields {
    /// Another state.
    pub status: Option<TenantStatus>,
    /// Another state of the subscription.
    pub subscription_status: Option<&'static str>,
    /// Another number of members.
    pub max_users: Option<i32>,
}

impl PlatformFields {
    /// What `write` changes of them.
    pub fn changed(write: &WriteTenant, before: &TenantView) -> Self {
        Self {
            status: write.status.filter(|status| status.name() != before.status),
            subscription_status: write
                .subscription_status
                .map(super::api::SubscriptionStatus::name)
                .filter(|status| *status != before.subscription_status),
            max_users: write.max_users.filter(|most| *most != before.max_users),
        }
    }

    /// 403 naming each field that only platform staff may change, unless the caller is of it.
    pub fn allow(&self, role: PlatformRole) -> Result<(), Problem> {
        let names = [
            ("status", self.status.is_some()),
            ("subscription_status", self.subscription_status.is_some()),
            ("max_users", self.max_users.is_some()),
        ];
        let errors: Vec<FieldError> = names
            .into_iter()
            .filter(|(_, changed)| *changed)
            .map(|(name, _)| {
                FieldError::new(name, "platform_only", "can be changed by the platform's staff only")
            })
            .collect();
        if errors.is_empty() || permissions::platform_role_may(role, TenantsAdminister::CODE) {
            return Ok(());
        }
        let names: Vec<&str> = errors.iter().map(|fault| fault.field.as_str()).collect();
        let detail = format!("Only the platform's staff may change: {}.", names.join(", "));
        let denied =
            Problem::forbidden("permission_denied", detail).with("permission", TenantsAdminister::CODE);
        Err(Problem { errors, ..denied })
    }
}

impl TenantFields {
    /// What `write` makes of the profile `before`, with texts trimmed and blank ones emptied. A setting or time zone that was there
    /// before is not held against it.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn parse(write: WriteTenant, before: &TenantView) -> Result<Self, Problem> {
        let mut faults = Vec::new();
        let name = write.name.trim().to_owned();
        if name.is_empty() {
            faults.push(FieldError::new("name", "required", "must have 1 to 255 characters"));
        }
        let website = Website::parse(&write.website);
        if website.is_none() {
            faults.push(invalid_website());
        }
        faults.extend(setting_faults(&write.settings, &before.settings));
        let timezone = zones::written("timezone", text(write.timezone), before.timezone.as_deref())
            .unwrap_or_else(|fault| {
                faults.push(fault);
                None
            });
        let Some(website) = website.filter(|_| faults.is_empty()) else {
            return Err(Problem::invalid(faults));
        };
        Ok(Self {
            name,
            website: website.url,
            website_key: website.key,
            settings: Value::Object(write.settings),
            logo_url: write.logo_url.as_deref().and_then(values::web_url).map(String::from),
            industry: text(write.industry),
            description: text(write.description),
            phone: text(write.phone).map(|text| values::phone(&text, None).unwrap_or(text)),
            employee_count: write.employee_count,
            address: text(write.address),
            city: text(write.city),
            country: text(write.country),
            timezone,
        })
    }
}

/// Faults of the settings that mean something to the platform, of those that differ from `before`.
fn setting_faults(settings: &Map<String, Value>, before: &Value) -> Vec<FieldError> {
    let changed = |key: &str| settings.get(key).filter(|value| before.get(key) != Some(*value));
    let currency = changed(CURRENCY).filter(|chosen| !chosen.is_null());
    let unknown = currency.filter(|chosen| chosen.as_str().and_then(values::currency).is_none());
    let days = changed(HANDOVER_AFTER_DAYS).and_then(days_fault);
    let currency = unknown.map(|_| (CURRENCY, "invalid_currency", "is not an ISO 4217 code".to_owned()));
    let days = days.map(|(code, message)| (HANDOVER_AFTER_DAYS, code, message));
    let fault = |(key, code, message): (&str, &str, String)| {
        FieldError::new(format!("settings.{key}"), code, message)
    };
    currency.into_iter().chain(days).map(fault).collect()
}

fn text(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// 403 `tenant_inactive` unless a tenant in this state is served.
pub fn check_served(status: &str) -> Result<(), Problem> {
    if status == TenantStatus::Active.name() {
        return Ok(());
    }
    Err(Problem::forbidden("tenant_inactive", "The tenant is not active."))
}

/// Whether a tenant in state `from` can be put into state `to` on demand. Making it is the platform's own doing.
pub fn check_transition(from: &str, to: TenantStatus) -> Result<(), Problem> {
    if from == TenantStatus::Provisioning.name() {
        return Err(Problem::unprocessable("tenant_provisioning", "The tenant is still being made."));
    }
    if to == TenantStatus::Provisioning {
        return Err(Problem::unprocessable(
            "status_not_possible",
            "A tenant that was made cannot be made again.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_website_has_the_same_key_however_it_is_written() {
        let key = |text| Website::parse(text).unwrap().key;
        for same in ["acme.com", "https://acme.com/", "http://www.ACME.com", "https://acme.com?utm=1"] {
            assert_eq!(key(same), "acme.com", "{same}");
        }
        assert_eq!(key("https://acme.com/shop/"), "acme.com/shop");
        assert_eq!(key("http://localhost:9000"), "localhost:9000");
        assert_eq!(Website::parse("acme.com").unwrap().url, "https://acme.com");
        assert_eq!(Website::parse("ftp://acme.com"), None);
    }

    #[test]
    fn every_fault_of_a_new_tenant_is_found_at_once() {
        let problem =
            NewTenant::of(Uuid::nil(), "A", " ", "nope://", Ok(Founder::Unnamed), Uuid::nil()).unwrap_err();
        let fields: Vec<&str> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["client_id", "website", "name"]);

        let create: CreateTenant = serde_json::from_value(json!({
            "client_id": "A", "name": "Acme", "website": "acme.com", "admin": { "email": "nope" },
        }))
        .unwrap();
        let problem = NewTenant::parse(create, Uuid::nil()).unwrap_err();
        let fields: Vec<&str> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["client_id", "admin.email"]);
    }

    #[test]
    fn a_tenant_is_reached_below_localhost_and_the_public_host() {
        let tenant =
            NewTenant::of(Uuid::nil(), "acme", "Acme", "acme.com", Ok(Founder::Unnamed), Uuid::nil())
                .unwrap();
        assert_eq!(tenant.hosts(Some("leads.example")), ["acme.leads.example", "acme.localhost"]);
        assert_eq!(tenant.hosts(Some("localhost")), ["acme.localhost"]);
        assert_eq!(tenant.hosts(None), ["acme.localhost"]);
    }

    #[test]
    fn fields_of_the_platform_are_refused_by_name_to_everybody_else() {
        let fields = PlatformFields {
            status: Some(TenantStatus::Suspended),
            max_users: Some(9),
            ..Default::default()
        };
        let problem = fields.allow(PlatformRole::None).unwrap_err();
        let names: Vec<&str> = problem.errors.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!((problem.status.as_u16(), names), (403, vec!["status", "max_users"]));
        assert!(fields.allow(PlatformRole::InternalCs).is_err());
        assert!(fields.allow(PlatformRole::InternalAdmin).is_ok());
        assert!(PlatformFields::default().allow(PlatformRole::None).is_ok());
    }
}
