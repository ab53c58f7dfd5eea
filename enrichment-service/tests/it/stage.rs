//! Test setup: the service, a fake lead-service, and new accounts.

use std::time::Duration;

use chrono::Utc;
use contracts::{
    Service, TenantId, UserId,
    events::{Action, Actor, Envelope},
    internal::enrichments::{AccountEnrichment, EnrichmentType, ReadAccountEnrichment, StartedJob},
    internal::records::FillRecord,
};
use enrichment_service::{Enrichment, accounts::AccountEvents};
use platform::{
    db::inbox,
    streams::{relay::FIELD, stream_key},
};
use serde_json::{Value, json};
use testkit::TestApp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use uuid::Uuid;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::leads::FakeLeads;

/// The trace that every account of a test belongs to.
pub const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// The service among its fakes.
pub struct Stage {
    pub app: TestApp<Enrichment>,
    pub leads: MockServer,
    pub records: FakeLeads,
    pub tenant: TenantId,
}

/// An account and its jobs.
pub struct Account {
    pub id: Uuid,
    pub company_info: Uuid,
    pub generate_leads: Uuid,
}

impl Stage {
    /// Without what the service does by itself.
    pub async fn set() -> Self {
        Self::set_with(&[]).await
    }

    pub async fn set_with(more: &[(&str, &str)]) -> Self {
        let leads = MockServer::start().await;
        let uri = leads.uri();
        let mut settings = vec![
            ("LEAD_URL", uri.as_str()),
            ("ENRICHMENT_POLL_MS", "50"),
            ("ENRICHMENT_SITE_INTERVAL_MS", "1"),
            ("ENRICHMENT_SITE_PAGES_A_DAY", "100000"),
        ];
        settings.extend(more);
        let app = TestApp::start_with(&settings).await;
        let tenant = app.tenant().await;
        Self { app, leads, records: FakeLeads::default(), tenant }
    }

    /// With its consumer and worker, and with a lead-service with empty accounts.
    pub async fn running() -> Self {
        Self::running_with(&[]).await
    }

    pub async fn running_with(more: &[(&str, &str)]) -> Self {
        let mut stage = Self::set_with(more).await;
        stage.fill_everything().await;
        stage.app = stage.app.with_background();
        stage
    }

    /// From now on lead-service reads and writes its records.
    pub async fn fill_everything(&self) {
        self.records.mount(&self.leads).await;
    }

    /// The calls to write what was found that lead-service got.
    pub async fn fills(&self) -> Vec<FillRecord> {
        let requests = self.leads.received_requests().await.unwrap();
        let fills = requests.iter().filter(|request| request.url.path() == "/internal/records/fill");
        fills.map(|request| request.body_json().unwrap()).collect()
    }

    /// A new account that lead-service knows, without a job.
    pub fn known_account(&self, website: &str) -> Uuid {
        let id = Uuid::now_v7();
        self.records.put(id, &json!({ "id": id, "name": "Acme", "website": website }));
        id
    }

    /// The event of a new account with this website.
    pub fn created(&self, website: &Value) -> (Account, Envelope) {
        let account =
            Account { id: Uuid::now_v7(), company_info: Uuid::now_v7(), generate_leads: Uuid::now_v7() };
        let jobs = [
            StartedJob { kind: EnrichmentType::CompanyInfo, job_id: account.company_info },
            StartedJob { kind: EnrichmentType::GenerateLeads, job_id: account.generate_leads },
        ];
        let state = json!({ "id": account.id, "name": "Acme", "website": website, "enrichment_jobs": jobs });
        self.records.put(account.id, &json!({ "id": account.id, "name": "Acme", "website": website }));
        let event = self.event(&account, Action::Create, Some(state));
        (account, event)
    }

    pub fn event(&self, account: &Account, action: Action, current_state: Option<Value>) -> Envelope {
        Envelope {
            id: Uuid::now_v7(),
            tenant_id: self.tenant,
            event_type: format!("Account.{}", action.name()),
            entity_type: "Account".into(),
            entity_id: account.id,
            action,
            previous_state: None,
            current_state,
            changed_fields: vec![],
            actor: Actor::User { id: UserId::new() },
            request_id: Some("request-1".into()),
            traceparent: Some(format!("00-{TRACE}-00f067aa0ba902b7-01")),
            occurred_at: Utc::now(),
            record: None,
            position: 0,
        }
    }

    /// Appends an event to lead-service's stream.
    pub async fn publish(&self, event: &Envelope) {
        let stream = stream_key(&self.app.base.redis, Service::Lead);
        let event = serde_json::to_string(event).unwrap();
        let mut append = redis::cmd("XADD");
        append.arg(stream).arg("*").arg(FIELD).arg(event);
        append.query_async::<String>(&mut self.app.base.redis.connection()).await.unwrap();
    }

    /// Handles an event as the consumer would, at once.
    pub async fn take_in(&self, event: Envelope) {
        inbox::take_in(&self.app.base.db, &AccountEvents, &[event.into()]).await.unwrap();
    }

    /// A new account, published through the stream.
    pub async fn account(&self, website: impl Into<Value>) -> Account {
        let (account, event) = self.created(&website.into());
        self.publish(&event).await;
        account
    }

    /// A new account with waiting jobs, as long as nothing runs.
    pub async fn waiting_account(&self, website: impl Into<Value>) -> Account {
        let (account, event) = self.created(&website.into());
        self.take_in(event).await;
        account
    }

    /// What lead-service receives about the account.
    pub async fn enrichments(&self, account: &Account) -> Vec<AccountEnrichment> {
        let call = ReadAccountEnrichment { tenant_id: self.tenant, account_id: account.id };
        let reply = self.app.service(Service::Lead).post("/internal/account-enrichment", &json!(call)).await;
        serde_json::from_value(reply.expect(200)).unwrap()
    }

    pub async fn company_info(&self, account: &Account) -> Option<AccountEnrichment> {
        let all = self.enrichments(account).await;
        all.into_iter().find(|enrichment| enrichment.enrichment_type == EnrichmentType::CompanyInfo)
    }

    /// Waits until COMPANY_INFO of the account is as wished.
    pub async fn until(
        &self,
        account: &Account,
        wished: impl Fn(&AccountEnrichment) -> bool,
    ) -> AccountEnrichment {
        let mut last = None;
        for _ in 0..400 {
            last = self.company_info(account).await;
            if let Some(enrichment) = last.take_if(|enrichment| wished(enrichment)) {
                return enrichment;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never came to be; it was: {last:?}");
    }

    /// A job as the API shows it.
    pub async fn job(&self, id: Uuid) -> Value {
        self.app.user(self.tenant).get(&format!("/api/v2/enrichment/jobs/{id}")).await.expect(200)
    }

    /// Waits until a job is as wished.
    pub async fn until_job(&self, id: Uuid, wished: impl Fn(&Value) -> bool) -> Value {
        let (caller, path) = (self.app.user(self.tenant), format!("/api/v2/enrichment/jobs/{id}"));
        let mut last = Value::Null;
        for _ in 0..400 {
            // Not there until its account's event has come.
            last = caller.get(&path).await.body;
            if wished(&last) {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never came to be; it was: {last}");
    }

    /// Changes a job behind the service's back.
    pub async fn tamper(&self, job: Uuid, changes: &str) {
        self.app.database.execute(&format!("UPDATE jobs SET {changes} WHERE id = '{job}'")).await;
    }

    /// The only row that `sql` selects as `value` (a jsonb), read as a superuser.
    pub async fn json(&self, sql: &str) -> Value {
        use diesel_async::RunQueryDsl;
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Jsonb)]
            value: Value,
        }
        let mut superuser = self.app.database.superuser().await;
        let row: Row = diesel::sql_query(sql).get_result(&mut superuser).await.unwrap();
        row.value
    }

    /// Types of the events that were recorded about a job, in order.
    pub async fn events(&self, job: Uuid) -> Value {
        let select = "SELECT coalesce(jsonb_agg(event_type ORDER BY id), '[]') AS value FROM events";
        self.json(&format!("{select} WHERE entity_type = 'Enrichment' AND entity_id = '{job}'")).await
    }
}

/// A website with this answer on every path.
pub async fn website(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    server
}

pub fn html(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_owned(), "text/html; charset=utf-8")
}

pub fn redirect(to: &str) -> ResponseTemplate {
    ResponseTemplate::new(302).insert_header("location", to)
}

/// A server that answers every connection with these bytes and hangs up.
pub async fn raw_server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    actix_web::rt::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _request = stream.read(&mut [0; 4096]).await;
            let _hung_up = stream.write_all(answer).await;
        }
    });
    address
}

/// An address without a listener.
pub async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

/// Requests that a site got, but for those for its rules for programs.
pub async fn pages(site: &MockServer) -> usize {
    let requests = site.received_requests().await.unwrap();
    requests.iter().filter(|request| request.url.path() != "/robots.txt").count()
}

/// The findings, by field.
pub fn found(call: &FillRecord) -> serde_json::Map<String, Value> {
    call.found.iter().map(|value| (value.field.clone(), value.value.clone())).collect()
}
