//! Tenants and people of a platform that is put to the test, made through its API.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::Platform;
use crate::demo::SignIn;
use crate::mails;
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
    /// Where mails can be read that would have been sent, on a platform of our own.
    pub mailbox: Option<SocketAddr>,
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
    /// The API at `http://host:port`, of a platform with mails that cannot be read.
    pub fn at(base_url: &str) -> Result<Self> {
        Ok(Self { address: resolved(base_url)?, mailbox: None })
    }

    /// The API of a platform of our own.
    pub fn of(platform: &Platform) -> Result<Self> {
        Ok(Self {
            address: resolved(&platform.base_url())?,
            mailbox: Some(resolved(&platform.mailbox_url())?),
        })
    }

    /// The token in the newest mail of that kind to an address, as soon as there is one.
    pub fn mailed_token(&self, to: &str, template: &str) -> Result<String> {
        let mailbox = self.mailbox.context("mails of this platform cannot be read")?;
        let request = Request::new("GET", &format!("/mails?to={to}"));
        let mut token = None;
        Cancel::default().until("a mail", Duration::from_millis(100), PATIENCE, || {
            let Ok(answer) = request.send(mailbox, LIMIT) else { return Ok(false) };
            token = mails::token_in(&answer.json(), template);
            Ok(token.is_some())
        })?;
        token.context("the mail holds no token")
    }

    /// Proves the address of a registered user, with the mailed link.
    pub fn prove(&self, email: &str) -> Result<()> {
        let token = self.mailed_token(email, mails::VERIFY)?;
        let request = Request::new("POST", "/api/v2/auth/email/verify").json(&json!({"token": token}));
        self.ask(&request, &[200]).map(drop)
    }

    /// Has the admin of a tenant invite a person, who accepts with the mailed link and a new password. Returns the
    /// answer to the acceptance.
    pub fn invite(&self, tenant: &Tenant, who: &SignIn, role: &str) -> Result<Value> {
        let path = format!("/api/v2/tenants/{}/invite_user", tenant.id);
        let invitation = json!({"email": who.email, "role": role});
        self.ask(&signed("POST", &path, &tenant.token, None).json(&invitation), &[201])?;
        let token = self.mailed_token(&who.email, mails::INVITATION)?;
        let accepted =
            json!({"token": token, "password": who.password, "first_name": role, "last_name": "Somebody"});
        let request = Request::new("POST", "/api/v2/invitations/accept").json(&accepted);
        Ok(self.ask(&request, &[200])?.json())
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

    /// A new tenant, with a person who is its admin and a key for its form. The admin's address is proven where that is
    /// possible.
    pub fn found(&self, client_id: &str) -> Result<Tenant> {
        let admin = SignIn { email: format!("admin@{client_id}.example"), password: secrets::password() };
        let body = json!({
            "email": admin.email, "password": admin.password, "first_name": "Admin", "last_name": client_id,
            "tenant": {"client_id": client_id, "name": client_id, "website": format!("https://{client_id}.example")},
        });
        self.ask(&Request::new("POST", "/api/v2/auth/register").json(&body), &[201])?;
        if self.mailbox.is_some() {
            self.prove(&admin.email)?;
        }
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

fn resolved(base_url: &str) -> Result<SocketAddr> {
    let host = base_url.trim_end_matches('/').strip_prefix("http://").unwrap_or(base_url);
    let mut addresses = std::net::ToSocketAddrs::to_socket_addrs(host)
        .with_context(|| format!("{base_url} is not http://host:port"))?;
    addresses.next().context("the address leads nowhere")
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
