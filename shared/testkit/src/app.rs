//! A service running for one test: its own database, its own corner of Redis, a free port.

use std::{collections::HashMap, sync::Arc};

use actix_web::web;
use contracts::{
    Service, TenantId, UserId,
    identity::PlatformRole,
    internal::tenants::{Isolation, ProvisionTenant, TenantStatus},
};
use platform::{
    command::{App, Base},
    http::{health::Health, reply::Keeping, server},
    worker::{self, Shutdown, ShutdownTrigger},
};
use serde_json::json;

use crate::{
    caller::{Caller, Demand, WhoIs, client_id, person},
    database::TestDatabase,
    settings,
};

/// Fails unless the service's OpenAPI document is of use to programs that make clients of it: every reference resolves, no two
/// types share a name, every operation has a name of its own and a description, every example is valid.
pub fn assert_document_is_sound<A: App>() {
    let faults = platform::http::openapi::faults(&A::routes());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Fails unless every POST that callers can make gives its first answer again under an `Idempotency-Key`.
pub fn assert_posts_are_kept<A: App>() {
    let routes = A::routes();
    let lost: Vec<&str> = routes
        .iter()
        .filter(|route| route.method == "POST" && !route.path.starts_with("/internal/"))
        .filter(|route| !matches!(route.keeping, Some(Keeping::InTransaction | Keeping::AroundHandler)))
        .map(|route| route.path)
        .collect();
    assert!(lost.is_empty(), "answers of these are not kept: {lost:?}");
}

/// A running service.
pub struct TestApp<A: App> {
    /// Its database.
    pub database: TestDatabase,
    /// What its handlers ask for.
    pub deps: web::Data<A::Deps>,
    /// Database, Redis and peers as it uses them.
    pub base: Base,
    /// Stops its background loops.
    pub shutdown: Shutdown,
    nobody: Caller,
    handle: actix_web::dev::ServerHandle,
    trigger: ShutdownTrigger,
}

impl<A: App> TestApp<A> {
    /// Starts the service's HTTP side.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts it with these settings.
    pub async fn start_with(more: &[(&str, &str)]) -> Self {
        let database = TestDatabase::of::<A>().await;
        let environment = settings::environment(&database, more);
        Self::start_on(database, environment).await
    }

    async fn start_on(database: TestDatabase, environment: HashMap<String, String>) -> Self {
        let mut settings = settings::settings(environment);
        let config = A::configure(&mut settings);
        let config = settings.finish(config).expect("the test's settings are sound");
        platform::command::install_crypto();
        let base = Base::of::<A>(A::base(&config)).expect("the service opens what it needs");
        let deps = web::Data::new(A::deps(&config, base.clone()).await.expect("dependencies can be made"));
        let routes = A::routes();
        let demands = routes.iter().filter_map(|route| {
            let rule = route.rule;
            let (permission, _) = rule.permission?;
            let effects = (rule.declared)().effects.iter().map(|effect| effect.permission).collect();
            Some(Demand { method: route.method, path: route.path, permission, effects })
        });
        let demands = demands.collect();
        let site = server::Site {
            service: A::SERVICE,
            routes,
            health: Health::of(&base.db, &base.redis),
            db: base.db.clone(),
            keys: base.keys.clone(),
            peers: base.peers.clone(),
        };
        let serving = server::start(site, &A::base(&config).http, deps.clone()).expect("a free port");
        let nobody =
            Caller::nobody(&format!("http://{}", serving.addr), A::SERVICE, base.keys.clone(), demands);
        let (trigger, shutdown) = worker::shutdown();
        let handle = serving.handle.clone();
        actix_web::rt::spawn(serving.done);
        Self { database, deps, base, shutdown, nobody, handle, trigger }
    }

    /// Starts what the service does by itself, too.
    pub fn with_background(self) -> Self {
        A::spawn_background(&self.deps, &self.base, &self.shutdown);
        self
    }

    /// A caller without an identity, as if the gateway was bypassed.
    pub fn nobody(&self) -> Caller {
        self.nobody.clone()
    }

    /// An anonymous caller, through the gateway.
    pub fn anonymous(&self) -> Caller {
        self.nobody.becoming(WhoIs::Anonymous)
    }

    /// Another process of the platform.
    pub fn service(&self, service: Service) -> Caller {
        self.nobody.becoming(WhoIs::Service(service))
    }

    /// A person in this tenant who sees all of it and holds every permission.
    pub fn user(&self, tenant: TenantId) -> Caller {
        self.nobody.becoming(WhoIs::User(person(tenant)))
    }

    /// That very person in this tenant.
    pub fn user_named(&self, tenant: TenantId, user: UserId) -> Caller {
        let mut person = person(tenant);
        person.id = user;
        self.nobody.becoming(WhoIs::User(person))
    }

    /// A person who acts in no tenant.
    pub fn signed_in(&self, role: PlatformRole) -> Caller {
        let mut person = person(TenantId::new());
        person.tenant = None;
        person.platform_role = role;
        self.nobody.becoming(WhoIs::User(person))
    }

    /// A new tenant, provisioned and active.
    pub async fn tenant(&self) -> TenantId {
        self.tenant_in(Isolation::Pool).await
    }

    /// A new tenant with this isolation.
    pub async fn tenant_in(&self, isolation: Isolation) -> TenantId {
        let tenant_id = TenantId::new();
        let client_id = client_id(tenant_id);
        let status = TenantStatus::Active;
        let call =
            ProvisionTenant { tenant_id, client_id, status, revision: 1, isolation, is_unproven: false };
        self.service(Service::Tenant).put(&call.path(), &json!(call)).await.expect(200);
        tenant_id
    }

    /// Address of the service.
    pub fn base_url(&self) -> Arc<str> {
        self.nobody.base.as_str().into()
    }
}

impl<A: App> Drop for TestApp<A> {
    fn drop(&mut self) {
        self.trigger.trigger();
        // The future only needs to be made: the order to stop is sent at once.
        drop(self.handle.stop(false));
    }
}
