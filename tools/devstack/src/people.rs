//! Tenants and people of a platform that is put to the test, made through its API like anybody's.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::demo::SignIn;
use crate::secrets;
use crate::waiting::Cancel;
use crate::wire::{Request, Response};

/// How long one request may take.
const LIMIT: Duration = Duration::from_secs(20);
/// How long something new may take to be known everywhere.
const PATIENCE: Duration = Duration::from_secs(60);

/// The API of a running platform.
#[derive(Clone, Debug)]
pub struct Api {
    /// Where it listens.
    pub address: SocketAddr,
}

/// A tenant with its admin and the key of its form.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its id.
    pub id: String,
    /// Its short name.
    pub client_id: String,
    /// Signs in as its admin.
    pub admin: SignIn,
    /// The admin's access token.
    pub token: String,
    /// The key of its form.
    pub key: String,
}

impl Api {
    /// The API at `http://host:port`.
    pub fn at(base_url: &str) -> Result<Self> {
        let host = base_url.trim_end_matches('/').strip_prefix("http://").unwrap_or(base_url);
        let mut addresses = std::net::ToSocketAddrs::to_socket_addrs(host)
            .with_context(|| format!("{base_url} is not http://host:port"))?;
        Ok(Self { address: addresses.next().context("the address leads nowhere")? })
    }

    /// Sends a request and gives the answer, which must have one of these statuses. What isn't there yet is asked
    /// for again.
    pub fn ask(&self, request: &Request, wanted: &[u16]) -> Result<Response> {
        let mut last = Response::default();
        let outcome = Cancel::default().until("an answer", Duration::from_millis(200), PATIENCE, || {
            last = match request.send(self.address, LIMIT) {
                Ok(answer) => answer,
                Err(_) => return Ok(false),
            };
            Ok(wanted.contains(&last.status) || !matches!(last.status, 403 | 404 | 429 | 502..=504))
        });
        if wanted.contains(&last.status) {
            return Ok(last);
        }
        outcome?;
        bail!("{} {} answered {}: {}", request.method, request.target, last.status, last.text().trim())
    }

    /// An access token.
    pub fn sign_in(&self, who: &SignIn) -> Result<String> {
        let body = json!({"email": who.email, "password": who.password});
        let answer = self.ask(&Request::new("POST", "/api/v2/auth/login").json(&body), &[200])?;
        text(&answer.json(), "access_token")
    }

    /// A new tenant, with a person who is its admin and a key for its form.
    pub fn found(&self, client_id: &str) -> Result<Tenant> {
        let admin = SignIn { email: format!("admin@{client_id}.example"), password: secrets::password() };
        let body = json!({
            "email": admin.email, "password": admin.password, "first_name": "Admin", "last_name": client_id,
            "tenant": {"client_id": client_id, "name": client_id, "website": format!("https://{client_id}.example")},
        });
        self.ask(&Request::new("POST", "/api/v2/auth/register").json(&body), &[201])?;
        let token = self.sign_in(&admin)?;
        let id = self.tenant_of(&token, client_id)?;
        let key = self.key(&token, client_id, &json!({"name": "Form"}))?;
        Ok(Tenant { id, client_id: client_id.to_owned(), admin, token, key })
    }

    /// The id of a tenant that the token's person is a member of.
    pub fn tenant_of(&self, token: &str, client_id: &str) -> Result<String> {
        let request = signed("GET", "/api/v2/auth/me", token, None);
        let mut found = None;
        Cancel::default().until("a new tenant", Duration::from_millis(200), PATIENCE, || {
            let me = self.ask(&request, &[200])?.json();
            let all = me.get("memberships").and_then(Value::as_array).cloned().unwrap_or_default();
            let ours = all.iter().find(|one| one.get("client_id").and_then(Value::as_str) == Some(client_id));
            found = ours.and_then(|one| one.get("tenant_id")?.as_str().map(str::to_owned));
            Ok(found.is_some())
        })?;
        found.context("the new tenant has no id")
    }

    /// The text of a new API key.
    pub fn key(&self, token: &str, client_id: &str, wanted: &Value) -> Result<String> {
        let request = signed("POST", "/api/v2/api-keys", token, Some(client_id)).json(wanted);
        text(&self.ask(&request, &[201])?.json(), "key")
    }
}

/// A request of a person, in a tenant when one is named.
pub fn signed(method: &str, target: &str, token: &str, tenant: Option<&str>) -> Request {
    let request = Request::new(method, target).header("Authorization", &format!("Bearer {token}"));
    match tenant {
        Some(tenant) => request.header("X-Tenant-Id", tenant),
        None => request,
    }
}

/// A member of an answer that must be text.
pub fn text(value: &Value, member: &str) -> Result<String> {
    let found = value.get(member).and_then(Value::as_str).map(str::to_owned);
    found.with_context(|| format!("the answer has no {member}: {value}"))
}
