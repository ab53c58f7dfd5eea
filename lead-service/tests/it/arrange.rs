//! Test setup.

use std::sync::{Arc, Mutex};

use chrono::Utc;
use contracts::{
    Service, UserId,
    events::{Action, Actor, Envelope},
    identity::DataScope,
    internal::{
        InternalCall,
        tenants::{
            AccessAnswer, CheckedMembers, Grant, LookUpAccess, TenantRef, TenantStatus, TenantSummary,
        },
    },
    permissions,
};
use lead_service::LeadService;
use platform::streams::{relay::FIELD, stream_key};
use serde_json::{Value, json};
use testkit::{Caller, TestApp};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path},
};

/// The service under test.
pub type Leads = TestApp<LeadService>;

/// A product's id.
pub async fn product(caller: &Caller) -> String {
    let name = format!("Product {}", Uuid::now_v7());
    let product =
        caller.post("/api/v2/products", &json!({"name": name, "description": "It sells."})).await.expect(201);
    product["id"].as_str().unwrap().to_owned()
}

/// An account's id.
pub async fn account(caller: &Caller) -> String {
    let product = product(caller).await;
    let body = json!({"name": "Acme", "product_id": product, "website": "acme.example"});
    caller.post("/api/v2/accounts", &body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// The text of an API key.
pub async fn api_key(caller: &Caller, more: Value) -> String {
    let mut body = json!({"name": "Form"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    caller.post("/api/v2/api-keys", &body).await.expect(201)["key"].as_str().unwrap().to_owned()
}

/// Id of the pipeline that the tenant started with.
pub async fn sales_pipeline(caller: &Caller) -> String {
    let pipelines = caller.get("/api/v2/pipelines?name=Sales%20Pipeline").await.expect(200);
    pipelines["results"][0]["id"].as_str().unwrap().to_owned()
}

/// Id of its stage of that name.
pub async fn stage(caller: &Caller, name: &str) -> String {
    let path = format!("/api/v2/pipelines/{}/stages", sales_pipeline(caller).await);
    let stages = caller.get(&path).await.expect(200)["results"].as_array().unwrap().clone();
    let stage = stages.iter().find(|stage| stage["name"] == name).unwrap();
    stage["id"].as_str().unwrap().to_owned()
}

/// What a tenant-service says that every person may do in every tenant; none for strangers.
#[derive(Clone)]
pub struct Granted(Arc<Mutex<Option<Grant>>>);

impl Granted {
    /// With this data scope, a team and every permission but these.
    pub fn set(&self, data_scope: DataScope, team: &[UserId], without: &[&str]) {
        let all = permissions::ALL.iter().map(|(code, _)| *code);
        let held = all.filter(|code| !without.contains(code)).map(str::to_owned);
        *self.0.lock().unwrap() = Some(Grant {
            membership_id: Some(Uuid::now_v7()),
            role: "someone".to_owned(),
            permissions: held.collect(),
            data_scope,
            team: team.to_vec(),
            demands_second_factor: false,
            address_proven: true,
            time_zone: None,
            own_time_zone: None,
        });
    }

    /// Nothing: the person is no member.
    pub fn withdraw(&self) {
        *self.0.lock().unwrap() = None;
    }

    /// Lets this tenant-service answer so; at first with every permission and the data scope `all`.
    pub async fn by(server: &MockServer) -> Self {
        let granted = Self(Arc::default());
        granted.set(DataScope::All, &[], &[]);
        let said = granted.clone();
        Mock::given(method("POST"))
            .and(path(LookUpAccess::TEMPLATE))
            .respond_with(move |request: &Request| {
                let call: LookUpAccess = request.body_json().unwrap();
                let TenantRef::Id(id) = call.tenant else { panic!("{call:?} names no id") };
                let (client_id, name, status) = ("acme".to_owned(), "Acme".to_owned(), TenantStatus::Active);
                let tenant = Some(TenantSummary { id, client_id, name, status });
                let grant = said.0.lock().unwrap().clone();
                ResponseTemplate::new(200).set_body_json(AccessAnswer { tenant, grant })
            })
            .mount(server)
            .await;
        granted
    }
}

/// A service with a fake tenant-service that gives import starters every right.
pub async fn importing() -> (Leads, MockServer) {
    let tenants = MockServer::start().await;
    Granted::by(&tenants).await;
    (Leads::start_with(&[("TENANT_URL", &tenants.uri())]).await, tenants)
}

/// A tenant-service that knows every person as a member.
pub async fn tenant_service() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/internal/members/check"))
        .respond_with(ResponseTemplate::new(200).set_body_json(CheckedMembers::default()))
        .mount(&server)
        .await;
    server
}

/// A customer's id.
pub async fn customer(caller: &Caller) -> String {
    id_of(&caller.post("/api/v2/customers", &json!({"name": "Acme"})).await.expect(201))
}

/// The id of what was answered.
#[track_caller]
pub fn id_of(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}

/// An event of another service in the caller's tenant, such as `Membership.CREATE`.
pub async fn tell(app: &Leads, caller: &Caller, by: Service, event_type: &str, state: Option<Value>) {
    let event: Envelope = Envelope {
        id: Uuid::now_v7(),
        tenant_id: caller.tenant(),
        event_type: event_type.to_owned(),
        entity_type: event_type.split('.').next().unwrap().to_owned(),
        entity_id: Uuid::now_v7(),
        action: Action::Update,
        previous_state: None,
        current_state: state,
        changed_fields: vec!["status".to_owned()],
        actor: Actor::Service { name: by },
        request_id: None,
        traceparent: None,
        occurred_at: Utc::now(),
        record: None,
        position: 0,
    };
    redis::cmd("XADD")
        .arg(stream_key(&app.base.redis, by))
        .arg("*")
        .arg(FIELD)
        .arg(serde_json::to_string(&event).unwrap())
        .query_async::<String>(&mut app.base.redis.connection())
        .await
        .unwrap();
}
