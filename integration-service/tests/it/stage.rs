//! Test setup: the service with a fake tenant-service, receivers of webhooks, and events.

use std::time::Duration;

use actix_web::{rt, web::Data};
use chrono::Utc;
use contracts::{
    Service, TenantId, UserId,
    events::{Action, Actor, Envelope},
};
use integration_service::{
    Integration,
    consumer::EventConsumer,
    deliveries::{queue, sender, worker},
};
use platform::{
    Problem,
    command::{App, Base},
    db::inbox::{self, Arrived},
};
use serde_json::{Value, json};
use testkit::{Caller, TestApp, settings};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

/// The service in one tenant.
pub struct Stage {
    pub app: TestApp<Integration>,
    pub tenant: TenantId,
    /// A user with every permission there.
    pub caller: Caller,
    /// The tenant's admins according to the fake tenant-service.
    pub admins: [UserId; 2],
    pub tenant_service: MockServer,
}

impl Stage {
    /// With the delivery worker and the consumers running.
    pub async fn set() -> Self {
        Self::set_with(&[]).await
    }

    /// The same with these settings.
    pub async fn set_with(settings: &[(&str, &str)]) -> Self {
        let mut stage = Self::set_quiet_with(settings).await;
        stage.app = stage.app.with_background();
        stage
    }

    /// Where nothing happens by itself.
    pub async fn set_quiet() -> Self {
        Self::set_quiet_with(&[]).await
    }

    async fn set_quiet_with(settings: &[(&str, &str)]) -> Self {
        let tenant_service = fake().await;
        let address = tenant_service.uri();
        let settings: Vec<(&str, &str)> =
            std::iter::once(("TENANT_URL", address.as_str())).chain(settings.iter().copied()).collect();
        let app = TestApp::start_with(&settings).await;
        let tenant = app.tenant().await;
        let caller = app.user(tenant);
        let stage = Self { app, tenant, caller, admins: [UserId::new(), UserId::new()], tenant_service };
        stage.tenant_service_answers(ResponseTemplate::new(200).set_body_json(stage.admins)).await;
        stage
    }

    /// What tenant-service says from now on.
    pub async fn tenant_service_answers(&self, answer: ResponseTemplate) {
        self.tenant_service.reset().await;
        Mock::given(method("POST"))
            .and(path("/internal/tenant-admins"))
            .respond_with(answer)
            .mount(&self.tenant_service)
            .await;
    }

    pub fn consumer(&self) -> EventConsumer {
        EventConsumer::new(self.app.deps.clone())
    }

    /// Events arrive.
    pub async fn take_in(&self, events: &[Envelope]) {
        let batch: Vec<Arrived> = events.iter().cloned().map(Arrived::from).collect();
        inbox::take_in(&self.app.base.db, &self.consumer(), &batch).await.expect("the events are taken in");
    }

    /// Starts the delivery worker of another replica: with connections of its own to the same database.
    pub async fn start_replica(&self) {
        let mut settings = settings::settings(settings::environment(&self.app.database, &[]));
        let config = Integration::configure(&mut settings);
        let config = settings.finish(config).expect("the settings are sound");
        let base = Base::of::<Integration>(Integration::base(&config)).expect("the database is opened");
        let deps = Integration::deps(&config, base).await.expect("dependencies can be made");
        rt::spawn(worker::run(Data::new(deps), self.app.shutdown.clone()));
    }

    /// Sends what is due once, as a worker does. Gives how many deliveries that was.
    pub async fn send_due(&self) -> usize {
        let lease = Duration::from_secs(30);
        let claimed = self
            .app
            .base
            .db
            .in_system(async |tx| queue::claim(tx, 100, 100, lease).await.map_err(Problem::from))
            .await
            .expect("deliveries can be claimed");
        let number = claimed.len();
        for delivery in claimed {
            sender::carry_out(self.app.deps.clone(), delivery).await;
        }
        number
    }

    /// A new endpoint for these patterns, with its secret.
    pub async fn endpoint(&self, url: &str, patterns: &[&str]) -> Value {
        let body = json!({ "url": url, "events": patterns });
        self.caller.post("/api/v2/webhook-endpoints", &body).await.expect(201)
    }

    /// The only delivery of the tenant, as soon as it is as wanted.
    pub async fn delivery(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.deliveries(what, |all| all.len() == 1 && wanted(&all[0])).await.remove(0)
    }

    /// The tenant's deliveries, as soon as they are as wanted.
    pub async fn deliveries(&self, what: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let mut last = Value::Null;
        for _ in 0..200 {
            let page = self.caller.get("/api/v2/deliveries?page_size=200").await.expect(200);
            let rows = page["results"].as_array().expect("rows").clone();
            if wanted(&rows) {
                return rows;
            }
            last = page;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("in ten seconds the deliveries were never {what}: {last:#}");
    }

    /// Time passes: what waits for its next try is due.
    pub async fn make_due(&self) {
        self.app
            .database
            .execute("UPDATE deliveries SET next_attempt_at = now() WHERE status = 'pending'")
            .await;
    }

    /// A person's notifications.
    pub async fn notifications(&self, person: UserId) -> Vec<Value> {
        let page = self.app.user_named(self.tenant, person).get("/api/v2/notifications").await.expect(200);
        page["results"].as_array().expect("rows").clone()
    }
}

/// A server that answers nothing yet. Not one of wiremock's shared ones: what one test's worker sends late would arrive
/// at another test.
pub async fn fake() -> MockServer {
    MockServer::builder().start().await
}

/// A receiver that always answers so.
pub async fn receiver(answer: ResponseTemplate) -> MockServer {
    let server = fake().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    server
}

/// A lead that came to be, with these fields.
pub fn lead_created(tenant: TenantId, fields: &Value) -> Envelope {
    let id = Uuid::now_v7();
    let mut state = json!({ "id": id, "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
        "company_name": "Engines", "source": "website", "assigned_to": null });
    let members = state.as_object_mut().expect("an object");
    members.extend(fields.as_object().cloned().unwrap_or_default());
    event(tenant, "Lead.CREATE", id, Action::Create, None, Some(state))
}

/// A field of a lead that changed.
pub fn lead_changed(tenant: TenantId, field: &str, from: &Value, to: &Value) -> Envelope {
    let mut event = event(
        tenant,
        &format!("Lead.{field}.UPDATE"),
        Uuid::now_v7(),
        Action::Update,
        Some(json!({ field: from })),
        Some(json!({ field: to })),
    );
    event.changed_fields = vec![field.to_owned()];
    event
}

fn event(
    tenant_id: TenantId,
    event_type: &str,
    entity_id: Uuid,
    action: Action,
    previous_state: Option<Value>,
    current_state: Option<Value>,
) -> Envelope {
    Envelope {
        id: Uuid::now_v7(),
        tenant_id,
        event_type: event_type.to_owned(),
        entity_type: "Lead".to_owned(),
        entity_id,
        action,
        previous_state,
        current_state,
        changed_fields: Vec::new(),
        actor: Actor::Service { name: Service::Lead },
        request_id: Some("the-request".to_owned()),
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
        occurred_at: Utc::now(),
        record: None,
        position: 0,
    }
}
