//! A gateway with five fakes behind it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use actix_web::dev::ServerHandle;
use contracts::{Service, TenantId, UserId, internal::users::Revocation};
use gateway::{builtin, config::GatewayConfig, server, state::Gateway};
use platform::{
    auth::identity::IdentityKeys,
    config::IdentityConfig,
    http::health::Health,
    worker::{self, ShutdownTrigger},
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use testkit::settings;
use uuid::Uuid;

use crate::{
    fake::{self, Script, Seen},
    tokens::{self, Person},
};

pub const LEADS: &str = "/api/v2/leads";

/// A running gateway and what is behind it.
pub struct World {
    pub gateway: Arc<Gateway>,
    pub script: Arc<Script>,
    pub keys: IdentityKeys,
    pub addr: SocketAddr,
    pub inner: SocketAddr,
    pub addresses: Vec<(Service, String, ServerHandle)>,
    pub http: reqwest::Client,
    pub health: Health,
    handle: ServerHandle,
    inner_handle: ServerHandle,
    pub trigger: ShutdownTrigger,
}

/// A tenant that the fakes know.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub id: TenantId,
    pub client_id: String,
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with these settings; limits are off unless set.
    pub async fn start_with(more: &[(&str, &str)]) -> Self {
        let script = Arc::new(Script::default());
        *script.key_set.lock().unwrap() = tokens::key_set(&[0]);
        for service in Service::OWNERS_OF_DATA {
            script.documents.lock().unwrap().insert(service, ("build-1".into(), document(service)));
        }
        let world = Self::start_on(script, more).await;
        world.ready().await;
        world
    }

    /// Starts with this script, ready or not.
    pub async fn start_on(script: Arc<Script>, more: &[(&str, &str)]) -> Self {
        let config = IdentityConfig { secret: settings::IDENTITY_SECRET.into(), previous: None };
        let keys = IdentityKeys::new(&config).unwrap();
        let addresses: Vec<_> = Service::OWNERS_OF_DATA
            .into_iter()
            .map(|service| {
                let (address, handle) = fake::start(service, &script, &keys);
                (service, address, handle)
            })
            .collect();
        let mut environment = settings::without_database(&[
            ("PUBLIC_URL", "http://app.example.test"),
            ("GATEWAY_INNER_ADDR", "127.0.0.1:0"),
            ("RATE_LIMIT_ADDRESS", "0"),
            ("RATE_LIMIT_USER", "0"),
            ("RATE_LIMIT_KEY", "0"),
            ("RATE_LIMIT_TENANT", "0"),
        ]);
        for (service, address, _) in &addresses {
            environment.insert(format!("{}_URL", service.name().to_uppercase()), address.clone());
        }
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let mut settings = settings::settings(environment);
        let config = GatewayConfig::read(&mut settings);
        let config = settings.finish(config).unwrap();
        platform::command::install_crypto();
        let (trigger, shutdown) = worker::shutdown();
        let gateway = Gateway::new(config, shutdown.clone()).unwrap();
        let health = builtin::health(&gateway);
        let inner = server::start_inner(&gateway, &health).unwrap();
        let (inner_addr, inner_handle) = (inner.addr, inner.handle.clone());
        actix_web::rt::spawn(inner.done);
        let serving = server::start(&gateway, &health).unwrap();
        server::spawn_background(&gateway, &shutdown);
        let (addr, handle) = (serving.addr, serving.handle.clone());
        actix_web::rt::spawn(serving.done);
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let inner = inner_addr;
        Self { gateway, script, keys, addr, inner, addresses, http, health, handle, inner_handle, trigger }
    }

    /// Waits until everything is loaded and the subscription to invalidations is active.
    pub async fn ready(&self) {
        self.wait("readiness", async || {
            self.inside("/health/ready").await.status == 200 && self.gateway.access.is_told()
        })
        .await;
    }

    /// Waits until something holds.
    pub async fn wait(&self, what: &str, test: impl AsyncFn() -> bool) {
        for _ in 0..200 {
            if test().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{what}: not within five seconds");
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("http://{}{path}", self.addr))
    }

    /// Sends a plain request.
    pub async fn send(&self, method: Method, path: &str) -> Answer {
        Answer::read(self.request(method, path)).await
    }

    /// Asks the inner listener.
    pub async fn inside(&self, path: &str) -> Answer {
        Answer::read(self.http.get(format!("http://{}{path}", self.inner))).await
    }

    /// Sends a request of a person, in a tenant if one is named.
    pub async fn as_person(&self, person: &Person, tenant: Option<&str>, path: &str) -> Answer {
        let mut request = self.request(Method::GET, path).bearer_auth(person.token());
        if let Some(tenant) = tenant {
            request = request.header("x-tenant-id", tenant);
        }
        Answer::read(request).await
    }

    /// A new active tenant, and a member of it with these permissions.
    pub fn member(&self, permissions: &[&str]) -> (Person, Tenant) {
        let (person, tenant) = (Person::new(), self.tenant("active"));
        self.grant(&person, &tenant, "active", permissions);
        (person, tenant)
    }

    /// A new tenant that the fakes know.
    pub fn tenant(&self, status: &str) -> Tenant {
        let id = TenantId::new();
        let tenant = Tenant { id, client_id: format!("t{}", &id.0.simple().to_string()[20..]) };
        let answer = json!({ "tenant": summary(&tenant, status), "grant": null });
        let mut tenants = self.script.tenants.lock().unwrap();
        for name in tenant.names() {
            tenants.insert(name, answer.clone());
        }
        tenant
    }

    /// Gives a person a role in a tenant.
    pub fn grant(&self, person: &Person, tenant: &Tenant, status: &str, permissions: &[&str]) {
        let answer = json!({ "tenant": summary(tenant, status), "grant": {
            "membership_id": Uuid::now_v7(), "role": "user", "permissions": permissions, "data_scope": "team",
            "team": [UserId::new()],
        } });
        let mut access = self.script.access.lock().unwrap();
        for name in tenant.names() {
            access.insert((person.id.to_string(), name), answer.clone());
        }
    }

    /// Records a revocation with auth-service.
    pub fn revoke(&self, subject: Uuid, issued_before: Option<chrono::DateTime<chrono::Utc>>) -> Revocation {
        let mut revocations = self.script.revocations.lock().unwrap();
        let seq = i64::try_from(revocations.len()).unwrap() + 1;
        let expires_at = chrono::Utc::now() + chrono::Duration::hours(1);
        let revocation = Revocation { seq, subject, issued_before, expires_at };
        revocations.push(revocation.clone());
        revocation
    }

    /// What the services saw last.
    pub fn last_seen(&self) -> Seen {
        self.script.seen.lock().unwrap().last().cloned().expect("a request reached a service")
    }

    pub fn seen(&self) -> usize {
        self.script.seen.lock().unwrap().len()
    }

    /// Stops one of the fakes.
    pub async fn stop(&self, service: Service) {
        let (_, _, handle) = self.addresses.iter().find(|(name, ..)| *name == service).unwrap();
        handle.stop(false).await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.trigger.trigger();
        // The future only needs to be made: the order to stop is sent at once.
        drop(self.handle.stop(false));
        drop(self.inner_handle.stop(false));
        for (_, _, handle) in &self.addresses {
            drop(handle.stop(false));
        }
    }
}

impl Tenant {
    pub fn host(&self) -> String {
        format!("{}.localhost", self.client_id)
    }

    fn names(&self) -> [String; 3] {
        [self.id.to_string(), self.client_id.clone(), self.host()]
    }
}

fn summary(tenant: &Tenant, status: &str) -> Value {
    json!({ "id": tenant.id, "client_id": tenant.client_id, "name": "A tenant", "status": status })
}

/// The routes of a fake.
pub fn document(service: Service) -> Value {
    let op = |access: &str, tenant: &str| json!({ "x-access": access, "x-tenant": tenant });
    let permission = |code: &str, tenant: &str| json!({ "x-access": "permission", "x-permission": code, "x-tenant": tenant });
    let mut changing = permission("leads:update", "header");
    changing["x-effects"] = json!([
        { "when": "may", "permission": "leads:assign" }, { "when": "shows", "permission": "leads:read" },
    ]);
    let paths = match service {
        Service::Lead => json!({
            "/api/v2/leads": { "get": permission("leads:read", "header"), "post": permission("leads:create", "header") },
            "/api/v2/leads/{id}": { "get": permission("leads:read", "header"), "delete": permission("leads:delete", "header"), "patch": changing },
            "/api/v2/leads/export": { "get": permission("leads:read", "header") },
            "/api/leads/ingest": { "post": op("api_key", "none") },
            "/api/leads/ingest/{address_token}": { "post": op("api_key", "none") },
            "/api/v2/imports": { "post": { "x-access": "public", "x-tenant": "none", "x-body-limit": 33_554_432 } },
            "/api/v2/imports/{id}": { "get": op("public", "none"), "post": op("public", "none") },
            "/internal/accounts/fill": { "put": op("internal", "none") },
        }),
        Service::Auth => json!({
            "/api/v2/auth/hello": { "get": op("public", "none"), "post": op("public", "none") },
            "/api/v2/auth/me": { "get": op("signed_in", "none") },
            "/api/v2/users": { "get": permission("users:read", "none") },
        }),
        Service::Tenant => json!({
            "/api/v2/tenants/{id}": { "get": permission("tenant:read", "path") },
            "/api/v2/context": { "get": op("signed_in", "header") },
        }),
        Service::Integration => json!({
            "/webhook/meta": { "post": op("signed", "none") },
            "/t/o/{token}.gif": { "get": op("public", "none") },
            "/api/v2/notifications/ticks": { "get": op("public", "none") },
            "/api/v2/notifications/mine/ticks": { "get": permission("notifications:read", "header") },
            "/api/v2/events/ticks": { "get": op("signed_in", "none") },
            "/api/v2/webhook-endpoints": { "get": permission("webhook_endpoints:create", "header") },
        }),
        _ => json!({ "/api/v2/enrichment/jobs": { "get": op("public", "none") } }),
    };
    json!({ "openapi": "3.1.0", "paths": paths, "components": { "schemas": { "Problem": { "type": "object" } } } })
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Answer {
    pub async fn read(request: RequestBuilder) -> Self {
        let answer = request.send().await.expect("the gateway answers");
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.expect("the answer can be read");
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self { status, headers, text, body }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Status and code of a problem, once its form was checked.
    #[track_caller]
    pub fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(self.body["request_id"].as_str(), self.header("x-request-id"));
        assert_eq!(self.body["status"], self.status.as_u16());
        assert!(self.body["instance"].is_string(), "{self:?}");
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }
}
