//! Benchmarks of the decisions that every request takes from memory: authentication and authorisation.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot go on fails loudly"
)]

use std::{collections::HashMap, hint::black_box};

use actix_web::{App, HttpResponse, HttpServer, web};
use contracts::{
    Service, TenantId, UserId,
    access_tokens::JWKS_PATH,
    identity::{DataScope, PlatformRole},
    internal::{
        tenants::{AccessAnswer, Grant, TenantStatus, TenantSummary},
        users::Revocation,
    },
    permissions,
};
use criterion::{BatchSize, Criterion};
use gateway::{
    access::decide::{Access, Mode},
    auth::{
        token::{self, AccessToken},
        verifier::Verifier,
    },
};
use jsonwebtoken::{DecodingKey, jwk::JwkSet};
use platform::{
    auth::identity::IdentityKeys,
    client::Peers,
    config::{IdentityConfig, PeersConfig, Settings},
};
use uuid::Uuid;

#[path = "../tests/it/tokens.rs"]
#[expect(dead_code, reason = "tests make more kinds of tokens than are measured")]
mod tokens;

use tokens::Person;

/// Requests are refused when revocations are older than this; here they are current.
const OUTAGE_GRACE: std::time::Duration = std::time::Duration::from_secs(60);

/// People who lost their sessions, as many as a busy platform has in a quarter of an hour.
const REVOKED: i64 = 1_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    token_seen_first(&mut criterion);
    token_seen_before(&mut criterion);
    access(&mut criterion);
    criterion.final_summary();
}

fn token_seen_first(criterion: &mut Criterion) {
    let header = format!("Bearer {}", Person::new().token());
    let keys: JwkSet = serde_json::from_value(tokens::key_set(&[0])).unwrap();
    let key = DecodingKey::try_from(&keys.keys[0]).unwrap();
    criterion.bench_function("token: seen for the first time", |bencher| {
        bencher.iter(|| {
            let text = token::bearer(black_box(&header)).unwrap();
            token::key_id(text).unwrap();
            token::verify(text, &key).unwrap()
        });
    });
}

fn token_seen_before(criterion: &mut Criterion) {
    let system = actix_web::rt::System::new();
    let (verifier, header) = system.block_on(async {
        let peers = auth_service().await;
        let verifier = Verifier::new(peers.clone(), OUTAGE_GRACE);
        verifier.keys.refresh(&peers).await.unwrap();
        verifier.revocations.refresh(&peers).await.unwrap();
        (verifier, format!("Bearer {}", Person::new().token()))
    });
    criterion.bench_function("token: seen before", |bencher| {
        bencher.iter(|| system.block_on(verifier.person(Some(black_box(&header)))).unwrap());
    });
}

/// One that knows a key and revocations, and those who call it.
async fn auth_service() -> Peers {
    let server = HttpServer::new(|| {
        let revoked = |seq| Revocation {
            seq,
            subject: Uuid::now_v7(),
            issued_before: None,
            expires_at: chrono::Utc::now() + chrono::Duration::hours(1),
        };
        let revocations = move |asked: web::Json<serde_json::Value>| async move {
            let all: Vec<Revocation> =
                if asked["after"] == 0 { (1..=REVOKED).map(revoked).collect() } else { Vec::new() };
            HttpResponse::Ok().json(all)
        };
        App::new()
            .route(JWKS_PATH, web::get().to(async || HttpResponse::Ok().json(tokens::key_set(&[0]))))
            .route("/internal/revocations", web::post().to(revocations))
    });
    let server = server.workers(1).bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", server.addrs()[0]);
    actix_web::rt::spawn(server.run());
    let environment = HashMap::from([("AUTH_URL".to_owned(), address)]);
    let mut settings = Settings::from_lookup(move |name| environment.get(name).cloned());
    let secret = "a secret for measurements only, long enough to be taken";
    let keys = IdentityKeys::new(&IdentityConfig { secret: secret.into(), previous: None }).unwrap();
    Peers::new(Service::Gateway, PeersConfig::read(&mut settings), keys).unwrap()
}

fn access(criterion: &mut Criterion) {
    for (who, scope, people) in
        [("somebody who sees all", DataScope::All, 0), ("somebody with a team of 100", DataScope::Team, 100)]
    {
        let (access, token) = (known(scope, people), remembered());
        criterion.bench_function(&format!("access of {who}"), |bencher| {
            let decide = || access.decide(Mode::Header, black_box(Some("leads:read")), &token);
            bencher.iter_batched(|| (), |()| decide().unwrap(), BatchSize::SmallInput);
        });
    }
}

/// A person's token as it is remembered.
fn remembered() -> AccessToken {
    AccessToken {
        user: UserId::new(),
        session: Uuid::now_v7(),
        role: PlatformRole::None,
        second_factor: false,
        issued_at: 0,
        expires_at: i64::MAX,
        host: None,
    }
}

/// What a tenant's admin may do, who has every permission.
fn known(scope: DataScope, people: usize) -> Access {
    let (id, status) = (TenantId(Uuid::now_v7()), TenantStatus::Active);
    AccessAnswer {
        tenant: Some(TenantSummary { id, client_id: "acme".into(), name: "Acme".into(), status }),
        grant: Some(Grant {
            membership_id: Some(Uuid::now_v7()),
            role: "admin".into(),
            permissions: permissions::ALL.iter().map(|(code, _)| (*code).to_owned()).collect(),
            data_scope: scope,
            team: (0..people).map(|_| UserId::new()).collect(),
            demands_second_factor: false,
            address_proven: true,
            time_zone: None,
            own_time_zone: None,
        }),
    }
    .into()
}
