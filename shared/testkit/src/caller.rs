//! A client that calls a service the way the gateway does: with a signed identity.

use std::sync::Arc;

use contracts::{
    Service, TenantId, UserId,
    identity::{
        ActingIn, Caller as Who, DataScope, IDENTITY_HEADER, IDENTITY_LIFE_SECONDS, Identity, PlatformRole,
        SignedInUser,
    },
};
use platform::auth::{identity::IdentityKeys, teams};
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::Value;
use uuid::Uuid;

/// A caller of one service.
#[derive(Clone)]
pub struct Caller {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) service: Service,
    pub(crate) keys: IdentityKeys,
    pub(crate) who: WhoIs,
    pub(crate) routes: Arc<Vec<Demand>>,
    pub(crate) permissions: Held,
    headers: Vec<(String, String)>,
}

/// What a person may do.
#[derive(Clone)]
pub(crate) enum Held {
    Everything,
    Only(Vec<String>),
    EverythingBut(Vec<String>),
}

impl Held {
    fn has(&self, code: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(codes) => codes.iter().any(|held| held == code),
            Self::EverythingBut(codes) => !codes.iter().any(|missing| missing == code),
        }
    }
}

/// The permissions that a route of the service under test demands.
pub struct Demand {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) permission: &'static str,
    pub(crate) effects: Vec<&'static str>,
}

impl Demand {
    fn covers(&self, method: &Method, path: &str) -> bool {
        let (wanted, parts) = (self.path.split('/'), path.split('/'));
        self.method == method.as_str()
            && wanted.clone().count() == parts.clone().count()
            && wanted.zip(parts).all(|(want, part)| want.starts_with('{') || want == part)
    }
}

#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "a test has a handful of them")]
pub(crate) enum WhoIs {
    Unidentified,
    Anonymous,
    Service(Service),
    User(SignedInUser),
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as JSON; null when it is none.
    pub body: Value,
    /// Body as text.
    pub text: String,
}

impl Reply {
    /// The body, when the status is as expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.body
    }

    /// Status and code of a problem.
    #[track_caller]
    pub fn problem(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body.get("code").and_then(Value::as_str).unwrap_or_default())
    }

    /// Field and code of every fault, sorted.
    pub fn faults(&self) -> Vec<(String, String)> {
        let errors = self.body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |error: &Value, name: &str| {
            error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let mut faults: Vec<_> =
            errors.iter().map(|error| (text(error, "field"), text(error, "code"))).collect();
        faults.sort();
        faults
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Caller {
    /// A caller with no identity at all, as from outside the platform.
    pub fn nobody(base: &str, service: Service, keys: IdentityKeys, routes: Vec<Demand>) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self {
            http,
            base: base.to_owned(),
            service,
            keys,
            who: WhoIs::Unidentified,
            routes: Arc::new(routes),
            permissions: Held::Everything,
            headers: Vec::new(),
        }
    }

    /// The same client with another identity.
    pub(crate) fn becoming(&self, who: WhoIs) -> Self {
        Self { who, headers: Vec::new(), ..self.clone() }
    }

    /// The person, if it is one.
    pub fn user(&self) -> UserId {
        match &self.who {
            WhoIs::User(user) => user.id,
            _ => panic!("this caller is not a person"),
        }
    }

    /// The tenant the person acts in.
    pub fn tenant(&self) -> TenantId {
        match &self.who {
            WhoIs::User(SignedInUser { tenant: Some(tenant), .. }) => tenant.id,
            _ => panic!("this caller acts in no tenant"),
        }
    }

    /// The same person in a tenant of this time zone, with one of their own.
    pub fn in_zones(&self, tenant: &str, own: Option<&str>) -> Self {
        let mut other = self.clone();
        if let WhoIs::User(SignedInUser { tenant: Some(acting_in), .. }) = &mut other.who {
            acting_in.time_zone = Some(tenant.to_owned());
            acting_in.own_time_zone = own.map(str::to_owned);
        }
        other
    }

    /// The same person with another data scope. As from the gateway, a large team travels as its digest.
    pub fn scoped(&self, scope: DataScope, team: &[UserId]) -> Self {
        let mut other = self.clone();
        if let WhoIs::User(SignedInUser { tenant: Some(tenant), .. }) = &mut other.who {
            tenant.data_scope = scope;
            let travels = team.len() <= teams::TRAVELLING;
            tenant.team = if travels { team.to_vec() } else { Vec::new() };
            tenant.team_digest = (!travels).then(|| teams::digest(team));
        }
        other
    }

    /// The same person with a role on the platform.
    pub fn with_platform_role(&self, role: PlatformRole) -> Self {
        let mut other = self.clone();
        if let WhoIs::User(user) = &mut other.who {
            user.platform_role = role;
        }
        other
    }

    /// The same person with another role in the tenant.
    pub fn in_role(&self, role: &str) -> Self {
        let mut other = self.clone();
        if let WhoIs::User(SignedInUser { tenant: Some(tenant), .. }) = &mut other.who {
            role.clone_into(&mut tenant.role);
        }
        other
    }

    /// Sends this header too.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    /// POST with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PUT with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, path, Some(body)).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None).await
    }

    /// Any request with an optional JSON body.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        read(request).await
    }

    /// A request of this caller, to be completed and sent with [`read`].
    ///
    /// As the gateway would, it carries those of the permissions that the route declares that the caller holds.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let bare = path.split('?').next().unwrap_or_default();
        let who = match &self.who {
            WhoIs::Unidentified => None,
            WhoIs::Anonymous => Some(Who::Anonymous),
            WhoIs::Service(service) => Some(Who::Service(*service)),
            WhoIs::User(user) => {
                let mut user = user.clone();
                if let Some(demand) = self.demand(&method, bare) {
                    let held = |code: &str| self.permissions.has(code).then(|| code.to_owned());
                    user.permission = held(demand.permission);
                    user.effects = demand.effects.iter().filter_map(|code| held(code)).collect();
                }
                Some(Who::User(Box::new(user)))
            }
        };
        let name = method.to_string();
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(who) = who {
            let identity = Identity {
                aud: self.service,
                exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
                request_id: Uuid::now_v7().to_string(),
                method: name,
                path: bare.to_owned(),
                client_address: Some("203.0.113.7".to_owned()),
                who,
            };
            request = request.header(IDENTITY_HEADER, self.keys.sign(&identity));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// The same person with these permissions only.
    pub fn holding(&self, permissions: &[&str]) -> Self {
        let codes = permissions.iter().map(|&code| code.to_owned()).collect();
        Self { permissions: Held::Only(codes), ..self.clone() }
    }

    /// The same person with every permission but these.
    pub fn without(&self, permissions: &[&str]) -> Self {
        let codes = permissions.iter().map(|&code| code.to_owned()).collect();
        Self { permissions: Held::EverythingBut(codes), ..self.clone() }
    }

    fn demand(&self, method: &Method, path: &str) -> Option<&Demand> {
        // A literal path comes before one with a parameter in the same place, as in the service.
        let mut demands: Vec<&Demand> =
            self.routes.iter().filter(|demand| demand.covers(method, path)).collect();
        demands.sort_by_key(|demand| demand.path);
        demands.into_iter().next()
    }
}

/// Sends a request and reads the answer whole.
pub async fn read(request: reqwest::RequestBuilder) -> Reply {
    let answer = request.send().await.expect("the service answers");
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = answer.text().await.expect("the answer can be read");
    let body = serde_json::from_str(&text).unwrap_or_default();
    Reply { status, headers, body, text }
}

/// The client id of a test's tenant.
pub fn client_id(tenant: TenantId) -> String {
    format!("t{}", &tenant.0.simple().to_string()[20..])
}

/// A person acting in a tenant with scope `all`.
pub(crate) fn person(tenant: TenantId) -> SignedInUser {
    SignedInUser {
        id: UserId::new(),
        session: Uuid::now_v7(),
        platform_role: PlatformRole::None,
        permission: None,
        effects: Vec::new(),
        tenant: Some(ActingIn {
            id: tenant,
            client_id: client_id(tenant),
            membership: Some(Uuid::now_v7()),
            role: "tenant_admin".to_owned(),
            data_scope: DataScope::All,
            team: Vec::new(),
            team_digest: None,
            time_zone: None,
            own_time_zone: None,
        }),
    }
}
