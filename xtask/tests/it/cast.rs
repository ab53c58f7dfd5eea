//! Platform with two isolated tenants and a user of every role.

use std::sync::Mutex;

use attack::operations::Operation;
use devstack::{
    Options, Platform,
    demo::SignIn,
    engines::throwaway::scratch_directory,
    people::{Api, Tenant, signed},
    secrets,
    wire::Request,
};
use serde_json::{Value, json};
use ureq::{Agent, Body, http};

/// Concurrent requests.
const AT_ONCE: usize = 4;

/// Roles that a tenant's admin can assign, by their names in the contract.
const GIVEN_ROLES: [&str; 4] = ["manager", "sales_manager", "support_staff", "user"];

/// A client of the gateway; anonymous without a token.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The role.
    pub name: &'static str,
    /// The access token.
    pub token: Option<String>,
}

/// All users.
pub struct Cast {
    /// The platform; removed when this is dropped.
    pub platform: Platform,
    /// Its API.
    pub api: Api,
    /// The tenant of all users except the stranger.
    pub ours: Tenant,
    /// The stranger's tenant.
    pub theirs: Tenant,
    /// Anonymous, the platform's staff, our users from the top down, and the admin of another tenant.
    pub callers: Vec<Caller>,
    agent: Agent,
}

/// Answer, reduced to its status and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Unparsed body.
    pub text: String,
}

impl Cast {
    /// A platform of its own, with limits that are never reached.
    pub fn assemble() -> Self {
        let dir = scratch_directory("cast");
        let options = Options { ephemeral: true, build: false, ..Options::at(dir).with_raised_limits() };
        let platform = Platform::start(&options).unwrap();
        let api = Api::of(&platform).unwrap();
        let (ours, theirs) = (api.found("ours").unwrap(), api.found("theirs").unwrap());
        let admin = api.sign_in(&platform.demo().unwrap().platform_admin).unwrap();
        let mut callers = vec![caller("nobody", None), caller("internal_admin", Some(admin.clone()))];
        callers.push(caller("internal_cs", Some(staff(&api, &admin))));
        callers.push(caller("tenant_admin", Some(ours.token.clone())));
        callers.extend(GIVEN_ROLES.map(|role| caller(role, Some(invited(&api, &ours, role)))));
        callers.push(caller("stranger", Some(theirs.token.clone())));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(std::time::Duration::from_secs(60)));
        Self { platform, api, ours, theirs, callers, agent: config.build().into() }
    }

    /// All operations of the merged document, in the order of their paths.
    pub fn operations(&self) -> Vec<Operation> {
        let document = self.document();
        let mut all = Operation::all(&document);
        all.sort_by(|one, other| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
        all
    }

    /// The merged OpenAPI document.
    pub fn document(&self) -> Value {
        self.api.ask(&Request::new("GET", "/api/schema/"), &[200]).unwrap().json()
    }

    /// Path of an operation: with the tenant's id where it names a tenant, with this id elsewhere.
    pub fn target(&self, operation: &Operation, tenant: &Tenant, id: &str) -> String {
        if operation.tenant != "path" {
            return operation.target(id);
        }
        let on_tenant = operation.path.replacen("{id}", &tenant.id, 1);
        Operation { path: on_tenant, ..operation.clone() }.target(id)
    }

    /// Sends a request; of a stream that does not end only the head is read.
    pub fn send(&self, request: &Request) -> Answer {
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(format!(
            "{}{}",
            self.platform.base_url(),
            request.target
        ));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let body = request.body.clone().unwrap_or_default();
        let sent = self.agent.run(builder.body(body).unwrap());
        read(sent.unwrap_or_else(|error| panic!("{} {}: {error}", request.method, request.target)))
    }

    /// Results of `ask` for each item, concurrently, in their order.
    pub fn each<I: Sync, T: Send>(&self, items: &[I], ask: impl Fn(&I) -> T + Sync) -> Vec<T> {
        let next = Mutex::new(0..items.len());
        let done = Mutex::new(Vec::with_capacity(items.len()));
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    loop {
                        let Some(place) = next.lock().unwrap().next() else { return };
                        let made = ask(&items[place]);
                        done.lock().unwrap().push((place, made));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap();
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, made)| made).collect()
    }
}

/// Request that names this tenant. `If-Match` is a version that no record has, so that nothing is changed or
/// deleted.
pub fn harmless(method: &str, target: &str, caller: &Caller, tenant: &Tenant) -> Request {
    let request = match &caller.token {
        Some(token) => signed(method, target, token, Some(&tenant.client_id)),
        None => Request::new(method, target).header("X-Tenant-Id", &tenant.client_id),
    };
    request.header("If-Match", "\"999999\"")
}

fn caller(name: &'static str, token: Option<String>) -> Caller {
    Caller { name, token }
}

fn read(mut response: http::Response<Body>) -> Answer {
    let media_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
    let is_endless = media_type.is_some_and(|media_type| media_type.starts_with("text/event-stream"));
    let text =
        if is_endless { String::new() } else { response.body_mut().read_to_string().unwrap_or_default() };
    Answer { status: response.status().as_u16(), text }
}

/// A user that our admin invited to a role, signed in.
pub fn invited(api: &Api, tenant: &Tenant, role: &str) -> String {
    let name = role.replace(' ', ".");
    let who = SignIn { email: format!("{name}@ours.example"), password: secrets::password() };
    api.invite(tenant, &who, role).unwrap();
    api.sign_in(&who).unwrap()
}

/// A member of the platform's support, signed in.
fn staff(api: &Api, admin: &str) -> String {
    let who = SignIn { email: "support@platform.example".to_owned(), password: secrets::password() };
    let body =
        json!({"email": who.email, "password": who.password, "first_name": "Sue", "last_name": "Support"});
    let made = api.ask(&Request::new("POST", "/api/v2/auth/register").json(&body), &[201]).unwrap().json();
    api.prove(&who.email).unwrap();
    let path = format!("/api/v2/users/{}", made["user"]["id"].as_str().unwrap());
    let role = json!({"platform_role": "internal_cs"});
    api.ask(&signed("PATCH", &path, admin, None).json(&role), &[200]).unwrap();
    api.sign_in(&who).unwrap()
}
