//! Test setup: the service, a fake tenant-service, and users who sign in.

use auth_service::Auth;
use auth_service::mails::{self, Content};
use contracts::{
    UserId,
    access_tokens::{AUDIENCE, AccessClaims, ISSUER, JWKS_PATH},
    identity::{Caller, IDENTITY_HEADER, IDENTITY_LIFE_SECONDS, Identity, PlatformRole, SignedInUser},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use platform::{
    client::Peers,
    config::{PeersConfig, Settings},
};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Reply, TestApp, caller::read};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

pub const PASSWORD: &str = "correct horse battery";

pub struct Stage {
    pub app: TestApp<Auth>,
    pub tenant_service: MockServer,
}

/// A user with a session.
#[derive(Clone)]
pub struct Session {
    pub user: UserId,
    pub id: Uuid,
    pub access: String,
    pub refresh: String,
}

impl Stage {
    pub async fn set() -> Self {
        Self::set_with(&[]).await
    }

    pub async fn set_with(more: &[(&str, &str)]) -> Self {
        let tenant_service = MockServer::start().await;
        let address = tenant_service.uri();
        let mut settings = vec![("TENANT_URL", address.as_str())];
        settings.extend_from_slice(more);
        let app = TestApp::start_with(&settings).await;
        Self { app, tenant_service }
    }

    /// A registered person's id.
    pub async fn register(&self, email: &str) -> UserId {
        let body = registration(email);
        let answer = self.app.anonymous().post("/api/v2/auth/register", &body).await.expect(201);
        serde_json::from_value(answer["user"]["id"].clone()).unwrap()
    }

    pub async fn login(&self, email: &str) -> Session {
        self.login_with(email, PASSWORD).await
    }

    pub async fn login_with(&self, email: &str, password: &str) -> Session {
        let body = json!({"email": email, "password": password});
        let answer = self.app.anonymous().post("/api/v2/auth/login", &body).await.expect(200);
        self.session(&answer["access_token"], &answer["refresh_token"]).await
    }

    pub async fn registered_session(&self, email: &str) -> Session {
        self.register(email).await;
        self.login(email).await
    }

    /// The session that a pair of tokens belongs to, by what the access token says.
    pub async fn session(&self, access: &Value, refresh: &Value) -> Session {
        let access = access.as_str().unwrap().to_owned();
        let claims = self.claims(&access).await;
        Session {
            user: claims.sub,
            id: claims.session,
            access,
            refresh: refresh.as_str().unwrap().to_owned(),
        }
    }

    /// What an access token says, checked with the published keys and no others.
    pub async fn claims(&self, access: &str) -> AccessClaims {
        let keys: JwkSet =
            serde_json::from_value(self.app.anonymous().get(JWKS_PATH).await.expect(200)).unwrap();
        let header = jsonwebtoken::decode_header(access).unwrap();
        let key = keys.find(header.kid.as_deref().unwrap()).expect("the key is published");
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        jsonwebtoken::decode(access, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap().claims
    }

    pub async fn refresh(&self, token: &str) -> Reply {
        self.app.anonymous().post("/api/v2/auth/refresh", &json!({"refresh_token": token})).await
    }

    /// A request as the gateway forwards it for a user with that session.
    pub async fn send(&self, session: &Session, method: Method, path: &str, body: Option<&Value>) -> Reply {
        self.send_with(session, method, path, body, &[]).await
    }

    pub async fn send_with(
        &self,
        session: &Session,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = self.request(session, method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request).await
    }

    /// The same, to be completed and sent with `read`.
    pub fn request(&self, session: &Session, method: Method, path: &str) -> reqwest::RequestBuilder {
        let user = SignedInUser {
            id: session.user,
            session: session.id,
            platform_role: PlatformRole::None,
            permission: None,
            effects: Vec::new(),
            tenant: None,
        };
        let identity = Identity {
            aud: contracts::Service::Auth,
            exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
            request_id: Uuid::now_v7().to_string(),
            method: method.to_string(),
            path: path.split('?').next().unwrap().to_owned(),
            client_address: Some("203.0.113.7".to_owned()),
            who: Caller::User(Box::new(user)),
        };
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client
            .request(method, format!("{}{path}", self.app.base_url()))
            .header(IDENTITY_HEADER, self.app.base.keys.sign(&identity))
    }

    /// How another service reaches this one.
    pub fn peers_of(&self, service: contracts::Service) -> Peers {
        let address = self.app.base_url().to_string();
        let mut settings = Settings::from_lookup(move |name| (name == "AUTH_URL").then(|| address.clone()));
        Peers::new(service, PeersConfig::read(&mut settings), self.app.base.keys.clone()).unwrap()
    }

    /// Proves an address, with the link that was mailed there.
    pub async fn prove(&self, email: &str) {
        let token = self.mailed_token(email, "verify_email").await;
        let body = json!({"token": token});
        self.app.anonymous().post("/api/v2/auth/email/verify", &body).await.expect(200);
    }

    /// The newest mail of that kind to an address, opened.
    pub async fn mail(&self, to: &str, template: &str) -> Content {
        let deps = &self.app.deps;
        let mails = deps
            .db
            .in_system(async |tx| mails::newest(tx, Some(to), 50).await.map_err(platform::Problem::from))
            .await
            .unwrap();
        let mail = mails.into_iter().find(|mail| mail.template == template).expect("there is such a mail");
        mails::open(&deps.sealing, mail.id, &mail.content.expect("it was not sent")).unwrap()
    }

    /// The token in the newest mail of that kind to an address.
    pub async fn mailed_token(&self, to: &str, template: &str) -> String {
        let text = self.mail(to, template).await.text;
        let link = text.lines().find(|line| line.contains("?token=")).expect("there is a link");
        link.split_once("?token=").unwrap().1.to_owned()
    }

    /// Posts from an address, without a session, with these headers.
    pub async fn post_from(
        &self,
        address: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let identity = Identity {
            aud: contracts::Service::Auth,
            exp: chrono::Utc::now().timestamp() + IDENTITY_LIFE_SECONDS,
            request_id: Uuid::now_v7().to_string(),
            method: "POST".to_owned(),
            path: path.to_owned(),
            client_address: Some(address.to_owned()),
            who: Caller::Anonymous,
        };
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = http
            .post(format!("{}{path}", self.app.base_url()))
            .header(IDENTITY_HEADER, self.app.base.keys.sign(&identity));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        read(request.json(body)).await
    }

    /// Past every rule, to arrange what only time or accident brings about.
    pub async fn arrange(&self, sql: &str) {
        self.app.database.execute(sql).await;
    }

    /// From now on tenant-service answers so to this request.
    pub async fn tenant_service_answers(&self, verb: &str, route: &str, status: u16, body: &Value) {
        self.tenant_service.reset().await;
        Mock::given(method(verb))
            .and(path(route))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&self.tenant_service)
            .await;
    }

    /// What tenant-service was asked since it last got its lines.
    pub async fn asked_of_tenant_service(&self) -> Vec<Value> {
        let requests = self.tenant_service.received_requests().await.unwrap();
        requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
    }
}

pub fn registration(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace"})
}
