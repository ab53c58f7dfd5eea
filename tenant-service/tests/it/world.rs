//! The service under test, with the other services played by local fakes.

use std::time::Duration;

use contracts::{
    Service, TenantId, UserId,
    identity::PlatformRole,
    internal::{
        InternalCall,
        mails::{CheckMailLimits, Mail, MailStanding, QueueMail, QueuedMail},
        owners::{FindOwners, FoundOwners},
        tenants::{AccessAnswer, FoundTenant, LookUpAccess, ProvisionTenant, TenantRef},
        users::{ClaimAccount, DescribeUsers, FindUser, UserSummary},
    },
    invalidation::{CHANNEL, Invalidation},
    problem::FieldError,
};
use futures::StreamExt;
use platform::{Problem, jobs::run_due};
use serde_json::{Value, json};
use tenant_service::{
    TenantService,
    people::{self, HandOverMail},
};
use testkit::{Caller, TestApp};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{body_json, method, path, path_regex},
};

/// Everything a test needs.
pub struct World {
    pub app: TestApp<TenantService>,
    pub auth: MockServer,
    pub lead: MockServer,
    pub enrichment: MockServer,
    pub integration: MockServer,
}

impl World {
    /// All services answer.
    pub async fn start() -> Self {
        Self::start_well(&[]).await
    }

    /// The same with these settings.
    pub async fn start_well(more: &[(&str, &str)]) -> Self {
        let world = Self::start_with(more).await;
        for server in [&world.lead, &world.enrichment, &world.integration] {
            make_room(server).await;
        }
        describe_people(&world.auth).await;
        own_records(&world.lead, &[]).await;
        world
    }

    /// No service knows its part yet: each answers 404 without a problem, as something broken would.
    pub async fn start_with(more: &[(&str, &str)]) -> Self {
        let auth = MockServer::start().await;
        let lead = MockServer::start().await;
        let enrichment = MockServer::start().await;
        let integration = MockServer::start().await;
        let addresses = [auth.uri(), lead.uri(), enrichment.uri(), integration.uri()];
        let names = ["AUTH_URL", "LEAD_URL", "ENRICHMENT_URL", "INTEGRATION_URL"];
        let mut settings: Vec<(&str, &str)> =
            names.into_iter().zip(addresses.iter().map(String::as_str)).collect();
        settings.extend(more);
        let app = TestApp::start_with(&settings).await;
        Self { app, auth, lead, enrichment, integration }
    }

    /// A member of the platform's staff.
    pub fn staff(&self) -> Caller {
        self.app.signed_in(PlatformRole::InternalAdmin)
    }

    /// A tenant that was created by registration.
    pub async fn tenant(&self, client_id: &str) -> Caller {
        let (tenant_id, admin) = (TenantId::new(), UserId::new());
        let website = format!("https://{client_id}.example");
        let call =
            FoundTenant { tenant_id, client_id: client_id.into(), name: client_id.into(), website, admin };
        let founded = self.ask(&call).await;
        assert_eq!(founded.status.name(), "active");
        self.app.user_named(tenant_id, admin)
    }

    /// Another member of the admin's tenant; their membership's id and they themselves.
    pub async fn member(&self, admin: &Caller, role: &str) -> (Uuid, Caller) {
        self.join(admin.tenant(), UserId::new(), role).await
    }

    /// A person who is made a member with this role, and the id of the membership.
    pub async fn join(&self, tenant: TenantId, user: UserId, role: &str) -> (Uuid, Caller) {
        let member = self
            .app
            .deps
            .db
            .in_tenant(tenant, async |tx| {
                let role = people::role_named(tx, role).await?.expect("the role is known");
                let member = people::insert_membership(tx, user, role.id).await?;
                Ok::<_, Problem>(member.expect("they are no member yet"))
            })
            .await
            .expect("a member can be added");
        (member.id, self.app.user_named(tenant, user).in_role(role))
    }

    /// The token in the newest mail that invites this address.
    pub async fn mailed_token(&self, address: &str) -> String {
        run_due::<HandOverMail>(&self.app.deps).await.expect("mails can be handed over");
        let link = mailed_links(&self.auth, address).await.pop().expect("a mail with a link");
        link.split_once("?token=").expect("a token").1.to_owned()
    }

    /// A caller signed in as the user with this address.
    pub async fn signed_in_as(&self, email: &str) -> Caller {
        let id = person_of(email);
        describe(&self.auth, summary(id, email.to_owned())).await;
        self.app.user_named(TenantId::new(), id)
    }

    /// Makes a call that another service would make.
    pub async fn ask<C: InternalCall>(&self, call: &C) -> C::Answer {
        let answer = self.try_asking(call).await.expect(200);
        serde_json::from_value(answer).expect("the answer is of its type")
    }

    /// The same, whatever the answer.
    pub async fn try_asking<C: InternalCall>(&self, call: &C) -> testkit::Reply {
        let caller = self.app.service(Service::Gateway);
        let body = serde_json::to_value(call).expect("a call can be written");
        match C::METHOD {
            "PUT" => caller.put(&call.path(), &body).await,
            _ => caller.post(&call.path(), &body).await,
        }
    }

    /// What an ordinary person may do in a tenant.
    pub async fn access(&self, user: UserId, tenant: TenantRef) -> AccessAnswer {
        self.ask(&LookUpAccess { user_id: user, platform_role: PlatformRole::None, tenant }).await
    }

    /// Id of the person's own membership.
    pub async fn membership_of(&self, person: &Caller) -> Uuid {
        let answer = self.access(person.user(), TenantRef::Id(person.tenant())).await;
        answer.grant.and_then(|grant| grant.membership_id).expect("they are a member")
    }

    /// Types of the events recorded about an entity, in order.
    pub async fn event_types(&self, entity: Uuid) -> Vec<String> {
        use diesel_async::RunQueryDsl;
        #[derive(diesel::QueryableByName)]
        struct Event {
            #[diesel(sql_type = diesel::sql_types::Text)]
            event_type: String,
        }
        let sql = format!("SELECT event_type FROM events WHERE entity_id = '{entity}' ORDER BY id");
        let events: Vec<Event> = diesel::sql_query(sql)
            .load(&mut self.app.database.superuser().await)
            .await
            .expect("events can be read");
        events.into_iter().map(|event| event.event_type).collect()
    }

    /// Subscribes to invalidations.
    pub async fn listen(&self) -> Listener {
        Listener(self.app.base.redis.subscribe(CHANNEL).await.expect("Redis takes subscriptions"))
    }
}

/// A subscription to invalidations.
pub struct Listener(redis::aio::PubSub);

impl Listener {
    /// The next one, within two seconds.
    pub async fn next(&mut self) -> Invalidation {
        let mut messages = self.0.on_message();
        let message = tokio::time::timeout(Duration::from_secs(2), messages.next()).await;
        let message = message.expect("something is published in time").expect("Redis stays");
        let text: String = message.get_payload().expect("text");
        serde_json::from_str(&text).expect("an invalidation")
    }

    /// Waits for the access of this person in this tenant to be forgotten.
    pub async fn expect_access(&mut self, tenant: TenantId, user: Option<UserId>) {
        match self.next().await {
            Invalidation::Access { tenant_id, user_id } => {
                assert_eq!((tenant_id, user_id), (Some(tenant), user));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Lets a fake service take note of tenants.
pub async fn make_room(server: &MockServer) {
    Mock::given(method("PUT"))
        .and(path_regex("^/internal/tenants/"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
        .mount(server)
        .await;
}

/// Makes a fake auth-service know every user: `<id>@people.example`, and by e-mail address the same user each time.
/// `new…` has no account before claiming one, and the address of `unproven…` is not
/// proven before that. It accepts mails, too.
pub async fn describe_people(auth: &MockServer) {
    Mock::given(method("POST"))
        .and(path(DescribeUsers::TEMPLATE))
        .respond_with(move |request: &Request| {
            let asked: DescribeUsers = request.body_json().expect("a call");
            let people: Vec<_> =
                asked.user_ids.into_iter().map(|id| summary(id, format!("{id}@people.example"))).collect();
            ResponseTemplate::new(200).set_body_json(people)
        })
        .mount(auth)
        .await;
    Mock::given(method("PUT"))
        .and(path(ClaimAccount::TEMPLATE))
        .respond_with(move |request: &Request| {
            let asked: ClaimAccount = request.body_json().expect("a call");
            let is_proven = !asked.email.starts_with("new") && !asked.email.starts_with("unproven");
            if !is_proven && asked.password.is_none() {
                let fault = FieldError::new("password", "required", "is required");
                return ResponseTemplate::new(400)
                    .set_body_json(Problem::invalid(vec![fault]).body(None, None));
            }
            let email_verified = true;
            let person = UserSummary { email_verified, ..summary(person_of(&asked.email), asked.email) };
            ResponseTemplate::new(200).set_body_json(person)
        })
        .mount(auth)
        .await;
    Mock::given(method("POST"))
        .and(path(FindUser::TEMPLATE))
        .respond_with(move |request: &Request| {
            let FindUser { email } = request.body_json().expect("a call");
            let found = (!email.starts_with("new")).then(|| summary(person_of(&email), email));
            ResponseTemplate::new(200).set_body_json(found)
        })
        .mount(auth)
        .await;
    Mock::given(method("PUT"))
        .and(path(QueueMail::TEMPLATE))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(QueuedMail { is_new: true, wait_seconds: None }),
        )
        .mount(auth)
        .await;
    Mock::given(method("POST"))
        .and(path(CheckMailLimits::TEMPLATE))
        .respond_with(ResponseTemplate::new(200).set_body_json(MailStanding { wait_seconds: None }))
        .mount(auth)
        .await;
}

/// As the fake auth-service describes a person.
pub fn summary(id: UserId, email: String) -> UserSummary {
    UserSummary {
        id,
        email_verified: !email.starts_with("unproven"),
        email,
        first_name: Some("Ada".into()),
        last_name: None,
        active: true,
        platform_role: PlatformRole::None,
    }
}

/// From now on a fake auth-service describes this person so.
pub async fn describe(auth: &MockServer, person: UserSummary) {
    Mock::given(method("POST"))
        .and(path(DescribeUsers::TEMPLATE))
        .and(body_json(DescribeUsers { user_ids: vec![person.id] }))
        .respond_with(ResponseTemplate::new(200).set_body_json([person]))
        .with_priority(1)
        .mount(auth)
        .await;
}

/// Lets a fake lead-service have these records with their owners, and no others.
pub async fn own_records(lead: &MockServer, records: &[(Uuid, Vec<UserId>)]) {
    let (records, named) = (records.to_vec(), !records.is_empty());
    Mock::given(method("POST"))
        .and(path(FindOwners::TEMPLATE))
        .respond_with(move |request: &Request| {
            let asked: FindOwners = request.body_json().expect("a call");
            let found = records.iter().find(|(id, _)| *id == asked.id);
            let answer = found.map(|(_, owners)| FoundOwners { owners: owners.clone() });
            ResponseTemplate::new(200).set_body_json(answer)
        })
        .with_priority(if named { 1 } else { 5 })
        .mount(lead)
        .await;
}

/// The mails that a fake auth-service took.
pub async fn mails(auth: &MockServer) -> Vec<QueueMail> {
    let requests = auth.received_requests().await.expect("requests are recorded");
    let taken = requests.iter().filter(|request| request.url.path() == QueueMail::TEMPLATE);
    taken.map(|request| request.body_json().expect("a mail")).collect()
}

/// The links of the invitations that were mailed to this address.
pub async fn mailed_links(auth: &MockServer, address: &str) -> Vec<String> {
    let links = mails(auth).await.into_iter().filter(|mail| mail.to == address);
    links
        .filter_map(|mail| match mail.mail {
            Mail::Invitation { accept_url, .. } => Some(accept_url),
            Mail::Welcome { .. } => None,
        })
        .collect()
}

/// The fake auth-service's user for this e-mail address.
pub fn person_of(email: &str) -> UserId {
    if let Some(id) = email.strip_suffix("@people.example").and_then(|id| id.parse().ok()) {
        return UserId(id);
    }
    let mut bytes = [0; 16];
    for (index, byte) in email.bytes().enumerate() {
        bytes[index % 16] ^= byte;
    }
    UserId(Uuid::from_bytes(bytes))
}

/// Tenant states that a fake service received: status and revision, in order.
pub async fn news(server: &MockServer) -> Vec<(String, i64)> {
    let requests = server.received_requests().await.expect("requests are recorded");
    let told = requests.iter().filter_map(|request| request.body_json::<ProvisionTenant>().ok());
    told.map(|news| (news.status.name().to_owned(), news.revision)).collect()
}

/// Waits until `holds`, five seconds at most.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..100 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not in time: {what}");
}

/// A body for `POST /tenants`.
pub fn new_tenant(client_id: &str) -> Value {
    json!({ "client_id": client_id, "name": "Acme", "website": format!("https://{client_id}.example") })
}

/// The id in a body.
pub fn id(body: &Value) -> Uuid {
    body["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id in {body}"))
}
